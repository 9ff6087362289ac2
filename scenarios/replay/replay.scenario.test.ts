import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { expect, test } from "vitest";

import { replayAll } from "./replay.ts";

const HISTORY = fileURLToPath(new URL("../../../shared/data/online-retail.csv.gz", import.meta.url));

// The whole file takes minutes: `node scenarios/replay/replay.ts <file>`. Here its first events, the same three ways.
test("[I2] a real history in order, shuffled within ten minutes and doubled ends with equal balances", async ({
  skip,
}) => {
  skip(!existsSync(HISTORY), "needs ../shared/data/online-retail.csv.gz");
  const report = await replayAll(HISTORY, 6_000);
  expect(report.isEqual).toBe(true);
  for (const variant of report.variants) expect(variant).toMatchObject({ refused: 0, differences: 0 });
  expect(report.variants[0]?.balances.size).toBeGreaterThan(2_000);
});
