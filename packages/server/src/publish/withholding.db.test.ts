// What the deal withholds from reservations: all that buyers may still take of a scarce pool.
import type { ConnectorKind } from "@onepool/connectors/contract/connector.ts";
import { mercadolibre } from "@onepool/connectors/mercadolibre/connector.ts";
import { beforeEach, expect, it } from "vitest";

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
import type { Ledger } from "../ledger/ledger.ts";
import { testDatabase } from "../testing/test-database.ts";
import { followLedger } from "./follow-store.ts";

const database = await testDatabase();
const ledger = testLedger(database);
const { pool } = database;
const kinds = new Map<string, ConnectorKind>([["mercadolibre", mercadolibre]]);
let sellerId = 0;
let stories = 0;
let now = Date.now();

/** Three units left of a pool of ten that sells well, listed singly on one account and in pairs on another. */
beforeEach(async () => {
  stories += 1;
  now = Date.now();
  sellerId = await addSeller(pool, `seller-${stories}`);
  await tell(ledger, sellerId, { kind: "put_sku", sku: "A", attributes: {} }, receipt("A", 10));
  await tell(ledger, sellerId, connection("single", {}), connection("pairs", {}));
  await tell(ledger, sellerId, listing("single", "MLM1", "A"), listing("pairs", "MLM2", "A", 2));
  await follow();
});

async function follow(): Promise<void> {
  await inTransaction(pool, (client) => followLedger(client, sellerId, { kinds: [...kinds.keys()], now }));
}

async function deal(through: Pick<Ledger, "submit"> = ledger): Promise<void> {
  await follow();
  await new Dealer({ pool, kinds, ledger: through, clock: { now: () => now }, oversellRisk: 0.01 }).deal(
    sellerId,
  );
}

async function sell(code: string, externalId: string, quantity: number): Promise<void> {
  stories += 1;
  const lines = [{ lineId: "1", listing: externalId, quantity }];
  const order = { channel: code, orderId: `O-${stories}`, status: "paid", lines } as const;
  await tell(ledger, sellerId, {
    kind: "order",
    source: "channel",
    order: { ...order, updatedAt: now, placedAt: now },
  });
}

/** What a listing was read to show, with all its orders known. */
async function shows(code: string, units: number): Promise<void> {
  await pool.query(
    `update listing_state set observed = $3, observed_at = $4, observed_until = $4, pushed = null, reach = own_sold + $3
     where seller_id = $1 and connection = $2`,
    [sellerId, code, units, new Date(now)],
  );
  await pool.query(
    `insert into order_poll (seller_id, connection, changed_through, due_at, complete_at) values ($1, $2, $3, $3, $3)
     on conflict (seller_id, connection) do update set complete_at = $3`,
    [sellerId, code, new Date(now)],
  );
}

async function withheld(): Promise<number> {
  const { rows } = await pool.query<{ units: number }>("select units from withheld where seller_id = $1", [
    sellerId,
  ]);
  return rows[0]?.units ?? 0;
}

/** The most that a reservation gets now. It is given back. */
async function reservable(): Promise<number> {
  stories += 1;
  const reservationId = `R-${stories}`;
  const ask = (units: number) =>
    ledger.submit({
      sellerId,
      commands: [{ kind: "reserve", reservationId, lines: [{ sku: "A", units }], ttlSeconds: 60 }],
    });
  for (let units = 12; units > 0; units--) {
    const answer = await ask(units);
    if (answer.kind !== "done" || answer.results[0]?.ok !== true) continue;
    await tell(ledger, sellerId, { kind: "end_reservation", reservationId, how: "release" });
    return units;
  }
  return 0;
}

it("[I5] leaves a reservation available less the exposures, in units of the pool", async () => {
  await shows("single", 10);
  await shows("pairs", 1);
  await deal();
  expect(await withheld()).toBe(0);
  expect(await reservable()).toBe(10);
  await sell("single", "MLM1", 7);
  await shows("single", 0);
  await deal();
  // One pair may still be taken.
  expect(await withheld()).toBe(2);
  expect(await reservable()).toBe(1);
});

it("[I5] counts what was shown before and may be sold unseen, also beyond what there is", async () => {
  await shows("single", 10);
  await shows("pairs", 5);
  await sell("single", "MLM1", 7);
  await deal();
  expect(await withheld()).toBe(10 + 10);
  expect(await reservable()).toBe(0);
  // More comes in: it is theirs first.
  await tell(ledger, sellerId, { ...receipt("A", 4), externalId: "more" } as never);
  expect(await reservable()).toBe(0);
});

it("falls once a listing is read to show less, and ends with the end game", async () => {
  await shows("single", 3);
  await shows("pairs", 0);
  await sell("single", "MLM1", 7);
  await deal();
  expect(await withheld()).toBe(3);
  await sell("single", "MLM1", 1);
  await deal();
  // As it was last read until it is read again: too much for a moment.
  expect(await withheld()).toBe(3);
  expect(await reservable()).toBe(0);
  await shows("single", 1);
  await deal();
  expect(await withheld()).toBe(1);
  expect(await reservable()).toBe(1);
  await tell(ledger, sellerId, { ...receipt("A", 50), externalId: "more" } as never);
  await deal();
  expect(await withheld()).toBe(0);
});

it("[I5] gives reservations nothing while nobody knows what one of the listings shows", async () => {
  await shows("single", 0);
  await sell("single", "MLM1", 7);
  await deal();
  expect(await reservable()).toBe(0);
  const { rows } = await pool.query("select exposure from end_game where seller_id = $1", [sellerId]);
  expect(rows).toEqual([{ exposure: null }]);
});

it("gives back what a deal left withheld that was stopped before its end", async () => {
  await shows("single", 3);
  await shows("pairs", 0);
  await sell("single", "MLM1", 7);
  const stopped: Pick<Ledger, "submit"> = {
    async submit(submission) {
      await ledger.submit(submission);
      throw new Error("stopped");
    },
  };
  await expect(deal(stopped)).rejects.toThrow("stopped");
  expect((await pool.query("select from end_game where seller_id = $1", [sellerId])).rowCount).toBe(0);
  expect(await withheld()).toBe(3);
  await tell(ledger, sellerId, { ...receipt("A", 50), externalId: "more" } as never);
  await deal();
  expect(await withheld()).toBe(0);
});

it("[I7] is not lowered by a deal that a write has overtaken", async () => {
  await shows("single", 3);
  await shows("pairs", 0);
  await sell("single", "MLM1", 7);
  await deal();
  await shows("single", 1);
  // The connection that held the deal's lock is lost while the ledger is asked, and somebody else raises.
  const overtaken: Pick<Ledger, "submit"> = {
    async submit(submission) {
      await tell(ledger, sellerId, { kind: "withhold", sku: "A", units: 2, was: 3, as: "request" });
      return ledger.submit(submission);
    },
  };
  await deal(overtaken);
  expect(await withheld()).toBe(2);
  await deal();
  expect(await withheld()).toBe(1);
});
