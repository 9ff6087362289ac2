import { expect, test } from "vitest";

import { sellOut } from "./sell-out.ts";

test("[I5] concurrent requests in ones, twos and kits through two servers are granted exactly what fits", async () => {
  const report = await sellOut(2_000, 500);
  expect(report).toMatchObject({
    requests: 2_000,
    grantedUnits: 500,
    failed: 0,
    availableAfter: 0,
    reservedAfter: 500,
  });
  expect(report.strapsReserved).toBe(report.strapsGranted);
  expect(report.refused).toBe(2_000 - report.granted);
});
