import { mercadolibre } from "@onepool/connectors/mercadolibre/connector.ts";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";

import { ConnectionRegistry } from "../connections/connection-registry.ts";
import {
  addSeller,
  connection,
  listing,
  receipt,
  secretBox,
  silentLog,
  tell,
  testLedger,
} from "../connections/testing/channel-seller.ts";
import { ObservationLog } from "../observe/observation-log.ts";
import { testDatabase } from "../testing/test-database.ts";
import { waitUntil } from "../testing/wait-until.ts";
import { storeFoundOrders } from "./found-order-store.ts";
import { noteListed } from "./listed-order-store.ts";
import { storePosted } from "./notice-store.ts";
import { finishPoll, takeDuePolls } from "./order-poll-store.ts";
import { SightKeeper } from "./sight-keeper.ts";

const database = await testDatabase();
const ledger = testLedger(database);
const { pool } = database;
const MINUTE_MS = 60_000;
const START = Date.parse("2026-11-23T12:00:00Z");
let now = START;
const clock = { now: () => now };
let sellerId = 0;
const sighted: string[] = [];
const held: string[] = [];

beforeAll(async () => {
  sellerId = await addSeller(pool, "first");
  await tell(
    ledger,
    sellerId,
    { kind: "put_sku", sku: "KB-M", attributes: {} },
    receipt("KB-M", 100),
    connection("mx-1", { hookSecret: "one" }),
    connection("mx-2", { hookSecret: "one" }),
    listing("mx-1", "MLM1", "KB-M", 2),
    listing("mx-2", "MLM2", "KB-M"),
  );
  await pool.query("insert into channel_account values ('mercadolibre', '100', $1, 'mx-1')", [sellerId]);
});

beforeEach(async () => {
  now = START;
  sighted.length = 0;
  held.length = 0;
  await tell(ledger, sellerId, connection("mx-1", { hookSecret: "one", whenBlind: null }));
  await pool.query(
    "delete from connection_token; delete from inbox; delete from listed_order; delete from order_poll; delete from connection_sight; delete from blind_hold; delete from alert; delete from observation; delete from listing_state",
  );
  await pool.query(
    `insert into order_poll (seller_id, connection, changed_through, due_at, complete_at, missed_due_at)
     select $1, code, $2, $2, $2, $2 from unnest('{mx-1,mx-2}'::text[]) code`,
    [sellerId, new Date(START)],
  );
  await pool.query(
    `insert into listing_state (seller_id, connection, external_id, observed, observed_at)
     values ($1, 'mx-1', 'MLM1', 40, $2), ($1, 'mx-2', 'MLM2', 90, $2)`,
    [sellerId, new Date(START)],
  );
});

/** Judges once, as of now. */
async function judge(): Promise<void> {
  const observations = new ObservationLog({ pool, clock, log: silentLog });
  const registry = new ConnectionRegistry({ pool, secretBox, clock, kinds: [mercadolibre] });
  const keeper = new SightKeeper({
    pool,
    registry,
    observations,
    clock,
    log: silentLog,
    onSighted: (_, code) => sighted.push(code),
    onHeld: (_, code) => held.push(code),
  });
  await waitUntil(async () => {
    const { rows } = await pool.query("select from connection_sight where judged_at = $1", [new Date(now)]);
    return rows.length === 2;
  });
  await keeper.close();
  await observations.close();
}

const mx1 = () => ({ sellerId, code: "mx-1" });
const orders = (from: number, count: number) =>
  Array.from({ length: count }, (_, nth) => ({
    topic: "orders_v2",
    resource: `/orders/${from + nth}`,
    orderId: String(from + nth),
    updatedAt: now,
    fingerprint: "x",
  }));
async function found(from: number, count: number): Promise<void> {
  await noteListed(pool, mx1(), orders(from, count), now);
  await storeFoundOrders(pool, mx1(), orders(from, count), now);
}
async function announced(from: number, count: number): Promise<void> {
  for (const notice of orders(from, count)) {
    const arriving = {
      kind: "mercadolibre",
      accountId: "100",
      notice,
      says: null,
      text: "{}",
      receivedAt: now,
    };
    expect(await storePosted(pool, arriving, "one")).toBe("stored");
  }
  await noteListed(pool, mx1(), orders(from, count), now);
}

async function alerts(): Promise<object[]> {
  const { rows } = await pool.query<object>(
    "select kind, subject, severity, body ->> 'message' as message, resolved_at is null as open from alert order by opened_at",
  );
  return rows;
}
async function holds(): Promise<object[]> {
  const { rows } = await pool.query<object>("select connection, sku, units::int from blind_hold");
  return rows;
}
async function completeAt(): Promise<number | null> {
  const { rows } = await pool.query<{ complete_at: Date | null }>(
    "select complete_at from order_poll where connection = 'mx-1'",
  );
  return rows[0]?.complete_at?.getTime() ?? null;
}
const goBlind = async () => {
  await found(1, 4);
  now += 3 * MINUTE_MS;
  await judge();
};

