import { mercadolibre } from "@onepool/connectors/mercadolibre/connector.ts";
import { beforeAll, beforeEach, expect, it } from "vitest";

import { ConnectionRegistry, type OpenConnection } from "../connections/connection-registry.ts";
import { addSeller, connection, secretBox, tell, testLedger } from "../connections/testing/channel-seller.ts";
import { testDatabase } from "../testing/test-database.ts";
import { listOrders, type Listing } from "./list-orders.ts";
import type { DuePoll, PollProgress } from "./order-poll-store.ts";
import { fakeMarketplace } from "./testing/fake-marketplace.ts";

const database = await testDatabase();
const ledger = testLedger(database);
const { pool } = database;
const MINUTE_MS = 60_000;
const START = Date.parse("2026-11-23T12:00:00Z");
let now = START;
const clock = { now: () => now };
let total = 0;
let refused: number | null = null;
const offsets: number[] = [];
let sellerId = 0;

const orderAt = (nth: number) => ({
  id: 2_000_010_000_000_000 + nth,
  status: "paid",
  last_updated: new Date(START - MINUTE_MS + nth).toISOString(),
  tags: [],
  shipping: { id: null },
});

const marketplace = await fakeMarketplace((app) => {
  app.get<{ Querystring: { offset: string } }>("/orders/search", (request, reply) => {
    const offset = Number(request.query.offset);
    offsets.push(offset);
    if (refused !== null) return reply.code(refused).send({ message: "no", error: "no", status: refused });
    const count = Math.max(0, Math.min(50, total - offset));
    const results = Array.from({ length: count }, (_, nth) => orderAt(offset + nth));
    return { results, paging: { total, offset, limit: 50 } };
  });
});

beforeAll(async () => {
  sellerId = await addSeller(pool, "first");
});
beforeEach(async () => {
  now = START;
  total = 0;
  refused = null;
  offsets.length = 0;
  await pool.query("delete from inbox; delete from listed_order");
});

/** A connection that may list two pages at once, and then one a minute. */
async function openConnection(): Promise<OpenConnection> {
  const settings = {
    ...marketplace.settings,
    orderListLagMs: 5_000,
    limits: { orderLists: { perMinute: 1, burst: 2 } },
  };
  await tell(ledger, sellerId, connection("meli", settings));
  const open = await new ConnectionRegistry({ pool, secretBox, clock, kinds: [mercadolibre] }).open(
    sellerId,
    "meli",
  );
  if (open === null) throw new Error("the connection is there");
  return open;
}

async function list(open: OpenConnection, progress: PollProgress | null): Promise<Listing> {
  if (!open.connector.ok) throw new Error(open.connector.error.message);
  const poll: DuePoll = {
    sellerId,
    connection: "meli",
    changedThrough: START - MINUTE_MS,
    attempts: 0,
    progress,
  };
  return listOrders({ pool, clock }, poll, open, open.connector.value);
}
const stored = async () => (await pool.query("select from inbox")).rowCount;
/** What a stored poll goes on with. */
const kept = (listing: Listing): PollProgress => {
  if (listing.kind === "complete" || listing.progress === null) throw new Error("it has to go on");
  return JSON.parse(JSON.stringify(listing.progress)) as PollProgress;
};

it("waits for its budget with the page it has come to", async () => {
  total = 240;
  const open = await openConnection();
  let listing = await list(open, null);
  expect(listing).toMatchObject({ kind: "waits", waitMs: MINUTE_MS });
  expect(offsets).toHaveLength(2);
  while (listing.kind !== "complete") {
    const before = offsets.length;
    now += MINUTE_MS;
    listing = await list(open, kept(listing));
    expect(offsets.length - before).toBe(1);
  }
  expect(await stored()).toBe(240);
  // Known is what was taken until the first page was asked for, less what the list may lag.
  expect(listing).toMatchObject({
    kind: "complete",
    completeAt: START - 5_000,
    changedThrough: Date.parse(orderAt(239).last_updated),
  });
});

it("goes on where the channel had enough of us, after as long as it says", async () => {
  total = 70;
  refused = 429;
  const open = await openConnection();
  const first = await list(open, null);
  expect(first.kind).toBe("waits");
  expect(first).toMatchObject({ progress: { page: null } });
  refused = null;
  now += 10 * MINUTE_MS;
  let listing = first;
  while (listing.kind !== "complete") {
    now += MINUTE_MS;
    listing = await list(open, kept(listing));
  }
  expect(await stored()).toBe(70);
});

it("keeps its place over an outage, and begins anew where the channel refuses it", async () => {
  total = 240;
  const open = await openConnection();
  const waiting = await list(open, null);
  now += 5 * MINUTE_MS;
  refused = 503;
  const failed = await list(open, kept(waiting));
  expect(failed).toMatchObject({ kind: "failed", error: { kind: "transient" } });
  expect(kept(failed)).toEqual(kept(waiting));
  refused = 400;
  expect(await list(open, kept(failed))).toMatchObject({ kind: "failed", progress: null });
});

it("forgets a place that is a day old", async () => {
  total = 120;
  const open = await openConnection();
  const waiting = await list(open, null);
  now += 24 * 60 * MINUTE_MS;
  const [first, second] = offsets;
  await list(open, kept(waiting));
  expect(offsets).toEqual([first, second, first, second]);
});
