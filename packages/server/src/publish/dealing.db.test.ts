import type { ConnectorKind } from "@onepool/connectors/contract/connector.ts";
import { mercadolibre } from "@onepool/connectors/mercadolibre/connector.ts";
import type { Command } from "@onepool/core/ledger/command.ts";
import { beforeEach, describe, expect, it } from "vitest";

import { Dealer } from "../allocate/dealer.ts";
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
import { followLedger } from "./follow-store.ts";

const database = await testDatabase();
const ledger = testLedger(database);
const { pool } = database;
const kinds = new Map<string, ConnectorKind>([["mercadolibre", mercadolibre]]);
const ONE = { connection: "meli-1", externalId: "MLM1" };
const TWO = { connection: "meli-2", externalId: "MLM2" };
let sellerId = 0;
let sellers = 0;
let now = Date.now();
let dealer: Dealer;

const dealerOf = (oversellRisk: number) =>
  new Dealer({ pool, kinds, ledger, clock: { now: () => now }, oversellRisk });

beforeEach(async () => {
  sellers += 1;
  now = Date.now();
  sellerId = await addSeller(pool, `seller-${sellers}`);
  dealer = dealerOf(0.01);
  const commands: Command[] = ["A", "B"].map((sku) => ({ kind: "put_sku", sku, attributes: {} }));
  await tell(ledger, sellerId, ...commands, receipt("A", 10), receipt("B", 100));
  await tell(ledger, sellerId, connection("meli-1", {}), connection("meli-2", {}));
  await tell(ledger, sellerId, listing("meli-1", "MLM1", "A"), listing("meli-2", "MLM2", "A"));
  await follow();
});

async function follow(): Promise<readonly string[]> {
  await inTransaction(pool, (client) => followLedger(client, sellerId, { kinds: [...kinds.keys()], now }));
  return dealer.deal(sellerId);
}

let orders = 0;
/** Sales of a listing that were placed just now. */
async function sell(of: { connection: string; externalId: string }, units: number): Promise<void> {
  orders += 1;
  const lines = [{ lineId: "1", listing: of.externalId, quantity: units }];
  const times = { updatedAt: now, placedAt: now };
  const order = { channel: of.connection, orderId: `O-${orders}`, status: "paid", lines, ...times } as const;
  await tell(ledger, sellerId, { kind: "order", source: "channel", order });
  await follow();
}

/** What a listing was read to show, with all its orders known. */
async function shows(of: { connection: string; externalId: string }, units: number): Promise<void> {
  await pool.query(
    `update listing_state set observed = $4, observed_at = $5, observed_until = $5, pushed = null, reach = own_sold + $4
     where seller_id = $1 and connection = $2 and external_id = $3`,
    [sellerId, of.connection, of.externalId, units, new Date(now)],
  );
  await pool.query(
    `insert into order_poll (seller_id, connection, changed_through, due_at, complete_at) values ($1, $2, $3, $3, $3)
     on conflict (seller_id, connection) do update set complete_at = $3`,
    [sellerId, of.connection, new Date(now)],
  );
}

async function quotas(): Promise<Record<string, number | null>> {
  const { rows } = await pool.query<{ external_id: string; quota: number | null }>(
    "select external_id, quota from listing_state where seller_id = $1 order by external_id",
    [sellerId],
  );
  return Object.fromEntries(rows.map((row) => [row.external_id, row.quota] as const));
}

async function games() {
  const { rows } = await pool.query(
    "select sku, available, exposure, threshold, latency_ms, expected_oversold from end_game where seller_id = $1",
    [sellerId],
  );
  return rows;
}

