import { beforeEach, describe, expect, it } from "vitest";

import { inTransaction } from "../connections/in-transaction.ts";
import {
  addSeller,
  connection,
  listing,
  receipt,
  tell,
  testLedger,
} from "../connections/testing/channel-seller.ts";
import { testDatabase } from "../testing/test-database.ts";
import { followLedger, sellersBehind } from "./follow-store.ts";

const database = await testDatabase();
const ledger = testLedger(database);
const { pool } = database;
const kinds = ["mercadolibre"];
let sellerId = 0;
let sellers = 0;

beforeEach(async () => {
  sellers += 1;
  sellerId = await addSeller(pool, `seller-${sellers}`);
  const skus = ["A", "B"].map((sku) => ({ kind: "put_sku", sku, attributes: {} }) as const);
  await tell(ledger, sellerId, ...skus, connection("meli-1", {}), connection("meli-2", {}));
  await tell(ledger, sellerId, { kind: "put_connection", code: "own", connectionKind: "api" });
  await tell(
    ledger,
    sellerId,
    listing("meli-1", "MLM1", "A"),
    listing("meli-2", "MLM2", "A", 2),
    listing("meli-2", "MLM3", "B"),
  );
  await tell(ledger, sellerId, listing("own", "X1", "A"));
  await follow();
  await rest();
});

const follow = () =>
  inTransaction(pool, (client) => followLedger(client, sellerId, { kinds, now: Date.now() }));
const rest = () =>
  pool.query("update listing_state set next_attempt_at = null, dirty_since = null where seller_id = $1", [
    sellerId,
  ]);

async function due(): Promise<string[]> {
  const { rows } = await pool.query<{ external_id: string }>(
    "select external_id from listing_state where seller_id = $1 and next_attempt_at is not null order by external_id",
    [sellerId],
  );
  return rows.map((row) => row.external_id);
}

describe("following the ledger", () => {
  it("begins with every listing of a channel we speak to", async () => {
    const { rows } = await pool.query(
      "select external_id from listing_state where seller_id = $1 order by 1",
      [sellerId],
    );
    expect(rows.map((row: { external_id: string }) => row.external_id)).toEqual(["MLM1", "MLM2", "MLM3"]);
  });

  it("marks the listings that sell what moved, in packs too, and no others", async () => {
    await tell(ledger, sellerId, receipt("A", 5));
    expect(await sellersBehind(pool, [sellerId])).toEqual([sellerId]);
    expect(await follow()).toMatchObject({ isAtHead: true });
    expect(await due()).toEqual(["MLM1", "MLM2"]);
    expect(await sellersBehind(pool, [sellerId])).toEqual([]);
  });

  it("marks a listing that was changed, and all listings of a connection that was", async () => {
    await tell(ledger, sellerId, {
      kind: "put_listing",
      connection: "meli-2",
      externalId: "MLM3",
      settings: { buffer: 1 },
    });
    await follow();
    expect(await due()).toEqual(["MLM3"]);
    await rest();
    await tell(ledger, sellerId, { kind: "put_connection", code: "meli-2", mode: "shadow" });
    expect(await follow()).toMatchObject({ connections: ["meli-2"] });
    expect(await due()).toEqual(["MLM2", "MLM3"]);
  });

  it("marks again what a crash took back", async () => {
    await tell(ledger, sellerId, receipt("B", 5));
    const crash = inTransaction(pool, async (client) => {
      await followLedger(client, sellerId, { kinds, now: Date.now() });
      throw new Error("the power fails");
    });
    await expect(crash).rejects.toThrow("the power fails");
    expect(await due()).toEqual([]);
    await follow();
    expect(await due()).toEqual(["MLM3"]);
  });

  it("loses nothing when several processes follow while the ledger grows", async () => {
    for (let round = 1; round <= 10; round++) {
      const sku = round % 2 === 0 ? "A" : "B";
      await Promise.all([follow(), tell(ledger, sellerId, receipt(sku, round)), follow()]);
    }
    await follow();
    const { rows } = await pool.query(
      `select f.seq = h.seq as is_at_head from follower f join head h using (seller_id) where seller_id = $1 and name = 'publish'`,
      [sellerId],
    );
    expect(rows).toEqual([{ is_at_head: true }]);
    expect(await due()).toEqual(["MLM1", "MLM2", "MLM3"]);
  });

  it("remembers since when a listing lags behind", async () => {
    await tell(ledger, sellerId, receipt("B", 5));
    await follow();
    const { rows } = await pool.query(
      `select s.dirty_since = e.recorded_at as is_since from listing_state s
       join entry e on e.seller_id = s.seller_id and e.kind = 'receipt'
       where s.seller_id = $1 and s.external_id = 'MLM3'`,
      [sellerId],
    );
    expect(rows).toEqual([{ is_since: true }]);
  });
});
