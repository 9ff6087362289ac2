import { beforeEach, expect, test } from "vitest";

import { addLatencies } from "../../../observe/latency-store.ts";
import { apiServer } from "../../../testing/api-server.ts";
import { testDatabase } from "../../../testing/test-database.ts";

const database = await testDatabase();
const api = apiServer(database);

const MINUTE_MS = 60_000;

beforeEach(async () => {
  await api.put("/v1/connections/meli", { kind: "mercadolibre" });
  await database.pool.query(
    "delete from order_poll; delete from connection_token; delete from inbox; delete from alert",
  );
});

async function polled(poll: {
  attempts?: number;
  error?: object;
  completeAt?: string | null;
}): Promise<void> {
  const { attempts = 0, error = null, completeAt = new Date().toISOString() } = poll;
  await database.pool.query(
    `insert into order_poll (seller_id, connection, changed_through, due_at, complete_at, attempts, error)
     values ($1, 'meli', now(), now(), $2, $3, $4)`,
    [api.seller.sellerId, completeAt, attempts, error === null ? null : JSON.stringify(error)],
  );
}

async function token(state: string): Promise<void> {
  await database.pool.query(
    `insert into connection_token (seller_id, connection, token, expires_at, rotated_at, state)
     values ($1, 'meli', '', now(), now(), $2)`,
    [api.seller.sellerId, state],
  );
}

async function alerted(kind: string, severity: string, message: string): Promise<void> {
  const body = { sku: null, channel: "meli", orderId: null, lineId: null, units: 0, message };
  await database.pool.query(
    `insert into alert (seller_id, alert_id, kind, subject, severity, body, opened_at, opened_seq)
     values ($1, $2, $2, 'meli', $3, $4, now(), 1)`,
    [api.seller.sellerId, kind, severity, JSON.stringify(body)],
  );
}

async function unread(resource: string, poisonedAt: string | null = null): Promise<void> {
  await database.pool.query(
    `insert into inbox (seller_id, connection, topic, resource, body, first_received_at, last_received_at,
       next_attempt_at, poisoned_at)
     values ($1, 'meli', 'orders', $2, '""', now() - interval '5 seconds', now(), now(), $3)`,
    [api.seller.sellerId, resource, poisonedAt],
  );
}

const health = async () => (await api.get("/v1/connections/meli")).body.health;
const transient = { kind: "transient", message: "The channel answered 503." };

test.each([
  ["connected", async () => polled({}), []],
  ["importing", async () => polled({ completeAt: null }), ["importing"]],
  ["importing", async () => {}, ["importing"]],
  ["away", async () => polled({ attempts: 2, error: transient }), ["away"]],
  ["away", async () => polled({ attempts: 1, error: { ...transient, kind: "bug" } }), ["away"]],
  ["connected", async () => polled({ attempts: 0, error: transient }), []],
  [
    "throttled",
    async () => polled({ attempts: 1, error: { ...transient, kind: "throttled" } }),
    ["throttled"],
  ],
  [
    "reconnect_needed",
    async () => polled({ attempts: 1, error: { kind: "auth", message: "Wrong credentials." } }),
    ["reconnect_needed"],
  ],
  [
    "reconnect_needed",
    async () => {
      await polled({});
      await token("reconnect_needed");
      await alerted("channel_blind", "critical", "Not seen.");
    },
    ["reconnect_needed", "channel_blind"],
  ],
  [
    "blind",
    async () => {
      await polled({ attempts: 1, error: transient });
      await alerted("channel_blind", "critical", "Three orders came without a notification.");
    },
    ["channel_blind", "away"],
  ],
  [
    "connected",
    async () => {
      await polled({});
      await alerted("brake", "critical", "30 listings would stop at once.");
    },
    ["brake"],
  ],
] as const)("in one word: %s (%#)", async (state, given, problems) => {
  await given();
  const told = await health();
  expect(told.state).toBe(state);
  expect(told.problems.map(({ code }: { code: string }) => code)).toEqual(problems);
  for (const { message, mend } of told.problems)
    expect([message, mend].every((text) => text !== "")).toBe(true);
});

