import { mercadolibre } from "@onepool/connectors/mercadolibre/connector.ts";
import { beforeAll, beforeEach, expect, it } from "vitest";

import { ConnectionRegistry } from "../connections/connection-registry.ts";
import {
  addSeller,
  connection,
  secretBox,
  silentLog,
  tell,
  testLedger,
} from "../connections/testing/channel-seller.ts";
import { testDatabase } from "../testing/test-database.ts";
import { waitUntil } from "../testing/wait-until.ts";
import { intakeMetrics } from "./intake-metrics.ts";
import { MissedNoticePoller } from "./missed-notice-poller.ts";
import { fakeMarketplace } from "./testing/fake-marketplace.ts";

const database = await testDatabase();
const ledger = testLedger(database);
const { pool } = database;
const MINUTE_MS = 60_000;
let now = Date.parse("2026-11-23T12:00:00Z");
const clock = { now: () => now };
let missed: Record<string, object[]> = {};
let status = 200;
let sellerId = 0;

const row = (id: string, resource: string, sentMinutesAgo: number, user = "100") => ({
  _id: id,
  topic: resource.startsWith("/items") ? "items" : "orders_v2",
  resource,
  user_id: user,
  application_id: 1,
  attempts: 3,
  sent: new Date(now - sentMinutesAgo * MINUTE_MS).toISOString(),
});

const { settings } = await fakeMarketplace((marketplace) => {
  marketplace.get("/users/me", () => ({ id: 100, site_id: "MLM", tags: [] }));
  marketplace.get<{ Querystring: { topic: string; offset: string } }>("/missed_feeds", (request, reply) => {
    const { topic, offset } = request.query;
    if (status !== 200) return reply.code(status).send({ message: "no", error: "no", status });
    const rows = (missed[topic] ?? []).slice(Number(offset), Number(offset) + 50);
    return { messages: rows.length === 0 ? null : rows };
  });
});

beforeAll(async () => {
  sellerId = await addSeller(pool, "first");
  await tell(ledger, sellerId, connection("meli", settings));
  await pool.query("insert into channel_account values ('mercadolibre', '100', $1, 'meli')", [sellerId]);
});
beforeEach(async () => {
  status = 200;
  missed = {};
  await pool.query("delete from inbox; delete from order_poll");
  await pool.query(
    `insert into order_poll (seller_id, connection, changed_through, due_at, missed_due_at) values ($1, 'meli', $2, $2, $2)`,
    [sellerId, new Date(now)],
  );
});

/** Asks once, as of now. */
async function ask(): Promise<void> {
  await pool.query("update order_poll set missed_due_at = $1", [new Date(now)]);
  const poller = new MissedNoticePoller({
    pool,
    registry: new ConnectionRegistry({ pool, secretBox, clock, kinds: [mercadolibre] }),
    metrics: intakeMetrics(undefined),
    clock,
    log: silentLog,
    onStored: () => undefined,
  });
  await waitUntil(async () => {
    const { rows } = await pool.query<{ due: Date }>("select missed_due_at as due from order_poll");
    const dueInMs = (rows[0]?.due.getTime() ?? 0) - now;
    // A poll under way holds its row for two minutes.
    return dueInMs > 0 && dueInMs !== 120_000;
  });
  await poller.close();
}
const inbox = async () => {
  const { rows } = await pool.query<{ resource: string; arrivals: number; noticed: boolean }>(
    "select resource, arrivals::int, noticed_at is not null as noticed from inbox order by resource",
  );
  return rows;
};

it("stores what was missed, of every topic, once however often it is listed, and of nobody else", async () => {
  missed = {
    orders_v2: [
      row("a", "/orders/1", 9),
      row("a", "/orders/1", 9),
      row("b", "/orders/2", 9),
      row("c", "/orders/3", 9, "999"),
    ],
    items: [row("d", "/items/MLM1", 9)],
  };
  await ask();
  await ask();
  expect(await inbox()).toEqual([
    { resource: "/items/MLM1", arrivals: 1, noticed: false },
    { resource: "/orders/1", arrivals: 1, noticed: false },
    { resource: "/orders/2", arrivals: 1, noticed: false },
  ]);
});

it("takes what happened after it was last heard of for news, and nothing older", async () => {
  missed = { orders_v2: [row("a", "/orders/1", 9)] };
  await ask();
  await pool.query("update inbox set done_arrivals = arrivals, done_at = $1", [new Date(now)]);
  now += MINUTE_MS;
  missed = { orders_v2: [row("a", "/orders/1", 10), row("b", "/orders/1", 0.5)] };
  await ask();
  expect(await inbox()).toMatchObject([{ resource: "/orders/1", arrivals: 2 }]);
});

it("comes to the end of long lists", async () => {
  missed = { orders_v2: Array.from({ length: 120 }, (_, nth) => row(`o${nth}`, `/orders/${100 + nth}`, 9)) };
  await ask();
  expect(await inbox()).toHaveLength(120);
});

it("says what keeps it from asking, and tries again", async () => {
  status = 500;
  await ask();
  const { rows } = await pool.query(
    "select missed_attempts, missed_error ->> 'kind' as kind from order_poll",
  );
  expect(rows).toEqual([{ missed_attempts: 1, kind: "transient" }]);
  status = 200;
  missed = { orders_v2: [row("a", "/orders/1", 9)] };
  await ask();
  expect(await inbox()).toHaveLength(1);
});
