import { testDatabase } from "@onepool/server/testing/test-database.ts";
import { expect, test } from "vitest";

import { flood } from "./flood.ts";

const database = await testDatabase();

test("of hundreds of listings that change at once, those with nothing left are written first", async () => {
  const report = await flood(database.url, { listings: 400, emptied: 20, rates: 4 });
  process.stdout.write(`${JSON.stringify(report)}\n`);
  // All that was on its way when the pools ran empty may come before: the burst, and calls under way.
  expect(report.writesUntilEmpty).toBeLessThan(report.emptied + 60);
});
