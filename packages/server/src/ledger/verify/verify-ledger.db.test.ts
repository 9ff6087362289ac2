import { describe, expect, it } from "vitest";

import { testDatabase } from "../../testing/test-database.ts";
import { openTestLedger } from "../testing/test-ledger.ts";
import { verifyLedger } from "./verify-ledger.ts";

const database = await testDatabase();

/** Damage is only possible after what forbids it is gone. */
await database.pool.query(`
  alter table movement drop constraint movement_seller_id_prev_seq_prev_leg_account_id_before_fkey;
  alter table movement drop constraint movement_pkey;
  alter table movement drop constraint movement_check4;
  drop index movement_chain;
`);

const order = (orderId: string, line: object) =>
  ({
    kind: "order",
    source: "api",
    order: { channel: "web", orderId, status: "paid", lines: [{ lineId: "1", quantity: 2, ...line }] },
  }) as never;

/** A ledger with a bit of everything; its seller's id. */
async function laidLedger(): Promise<number> {
  const { ledger, sellerId, tell } = await openTestLedger(database);
  await tell({ kind: "put_sku", sku: "A", attributes: {} }, { kind: "put_sku", sku: "B", attributes: {} });
  for (const externalId of ["1", "2", "3"])
    await tell({
      kind: "movement",
      movement: "receipt",
      sku: "A",
      location: "main",
      units: 5,
      externalId,
      occurredAt: Date.now(),
    });
  await tell({ kind: "put_connection", code: "web", connectionKind: "api", mode: "live" });
  await tell({
    kind: "put_listing",
    connection: "web",
    externalId: "KIT",
    components: [
      { sku: "A", units: 1 },
      { sku: "B", units: 1 },
    ],
  });
  await tell(
    order("O-1", { sku: "A" }),
    order("O-2", { listing: "KIT" }),
    order("O-3", { listing: "UNKNOWN" }),
  );
  await tell({
    kind: "put_inbound",
    inboundId: "I-1",
    location: "main",
    expectedAt: null,
    status: "announced",
    lines: [{ sku: "A", units: 4 }],
  });
  await tell({ kind: "reserve", reservationId: "R-1", lines: [{ sku: "A", units: 1 }], ttlSeconds: 60 });
  await tell({ kind: "withhold", sku: "A", units: 2, was: 0, as: "fact" });
  await ledger.close();
  return sellerId;
}

async function checksAfter(damage: string): Promise<string[]> {
  const sellerId = await laidLedger();
  expect((await verifyLedger(database.pool, sellerId)).differences).toEqual([]);
  await database.pool.query(damage.replaceAll(":seller", String(sellerId)));
  const { differences } = await verifyLedger(database.pool, sellerId);
  return [...new Set(differences.map(({ check }) => check))];
}

const SELLABLE = `(select min(account_id) from account where seller_id = :seller and bucket = 'sellable')`;
const SECOND = `(select seq from movement where seller_id = :seller and account_id = ${SELLABLE} order by seq offset 1 limit 1)`;

describe("verifyLedger", () => {
  it("counts what it looked at and finds nothing in a sound ledger", async () => {
    const sellerId = await laidLedger();
    const { rows } = await database.pool.query<{ seq: number }>("select seq from head where seller_id = $1", [
      sellerId,
    ]);
    const report = await verifyLedger(database.pool, sellerId);
    expect(report).toEqual({
      sellers: 1,
      entries: rows[0]?.seq,
      movements: expect.any(Number),
      differences: [],
    });
    expect(report.movements).toBeGreaterThan(5);
  });

  it.each([
    [
      "a changed movement",
      `update movement set units = units + 1, after = after + 1 where seller_id = :seller and seq = ${SECOND}`,
      ["balance", "promises"],
    ],
    [
      "a lost movement",
      `delete from movement where seller_id = :seller and seq = ${SECOND}`,
      ["balance", "chain"],
    ],
    [
      "a fork",
      `update movement set prev_seq = null, prev_leg = null, before = 0, after = units where seller_id = :seller and seq = ${SECOND}`,
      ["balance", "chain"],
    ],
    [
      "a lost entry",
      `delete from entry where seller_id = :seller and seq = ${SECOND}`,
      ["sequence", "entries of movements"],
    ],
    ["a head that runs ahead", `update head set seq = seq + 1 where seller_id = :seller`, ["sequence"]],
    [
      "a time that runs back",
      `update entry set recorded_at = recorded_at - interval '1 hour' where seller_id = :seller and seq = 4`,
      ["recorded time"],
    ],
    [
      "a movement in another bucket",
      `update movement set bucket = 'damaged' where seller_id = :seller and seq = ${SECOND}`,
      ["accounts"],
    ],
    [
      "an account that was never numbered",
      `update head set last_account_id = 1 where seller_id = :seller`,
      ["accounts"],
    ],
    [
      "an order that is gone",
      `delete from sales_order where seller_id = :seller and order_id = 'O-1'`,
      ["promises"],
    ],
    ["a hold that is gone", `delete from reservation where seller_id = :seller`, ["promises"]],
    [
      "a waiting line that is gone",
      `delete from unmapped_line where seller_id = :seller`,
      ["unmapped lines"],
    ],
    [
      "a waiting line too many",
      `insert into unmapped_line values (:seller, 'web', 'sku', 'X', 'O-9', '1', 4)`,
      ["unmapped lines"],
    ],
    [
      "a listing component that differs",
      `update listing_component set units = 2 where seller_id = :seller and sku = 'A'`,
      ["listing components"],
    ],
    ["an announced line that is gone", `delete from inbound_line where seller_id = :seller`, ["incoming"]],
    [
      "more under way than stands as incoming",
      `update inbound_line set open_units = open_units + 1 where seller_id = :seller`,
      ["incoming"],
    ],
    [
      "an alert that is gone",
      `delete from alert where seller_id = :seller and kind = 'oversold'`,
      ["oversold alerts"],
    ],
    [
      "withheld units that differ",
      `update withheld set units = units + 1 where seller_id = :seller`,
      ["withheld units"],
    ],
    ["withheld units that are gone", `delete from withheld where seller_id = :seller`, ["withheld units"]],
  ])("finds %s", async (_, damage, expected) => {
    const found = await checksAfter(damage);
    expect(found).toEqual(expect.arrayContaining(expected.slice(0, 1)));
  });
});
