import type { Command } from "@onepool/core/ledger/command.ts";
import { beforeEach, describe, expect, it } from "vitest";

import { inTransaction } from "../connections/in-transaction.ts";
import { addSeller, connection, listing, tell, testLedger } from "../connections/testing/channel-seller.ts";
import { testDatabase } from "../testing/test-database.ts";
import { endBrakeAlert } from "./brake-store.ts";
import { readDue } from "./due-store.ts";
import { followLedger } from "./follow-store.ts";
import { holdStops } from "./hold-stops.ts";
import { planRound } from "./plan-round.ts";
import { quietLanes } from "./testing/quiet-lanes.ts";

const database = await testDatabase();
const ledger = testLedger(database);
const { pool } = database;
const kinds = ["mercadolibre"];
const LISTINGS = 25;
const skus = Array.from({ length: LISTINGS }, (_, nth) => `S${String(nth).padStart(2, "0")}`);
const key = { sellerId: 0, connection: "meli-1" };
const laneOf = quietLanes({ pool, ledger });
let sellers = 0;

beforeEach(async () => {
  sellers += 1;
  key.sellerId = await addSeller(pool, `seller-${sellers}`);
  await tell(ledger, key.sellerId, connection("meli-1", { baseUrl: "http://127.0.0.1:1", accountId: "1" }));
  await tell(ledger, key.sellerId, ...skus.map((sku): Command => ({ kind: "put_sku", sku, attributes: {} })));
  await tell(ledger, key.sellerId, ...skus.map((sku) => move("receipt", sku, 5)));
  await tell(ledger, key.sellerId, ...skus.map((sku) => listing("meli-1", `L-${sku}`, sku)));
  await follow();
  await pool.query(
    "update listing_state set observed = 5, observed_at = now(), observed_until = now() where seller_id = $1",
    [key.sellerId],
  );
});

let moves = 0;
function move(movement: "receipt" | "adjustment", sku: string, units: number): Command {
  moves += 1;
  return { kind: "movement", movement, sku, location: "main", units, externalId: `m-${moves}` };
}

const sale = (sku: string, units: number): Command => ({
  kind: "order",
  source: "channel",
  order: {
    channel: "meli-1",
    orderId: `O-${(moves += 1)}`,
    status: "paid",
    updatedAt: Date.now(),
    lines: [{ lineId: "1", listing: `L-${sku}`, quantity: units }],
  },
});

const follow = () =>
  inTransaction(pool, (client) => followLedger(client, key.sellerId, { kinds, now: Date.now() }));

/** What a round would send: listings that stop, those the brake counts, and how many it holds. */
async function round() {
  const now = Date.now();
  const context = await laneOf(key);
  const due = await readDue(pool, key, { now, openSaleMs: 60_000, limit: 500 });
  const { jobs } = planRound(context.open, due, { now, ordersKnownUntil: now, isFeedStale: false });
  const braked = await holdStops(context, jobs, now);
  const going = braked.jobs.flatMap((job) =>
    job.call === "push" && job.direction === "stop"
      ? [{ id: job.listing.due.externalId, isCounted: job.isCountedStop === true }]
      : [],
  );
  return { going, held: braked.held };
}

const alerts = async () =>
  (
    await pool.query(
      "select subject, severity, resolved_at is null as open from alert where seller_id = $1 and kind = 'brake'",
      [key.sellerId],
    )
  ).rows;

describe("the brake", () => {
  it("lets go out what sales have emptied, however many", async () => {
    await tell(ledger, key.sellerId, ...skus.map((sku) => sale(sku, 5)));
    await follow();
    const { going, held } = await round();
    expect(held).toBe(0);
    expect(going).toHaveLength(LISTINGS);
    expect(going.every(({ isCounted }) => !isCounted)).toBe(true);
    expect(await alerts()).toEqual([]);
  });

  it("holds what a wrong count would stop beyond the limit, alarms, and says so at the listing", async () => {
    await tell(ledger, key.sellerId, ...skus.map((sku) => move("adjustment", sku, -5)));
    await follow();
    const { going, held } = await round();
    expect(going).toHaveLength(20);
    expect(going.every(({ isCounted }) => isCounted)).toBe(true);
    expect(held).toBe(5);
    expect(await alerts()).toEqual([{ subject: "meli-1", severity: "critical", open: true }]);
    const { rows } = await pool.query(
      "select error ->> 'why' as why, next_attempt_at from listing_state where seller_id = $1 and error is not null",
      [key.sellerId],
    );
    expect(rows).toEqual(Array.from({ length: 5 }, () => ({ why: "braked", next_attempt_at: null })));
    const seen = await pool.query("select kind from observation where seller_id = $1", [key.sellerId]);
    expect(seen.rows).toEqual(Array.from({ length: 5 }, () => ({ kind: "held" })));
    // Nothing of the kind goes out any more, what is sold out still does.
    expect((await round()).going).toEqual([]);
    expect(await endBrakeAlert(pool, key, Date.now())).toBe(false);
  });

  it("is released by the seller: what it held goes out, and it counts anew", async () => {
    await tell(ledger, key.sellerId, {
      kind: "put_connection",
      code: "meli-1",
      settings: { stopsPerHour: 0 },
    });
    await follow();
    await tell(ledger, key.sellerId, move("adjustment", "S00", -5), sale("S01", 5));
    await follow();
    const first = await round();
    expect(first.going.map(({ id }) => id)).toEqual(["L-S01"]);
    expect(first.held).toBe(1);
    const brakeReleasedAt = Date.now();
    await tell(ledger, key.sellerId, {
      kind: "put_connection",
      code: "meli-1",
      settings: { brakeReleasedAt },
    });
    await tell(ledger, key.sellerId, move("adjustment", "S02", -5));
    await follow();
    const second = await round();
    expect(second.going).toContainEqual({ id: "L-S00", isCounted: false });
    expect(second.going.map(({ id }) => id)).not.toContain("L-S02");
    expect(second.held).toBe(1);
    await pool.query("update listing_state set error = null where seller_id = $1", [key.sellerId]);
    expect(await endBrakeAlert(pool, key, Date.now())).toBe(true);
    expect(await alerts()).toEqual([{ subject: "meli-1", severity: "critical", open: false }]);
  });
});