describe("a channel whose notifications fall silent", () => {
  it("is alarmed once the orders that polls found were due to be announced", async () => {
    await found(1, 4);
    now += MINUTE_MS;
    await judge();
    expect(await alerts()).toEqual([]);
    now += 2 * MINUTE_MS;
    await judge();
    expect(await alerts()).toMatchObject([
      { kind: "channel_blind", subject: "mx-1", severity: "critical", open: true },
    ]);
    const { rows } = await pool.query(
      "select connection, kind, body ->> 'reason' as reason from observation",
    );
    expect(rows).toEqual([{ connection: "mx-1", kind: "blind", reason: "notifications_silent" }]);
    await judge();
    expect(await alerts()).toHaveLength(1);
  });

  it("is not, if they were announced however late, or if most were", async () => {
    await found(1, 4);
    await announced(1, 3);
    now += 3 * MINUTE_MS;
    await judge();
    expect(await alerts()).toEqual([]);
  });

  it("has the others hold back what it has probably sold, and look at their listings", async () => {
    await goBlind();
    // Nothing is known to sell there: one sale of two units.
    expect(await holds()).toEqual([{ connection: "mx-1", sku: "KB-M", units: 2 }]);
    expect(held).toEqual(["mx-2"]);
    // 1 sale in 15 minutes half as much after each: about 2.8 an hour at first.
    await pool.query("update listing_state set sold_recent = 4, sold_at = $1 where connection = 'mx-1'", [
      new Date(now),
    ]);
    await judge();
    const [first] = await holds();
    expect(first).toMatchObject({ sku: "KB-M" });
    now += 60 * MINUTE_MS;
    await pool.query("update listing_state set sold_recent = 40, sold_at = $1 where connection = 'mx-1'", [
      new Date(now),
    ]);
    await judge();
    // Never more than it shows: 40 sales of two units.
    expect(await holds()).toEqual([{ connection: "mx-1", sku: "KB-M", units: 80 }]);
  });

  it.each([
    ["stop", [{ connection: "mx-1", sku: "KB-M", units: null }]],
    ["sell", []],
  ])("has them %s instead, if the seller wants it so", async (policy, expected) => {
    await tell(ledger, sellerId, connection("mx-1", { hookSecret: "one", whenBlind: policy }));
    await goBlind();
    expect(await holds()).toEqual(expected);
  });

  it("is over when orders are announced again, and then all of its orders are listed before anything is raised", async () => {
    await goBlind();
    const [poll] = await takeDuePolls(pool, { now, nextDueAt: now + MINUTE_MS, limit: 1 });
    const startedAt = now;
    now += MINUTE_MS;
    await announced(11, 3);
    now += 3 * MINUTE_MS;
    await judge();
    expect(await alerts()).toMatchObject([{ kind: "channel_blind", open: false }]);
    expect(await holds()).toEqual([]);
    expect(held).toEqual(["mx-2", "mx-2"]);
    expect(sighted).toEqual(["mx-1"]);
    expect(await completeAt()).toBeLessThan(START);
    if (poll === undefined) throw new Error("a poll was due");
    // A poll that was under way then proves nothing; the next one does.
    const done = { completeAt: now, changedThrough: now, dueAt: now + MINUTE_MS };
    await finishPoll(pool, poll, { ...done, startedAt });
    expect(await completeAt()).toBeLessThan(START);
    await finishPoll(pool, poll, { ...done, startedAt: now });
    expect(await completeAt()).toBe(now);
  });
});

describe("a connection", () => {
  it("whose access is revoked is alarmed at once", async () => {
    await pool.query(
      `insert into connection_token (seller_id, connection, token, expires_at, rotated_at, state)
       values ($1, 'mx-1', '', $2, $2, 'reconnect_needed')`,
      [sellerId, new Date(now)],
    );
    await judge();
    expect(await alerts()).toMatchObject([{ message: expect.stringContaining("connect the account again") }]);
    expect(await holds()).toHaveLength(1);
    await pool.query("update connection_token set state = 'valid'");
    now += MINUTE_MS;
    await judge();
    expect(await alerts()).toMatchObject([{ open: false }]);
  });

  it("that was never seen holds nobody back", async () => {
    await pool.query("update order_poll set complete_at = null, failing_since = $1", [
      new Date(now - 60 * MINUTE_MS),
    ]);
    await judge();
    expect(await alerts()).toHaveLength(2);
    expect(await holds()).toEqual([]);
  });

  it("with notifications put aside says how many, until they are gone", async () => {
    await announced(1, 2);
    await pool.query("update inbox set poisoned_at = $1", [new Date(now)]);
    await judge();
    expect(await alerts()).toMatchObject([
      {
        kind: "notification_stuck",
        severity: "warning",
        message: expect.stringContaining("2 notifications"),
      },
    ]);
    await pool.query("update inbox set poisoned_at = null");
    now += MINUTE_MS;
    await judge();
    expect(await alerts()).toMatchObject([{ kind: "notification_stuck", open: false }]);
  });
});
