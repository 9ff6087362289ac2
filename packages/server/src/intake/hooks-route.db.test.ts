import { mercadolibre } from "@onepool/connectors/mercadolibre/connector.ts";
import { fastify, type FastifyInstance } from "fastify";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { addSeller, clock, connection, tell, testLedger } from "../connections/testing/channel-seller.ts";
import { testDatabase } from "../testing/test-database.ts";
import { hooksRoute } from "./hooks-route.ts";
import { intakeMetrics } from "./intake-metrics.ts";

const database = await testDatabase();
const ledger = testLedger(database);
let app: FastifyInstance;
let stored = 0;

beforeAll(async () => {
  const sellers = {
    first: await addSeller(database.pool, "first"),
    other: await addSeller(database.pool, "other"),
  };
  await tell(
    ledger,
    sellers.first,
    connection("meli-1", { hookSecret: "one" }),
    connection("meli-2", { hookSecret: "two" }),
  );
  await tell(ledger, sellers.other, connection("theirs", { hookSecret: "other" }));
  await database.pool.query(
    `insert into channel_account (kind, account_id, seller_id, connection)
     values ('mercadolibre', '100', $1, 'meli-1'), ('mercadolibre', '200', $1, 'meli-2'), ('mercadolibre', '300', $2, 'theirs')`,
    [sellers.first, sellers.other],
  );
  app = fastify();
  await app.register(
    hooksRoute({
      pool: database.openPool({ max: 2 }),
      kinds: new Map([["mercadolibre", mercadolibre]]),
      clock,
      metrics: intakeMetrics(undefined),
      onStored: () => (stored += 1),
    }),
  );
});
afterAll(() => app.close());
beforeEach(async () => {
  stored = 0;
  await database.pool.query("delete from inbox");
});

const notification = (change: object = {}) => ({
  _id: "8e13a6ae",
  topic: "orders_v2",
  resource: "/orders/2000010000000017",
  user_id: 100,
  attempts: 1,
  sent: "2026-10-06T13:23:06.247Z",
  ...change,
});

async function send(
  payload: unknown,
  address = "mercadolibre/one",
  type = "application/json",
): Promise<number> {
  const body = typeof payload === "string" ? payload : JSON.stringify(payload);
  const answer = await app.inject({
    method: "POST",
    url: `/hooks/${address}`,
    headers: { "content-type": type },
    payload: body,
  });
  return answer.statusCode;
}

async function inbox(): Promise<unknown[]> {
  const { rows } = await database.pool.query(
    "select connection, topic, resource, arrivals, done_arrivals from inbox order by resource",
  );
  return rows;
}

describe("a notification", () => {
  it("is in the inbox by the time it is answered, and collapses with those about the same", async () => {
    expect(await send(notification())).toBe(200);
    expect(await send(notification({ _id: "another" }))).toBe(200);
    expect(await inbox()).toEqual([
      {
        connection: "meli-1",
        topic: "orders_v2",
        resource: "/orders/2000010000000017",
        arrivals: 2,
        done_arrivals: 0,
      },
    ]);
    expect(stored).toBe(2);
  });

  it("finds its connection by the account it names, at any address of the same seller", async () => {
    expect(await send(notification({ user_id: "200" }), "mercadolibre/one")).toBe(200);
    expect(await inbox()).toMatchObject([{ connection: "meli-2" }]);
  });

  it.each([
    ["an unknown account", { user_id: 999 }, "mercadolibre/one"],
    ["another seller's account", { user_id: 300 }, "mercadolibre/one"],
    ["another seller's address", { user_id: 100 }, "mercadolibre/other"],
    ["a wrong secret", { user_id: 100 }, "mercadolibre/wrong"],
    ["an unknown channel", { user_id: 100 }, "ebay/one"],
    ["an unknown account and topic", { user_id: 999, topic: "questions" }, "mercadolibre/one"],
  ])("with %s is answered with 404 and leaves nothing", async (_, change, address) => {
    expect(await send(notification(change), address)).toBe(404);
    expect(await inbox()).toEqual([]);
  });

  it.each([
    ["a topic that is not followed", { topic: "questions", resource: "/questions/1" }],
    ["a resource that leads elsewhere", { resource: "/orders/1/../../users/me" }],
    ["a resource at another host", { resource: "http://evil.example/orders/1" }],
    ["a topic made of SQL", { topic: "'; drop table inbox; --" }],
  ])("of %s is answered with 200 and leaves nothing", async (_, change) => {
    expect(await send(notification(change))).toBe(200);
    expect(await inbox()).toEqual([]);
  });

  it.each([
    ["no JSON", "{"],
    ["no object", "[]"],
    ["nothing", ""],
    ["a resource of 10,000 characters", notification({ resource: "/orders/".padEnd(10_000, "1") })],
  ])("of %s is refused", async (_, body) => {
    expect(await send(body)).toBe(400);
    expect(await inbox()).toEqual([]);
  });

  it("is kept as it came, whatever hides in it and whatever type it claims to be", async () => {
    const nested = `${"[".repeat(20_000)}${"]".repeat(20_000)}`;
    const text = JSON.stringify(notification()).replace("{", `{"x":"\\u0000\\ud800","deep":${nested},`);
    expect(await send(text, "mercadolibre/one", "text/html")).toBe(200);
    const { rows } = await database.pool.query<{ body: string }>("select body from inbox");
    expect(rows[0]?.body).toBe(text);
  });

  it("larger than 64 KiB is refused", async () => {
    expect(await send(notification({ x: "x".repeat(65_536) }))).toBe(413);
  });

  it("is stored while every other connection of the program waits", async () => {
    const clients = await Promise.all(Array.from({ length: 10 }, () => database.pool.connect()));
    try {
      for (const client of clients) await client.query("begin");
      await clients[0]?.query("lock table sales_order, listing_state, entry");
      expect(await send(notification())).toBe(200);
      expect(await inboxThrough(clients[1])).toBe(1);
    } finally {
      for (const client of clients) await client.query("rollback");
      for (const client of clients) client.release();
    }
  });
});

async function inboxThrough(
  client: { query(text: string): Promise<{ rowCount: number | null }> } | undefined,
): Promise<number | null> {
  return (await client?.query("select from inbox"))?.rowCount ?? null;
}