describe("the deal", () => {
  it("leaves a pool open while there is plenty, and one that nobody buys from", async () => {
    await shows(ONE, 10);
    await shows(TWO, 10);
    await sell(ONE, 2);
    expect(await quotas()).toEqual({ MLM1: null, MLM2: null });
    await tell(ledger, sellerId, {
      kind: "put_listing",
      connection: "meli-1",
      externalId: "MLM9",
      components: [{ sku: "B", units: 60 }],
    });
    await follow();
    expect(await games()).toEqual([]);
  });

  it("begins when what is left could sell elsewhere before anybody hears of it, and says what is at risk", async () => {
    await shows(ONE, 10);
    await shows(TWO, 10);
    for (let order = 0; order < 7; order++) await sell(ONE, 1);
    // What a listing was last read to show counts until it is read again.
    // 7 units with a half-life of 2 minutes, heard and shown within 15 s as long as nothing is measured: 0.6 on average.
    expect(await games()).toEqual([
      {
        sku: "A",
        available: 3,
        exposure: 20,
        threshold: 3,
        latency_ms: 15_000,
        expected_oversold: expect.closeTo(0.0039, 3) as number,
      },
    ]);
    // Neither can be lowered but to 0, and both show more than there is.
    expect(await quotas()).toEqual({ MLM1: 0, MLM2: 0 });
  });

  it("begins sooner where as many units go in one order: the next may be as large", async () => {
    await shows(ONE, 10);
    await shows(TWO, 10);
    await sell(ONE, 5);
    // 0.4 units on average, five or none: more than half as many again for an order that is larger.
    expect(await games()).toMatchObject([{ sku: "A", available: 5, threshold: 8 }]);
    await pool.query(
      `update listing_state set orders_recent = 0, orders_steady = 0, squares_recent = 0, squares_steady = 0
       where seller_id = $1`,
      [sellerId],
    );
    // From before squares were kept: as if a unit per order.
    await dealer.deal(sellerId);
    expect(await games()).toMatchObject([]);
  });

  it("finds what is scarce for large orders only, and nothing where orders are large and seldom", async () => {
    await tell(ledger, sellerId, listing("meli-1", "MLM8", "B"), listing("meli-2", "MLM9", "B"));
    await follow();
    await sell({ connection: "meli-1", externalId: "MLM8" }, 40);
    expect(await games()).toMatchObject([{ sku: "B", available: 60, threshold: 61 }]);
    now += 3_600_000;
    await dealer.deal(sellerId);
    expect(await games()).toEqual([]);
  });

  it("keeps the units where they sell, and wakes who has to change", async () => {
    await shows(ONE, 3);
    await shows(TWO, 10);
    await sell(ONE, 7);
    expect(await quotas()).toEqual({ MLM1: 3, MLM2: 0 });
    const { rows } = await pool.query(
      "select external_id from listing_state where seller_id = $1 and next_attempt_at <= $2 and wants is null order by 1",
      [sellerId, new Date(now)],
    );
    expect(rows).toEqual([{ external_id: "MLM1" }, { external_id: "MLM2" }]);
    expect(await dealer.sellers([sellerId])).toEqual([sellerId]);
  });

  it("ends when there is plenty again, and when the rush is long over", async () => {
    await shows(ONE, 3);
    await shows(TWO, 0);
    await sell(ONE, 7);
    expect(await quotas()).toEqual({ MLM1: 3, MLM2: 0 });
    await tell(ledger, sellerId, { ...receipt("A", 50), externalId: `more-${sellers}` } as Command);
    await follow();
    expect(await quotas()).toEqual({ MLM1: null, MLM2: null });
    await sell(TWO, 50);
    expect(await games()).toHaveLength(1);
    now += 3_600_000;
    expect(await dealer.deal(sellerId)).toEqual(["meli-1", "meli-2"]);
    expect(await quotas()).toEqual({ MLM1: null, MLM2: null });
    expect(await dealer.sellers([sellerId])).toEqual([]);
  });

  it("is never made for a seller who takes every risk", async () => {
    dealer = dealerOf(1);
    await shows(ONE, 10);
    await sell(ONE, 9);
    expect(await games()).toEqual([]);
  });

  it("makes a write that was decided without it lose its turn", async () => {
    await shows(ONE, 3);
    const version = async () =>
      (
        await pool.query<{ version: number }>(
          "select version from listing_state where seller_id = $1 and external_id = 'MLM2'",
          [sellerId],
        )
      ).rows[0]?.version;
    await shows(TWO, 10);
    const before = await version();
    await sell(ONE, 7);
    // Once for what moved, once for the quota.
    expect(await version()).toBe((before ?? 0) + 2);
  });
});

describe("what a listing sells", () => {
  async function sold() {
    type Sold = Record<
      "own_sold" | "sold_recent" | "sold_steady" | "orders_recent" | "squares_recent" | "squares_steady",
      number
    >;
    const { rows } = await pool.query<Sold>(
      `select own_sold, sold_recent, sold_steady, orders_recent, squares_recent, squares_steady from listing_state
       where seller_id = $1 and external_id = 'MLM1'`,
      [sellerId],
    );
    return rows[0];
  }

  it("adds up with every order, once, and halves with time", async () => {
    await shows(ONE, 10);
    await sell(ONE, 2);
    expect(await sold()).toEqual({
      own_sold: 2,
      sold_recent: 2,
      sold_steady: 2,
      orders_recent: 1,
      squares_recent: 4,
      squares_steady: 4,
    });
    await follow();
    now += 120_000;
    await shows(ONE, 8);
    await sell(ONE, 1);
    const after = await sold();
    expect(after?.own_sold).toBe(3);
    expect(after?.sold_recent).toBeCloseTo(2, 3);
    expect(after?.sold_steady).toBeGreaterThan(2.99);
    expect(after?.orders_recent).toBeCloseTo(1.5, 3);
    expect(after?.squares_recent).toBeCloseTo(3, 3);
    expect(after?.squares_steady).toBeGreaterThan(4.99);
  });

  it("weighs an order by all its units, however many lines they stand in", async () => {
    await shows(ONE, 10);
    const lines = ["1", "2"].map((lineId) => ({ lineId, listing: "MLM1", quantity: 3 }));
    const order = {
      channel: "meli-1",
      orderId: "L",
      status: "paid",
      lines,
      updatedAt: now,
      placedAt: now,
    } as const;
    await tell(ledger, sellerId, { kind: "order", source: "channel", order });
    await sell(ONE, 1);
    expect(await sold()).toMatchObject({
      own_sold: 7,
      sold_recent: 7,
      orders_recent: 2,
      squares_recent: 37,
      squares_steady: 37,
    });
  });

  it("knows no rush where orders are old, and takes nothing off for what is from before our time", async () => {
    await shows(ONE, 10);
    const lines = [{ lineId: "1", listing: "MLM1", quantity: 4 }];
    const placed = { updatedAt: now, placedAt: now - 3 * 24 * 3_600_000 };
    const order = { channel: "meli-1", orderId: "OLD", status: "paid", lines, ...placed } as const;
    await tell(ledger, sellerId, { kind: "order", source: "channel", order });
    await follow();
    const after = await sold();
    expect(after?.own_sold).toBe(0);
    expect(after?.sold_recent).toBeLessThan(1e-9);
    expect(after?.sold_steady).toBeCloseTo(2, 2);
  });
});