test("says how far its orders have come, what waits to be read, and what was put aside", async () => {
  await polled({ completeAt: new Date(Date.now() - 2_000).toISOString() });
  await unread("1");
  await unread("2");
  await unread("3", new Date().toISOString());
  const told = await health();
  expect(told.orders).toMatchObject({ unread: 2, poisoned: 1, receivedAt: null });
  // The oldest unread news is older than the poll.
  expect(told.orders.lagMs).toBeGreaterThanOrEqual(5_000);
  expect(told.problems).toMatchObject([{ code: "notification_stuck", severity: "warning" }]);
});

test("what last happened there, newest first, of this connection only", async () => {
  const { sellerId } = api.seller;
  await database.pool.query(
    `insert into observation (seller_id, cursor, connection, external_id, kind, recorded_at, body)
     select $1, n, case when n % 2 = 0 then 'meli' else 'other' end, case when n = 20 then null else 'MLM1' end,
       case when n = 20 then 'received' else 'pushed' end, to_timestamp(n), json_build_object('quantity', n)
     from generate_series(1, 20) n`,
    [sellerId],
  );
  const { events, orders } = await health();
  expect(events.map(({ cursor }: { cursor: number }) => cursor)).toEqual([20, 18, 16, 14, 12, 10, 8, 6]);
  expect(events[1]).toEqual({
    cursor: 18,
    kind: "pushed",
    externalId: "MLM1",
    recordedAt: "1970-01-01T00:00:18.000Z",
    body: { quantity: 18 },
  });
  expect(orders).toBeNull();
  await polled({});
  expect((await health()).orders.receivedAt).toBe("1970-01-01T00:00:20.000Z");
});

test("percentiles per hop of the last hour everywhere, of the last day where one is asked for", async () => {
  const { sellerId } = api.seller;
  const counted = (minutesAgo: number, bucket: number, samples: number) => {
    const minute = Math.floor(Date.now() / MINUTE_MS - minutesAgo) * MINUTE_MS;
    return { sellerId, connection: "meli", hop: "pushed_to_confirmed", minute, bucket, samples } as const;
  };
  // Buckets double every eight: 80 ends at 1,024 ms, 96 at 4,096 ms.
  await addLatencies(database.pool, [counted(1, 80, 99), counted(90, 96, 901), counted(2_000, 200, 5)]);
  const { latency } = (await api.get("/v1/connections/meli")).body;
  expect(latency.lastHour.pushed_to_confirmed).toEqual({ samples: 99, p50: 1024, p95: 1024, p99: 1024 });
  expect(latency.lastHour.event_to_received).toEqual({ samples: 0, p50: null, p95: null, p99: null });
  expect(latency.lastDay.pushed_to_confirmed).toEqual({ samples: 1000, p50: 4096, p95: 4096, p99: 4096 });
  const [listed] = (await api.get("/v1/connections")).body.connections;
  expect(listed.latency).toEqual({ lastHour: latency.lastHour, lastDay: null });
});

test("a channel of one's own is nobody's to watch", async () => {
  await api.put("/v1/connections/web", { kind: "api" });
  expect((await api.get("/v1/connections/web")).body.health).toEqual({
    state: "unmanaged",
    problems: [],
    orders: null,
    budgets: null,
    events: [],
  });
});

test("[I10] another seller's connection of the same code tells nothing of this one's", async () => {
  await api.put("/v1/connections/meli", { kind: "mercadolibre" }, { key: api.other.keys.admin });
  await polled({ attempts: 3, error: transient });
  await token("reconnect_needed");
  await alerted("brake", "critical", "Held.");
  await unread("1");
  const { health: told, latency } = (await api.get("/v1/connections/meli", api.other.keys.read)).body;
  expect(told).toMatchObject({ state: "importing", orders: null, events: [] });
  expect(latency.lastDay.pushed_to_confirmed.samples).toBe(0);
});
