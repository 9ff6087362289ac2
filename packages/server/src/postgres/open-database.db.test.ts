import { expect, test } from "vitest";

import { testDatabase } from "../testing/test-database.ts";

const database = await testDatabase();

test("int8 arrives as a number and never rounded", async () => {
  const { rows } = await database.pool.query<{ units: number }>("select 9007199254740991::int8 as units");
  expect(rows).toEqual([{ units: 9007199254740991 }]);
  await expect(database.pool.query("select 9007199254740992::int8 as units")).rejects.toThrow(RangeError);
});
