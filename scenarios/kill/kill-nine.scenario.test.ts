import { expect, test } from "vitest";

import { killAgainAndAgain } from "./kill-nine.ts";

test("[I3] kill -9 of server, PostgreSQL or both loses no acknowledged event and applies none twice", async () => {
  const report = await killAgainAndAgain(8, 1);
  expect(report.acknowledged).toBeGreaterThan(0);
  expect(report).toMatchObject({ kills: 8, lost: 0, wrongBalances: 0 });
});
