// What the database refuses, whoever asks.
import { afterAll, describe, expect, it } from "vitest";

import { testDatabase } from "../testing/test-database.ts";
import { openTestLedger } from "./testing/test-ledger.ts";
import { verifyLedger } from "./verify/verify-ledger.ts";

const database = await testDatabase();
const { ledger, sellerId, tell } = await openTestLedger(database);
const receipt = (units: number, externalId: string) =>
  ({
    kind: "movement",
    movement: "receipt",
    sku: "A",
    location: "main",
    units,
    externalId,
    occurredAt: Date.now(),
  }) as const;
await tell({ kind: "put_sku", sku: "A", attributes: {} });
await tell(receipt(10, "r-1"), receipt(5, "r-2"));
await tell({
  kind: "order",
  source: "api",
  order: { channel: "web", orderId: "A-1", status: "paid", lines: [{ lineId: "1", sku: "A", quantity: 2 }] },
});

afterAll(async () => {
  expect((await verifyLedger(database.pool, sellerId)).differences).toEqual([]);
  await ledger.close();
});

const sql = (text: string): Promise<unknown> =>
  database.pool.query(text.replaceAll(":seller", String(sellerId)));

/** The last leg of the sellable account. */
const LAST = `(select * from movement where seller_id = :seller and bucket = 'sellable' order by seq desc limit 1)`;

const leg = (columns: { units: string; before: string; after: string; prev?: string }): string => `
  insert into movement (seller_id, seq, leg, account_id, bucket, units, counterpart, before, after, prev_seq, prev_leg)
  select :seller, h.seq, 7, l.account_id, l.bucket, ${columns.units}, 'variance', ${columns.before}, ${columns.after},
    ${columns.prev ?? "l.seq, l.leg"}
  from ${LAST} l, head h where h.seller_id = :seller`;

describe("the database", () => {
  it("refuses a balance that is not what its movements add up to", async () => {
    await expect(sql(leg({ units: "3", before: "l.after", after: "l.after + 4" }))).rejects.toThrow(
      /check constraint/,
    );
    await expect(sql(leg({ units: "3", before: "l.after + 1", after: "l.after + 4" }))).rejects.toThrow(
      /foreign key/,
    );
    await expect(
      sql(
        `update movement set after = after + 1 where seller_id = :seller and seq = (select seq from ${LAST} l)`,
      ),
    ).rejects.toThrow(/check constraint/);
  });

  it("refuses a second leg behind the same one, and a second beginning", async () => {
    const first = `(select * from movement where seller_id = :seller and bucket = 'sellable' order by seq limit 1)`;
    const behindFirst = leg({ units: "1", before: "l.after", after: "l.after + 1" }).replace(LAST, first);
    await expect(sql(behindFirst)).rejects.toThrow(/movement_chain/);
    await expect(sql(leg({ units: "1", before: "0", after: "1", prev: "null, null" }))).rejects.toThrow(
      /movement_chain/,
    );
  });

  it("refuses to take a leg out of the chain, or to change one that others rest on", async () => {
    await expect(
      sql(`delete from movement where seller_id = :seller and before = 0 and bucket = 'sellable'`),
    ).rejects.toThrow(/foreign key/);
    await expect(
      sql(
        `update movement set units = units + 1, after = after + 1 where seller_id = :seller and before = 0 and bucket = 'sellable'`,
      ),
    ).rejects.toThrow(/foreign key/);
  });

  it("refuses promises and physical buckets other than sellable below zero", async () => {
    const committed = LAST.replace("'sellable'", "'committed'");
    const below = leg({ units: "-l.after - 1", before: "l.after", after: "-1" }).replace(LAST, committed);
    await expect(sql(below)).rejects.toThrow(/check constraint/);
  });

  it("refuses the same number twice, and the same external id twice", async () => {
    await expect(
      sql(`insert into entry select * from entry where seller_id = :seller and seq = 3`),
    ).rejects.toThrow(/entry_pkey/);
    await expect(
      sql(`insert into entry select seller_id, 1000, recorded_at, occurred_at, kind, channel, order_id, external_id, content_hash, body
        from entry where seller_id = :seller and external_id = 'r-1'`),
    ).rejects.toThrow(/entry_by_external_id/);
  });
});
