import { describe, expect, it } from "vitest";

import { testDatabase } from "../testing/test-database.ts";
import { BurstRefused, sendBurst, type Statement } from "./burst.ts";
import { int4Array, int8Array, jsonArray, textArray } from "./wire-buffer.ts";

const database = await testDatabase();
const pool = database.openPool({ max: 1, pipeline: true });
await pool.query("create table kept (number int primary key)");

const INSERT: Statement = { name: "burst_insert", text: "insert into kept select * from unnest($1::int4[])" };
const FAIL: Statement = { name: "burst_fail", text: "select 1 / $1::int" };
const COUNT: Statement = { name: "burst_count", text: "select count(*) from kept" };

const same = <T>(value: T): T => value;

describe("a burst", () => {
  it("carries texts, numbers and nulls as they are", async () => {
    const texts = [
      "",
      "a",
      "naïve",
      "日本語",
      "😀".repeat(40),
      "x".repeat(300_000),
      null,
      "NULL",
      '{"quoted","\\"}',
    ];
    const numbers = [
      0,
      1,
      -1,
      2 ** 31,
      2 ** 32,
      -(2 ** 32) - 1,
      Number.MAX_SAFE_INTEGER,
      Number.MIN_SAFE_INTEGER,
      null,
    ];
    const small = [0, -1, 2 ** 31 - 1, -(2 ** 31), null, 1, 2, 3, 4];
    const json = ['{"a":1}', "[]", "null", '"\\u0041"', null, "1", "2", "3", "4"];
    const client = await pool.connect();
    const statement = {
      name: "burst_echo",
      text: "select t.*, $6::text from unnest($1::text[], $2::int8[], $3::int4[], $4::json[], $5::text[]) t",
    } as const;
    const values = [
      textArray(texts, same),
      int8Array(numbers, same),
      int4Array(small, same),
      jsonArray(json, same),
    ];
    const nothing = texts.map(() => null);
    const [result] = await sendBurst(client, [
      { statement, values: [...values, textArray(nothing, same), "é"] },
    ]).finally(() => client.release());
    const text = (value: number | null | undefined): string | null =>
      value === null || value === undefined ? null : String(value);
    expect(result?.rows).toEqual(
      texts.map((value, row) => [value, text(numbers[row]), text(small[row]), json[row], null, "é"]),
    );
  });

  it("is one transaction: a statement that fails takes back those before it and keeps those behind it from running", async () => {
    const client = await pool.connect();
    const insert = (number: number) => ({ statement: INSERT, values: [int4Array([number], same)] });
    const refused = sendBurst(client, [insert(1), { statement: FAIL, values: [0] }, insert(2)]);
    // Sent behind it without waiting, with a statement that the failed one was to prepare.
    const behind = sendBurst(client, [insert(3)]);
    await expect(refused).rejects.toThrow(BurstRefused);
    await expect(refused).rejects.toMatchObject({ statement: FAIL });
    await behind;
    const [count] = await sendBurst(client, [{ statement: COUNT, values: [] }]);
    expect(count?.rows).toEqual([["1"]]);
    await sendBurst(client, [{ statement: FAIL, values: [1] }, insert(4)]);
    client.release();
  });
});
