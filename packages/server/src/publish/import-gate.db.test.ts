import { beforeAll, beforeEach, expect, test } from "vitest";

import { addSeller, connection, listing, tell, testLedger } from "../connections/testing/channel-seller.ts";
import { testDatabase } from "../testing/test-database.ts";
import { ImportGate } from "./import-gate.ts";

const database = await testDatabase();
const ledger = testLedger(database);
const { pool } = database;
const NOW = Date.parse("2026-11-23T10:00:00Z");
const key = { sellerId: 0, connection: "meli-1" };

beforeAll(async () => {
  key.sellerId = await addSeller(pool, "first");
  await tell(
    ledger,
    key.sellerId,
    { kind: "put_sku", sku: "KB-M", attributes: {} },
    connection("meli-1", {}),
  );
  for (const externalId of ["MLM1", "MLM2", "MLM3"])
    await tell(ledger, key.sellerId, listing("meli-1", externalId, "KB-M"));
});

beforeEach(async () => {
  await pool.query("delete from listing_state");
  await pool.query(
    `insert into listing_state (seller_id, connection, external_id, next_attempt_at)
     values ($1, $2, 'MLM1', null), ($1, $2, 'MLM2', $3), ($1, $2, 'MLM3', $4)`,
    [key.sellerId, key.connection, new Date(NOW + 3_600_000), new Date(NOW - 1)],
  );
});

const gate = () => new ImportGate(pool, key);
const imported = { completeAt: NOW - 5_000, oldestUnreadAt: null };

async function dueNow(): Promise<string[]> {
  const { rows } = await pool.query<{ external_id: string }>(
    "select external_id from listing_state where next_attempt_at <= $1 order by 1",
    [new Date(NOW + 10_000)],
  );
  return rows.map(({ external_id }) => external_id);
}

test("no push before a poll of the orders was complete, however long it takes", async () => {
  const its = gate();
  for (const hours of [0, 1, 100])
    expect(await its.isThrough({ completeAt: null, oldestUnreadAt: null }, NOW + hours * 3_600_000)).toBe(
      false,
    );
  expect(await dueNow()).toEqual(["MLM3"]);
});

test("nor before what that poll found is read; what came in later waits for nobody", async () => {
  const its = gate();
  expect(await its.isThrough({ ...imported, oldestUnreadAt: NOW - 1_000 }, NOW)).toBe(false);
  expect(await its.isThrough({ ...imported, oldestUnreadAt: NOW - 500 }, NOW + 5_000)).toBe(false);
  expect(await its.isThrough({ ...imported, oldestUnreadAt: NOW + 4_000 }, NOW + 6_000)).toBe(true);
});

test("once it is through, all listings are due, and it stays through", async () => {
  const its = gate();
  expect(await its.isThrough(imported, NOW)).toBe(true);
  expect(await dueNow()).toEqual(["MLM1", "MLM2", "MLM3"]);
  expect(await its.isThrough({ completeAt: NOW, oldestUnreadAt: NOW - 9_000 }, NOW + 1)).toBe(true);
});

test("a process that starts later knows that numbers were written before, and disturbs nobody", async () => {
  await pool.query("update listing_state set pushed_seq = 3 where external_id = 'MLM2'");
  expect(await gate().isThrough({ ...imported, oldestUnreadAt: NOW - 1_000 }, NOW)).toBe(true);
  expect(await dueNow()).toEqual(["MLM3"]);
});
