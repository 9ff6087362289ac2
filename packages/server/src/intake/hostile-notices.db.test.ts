import { mercadolibre } from "@onepool/connectors/mercadolibre/connector.ts";
import { fastify, type FastifyInstance } from "fastify";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { type Channels, startChannels } from "../connections/start-channels.ts";
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
import { fakeMarketplace } from "./testing/fake-marketplace.ts";

const database = await testDatabase();
const ledger = testLedger(database);
const { pool } = database;

/** Time stands still, so that whatever is counted is not a matter of how fast the machine is. */
const clock = { now: () => Date.parse("2026-11-23T12:00:00Z") };
const REAL = "2000010000000777";

let listed: object[] = [];
const asked: string[] = [];
let app: FastifyInstance;
let channels: Channels | null = null;
let sellerId = 0;

/** It knows one order, and counts what it is asked. */
const { settings } = await fakeMarketplace((marketplace) => {
  marketplace.get("/orders/search", () => ({
    results: listed,
    paging: { total: listed.length, offset: 0, limit: 50 },
  }));
  marketplace.get<{ Params: { id: string } }>("/orders/:id", (request, reply) => {
    asked.push(request.params.id);
    return reply.code(404).send({ message: "Order do not exists", error: "order_not_found", status: 404 });
  });
});

beforeAll(async () => {
  sellerId = await addSeller(pool, "first");
  await tell(ledger, sellerId, connection("meli", settings));
  await pool.query("insert into channel_account values ('mercadolibre', '100', $1, 'meli')", [sellerId]);
});
beforeEach(async () => {
  await pool.query("delete from inbox; delete from order_poll; delete from connection_sight");
  asked.length = 0;
  listed = [];
  await start();
});
afterEach(stop);

async function start(): Promise<void> {
  channels = startChannels({ database, ledger, secretBox, kinds: [mercadolibre], clock, log: silentLog });
  app = fastify();
  await app.register(channels.hooks);
}
async function stop(): Promise<void> {
  await app.close();
  await channels?.close();
  channels = null;
}

async function notify(orderId: string): Promise<number> {
  const payload = {
    topic: "orders_v2",
    resource: `/orders/${orderId}`,
    user_id: 100,
    sent: "2026-11-23T12:00:00Z",
  };
  const answer = await app.inject({ method: "POST", url: "/hooks/mercadolibre/one", payload });
  return answer.statusCode;
}
const untouched = async () => {
  const { rows } = await pool.query<{ count: number }>(
    "select count(*)::int as count from inbox where error is null and done_arrivals < arrivals",
  );
  return rows[0]?.count ?? 0;
};

describe("forged notifications", () => {
  it("of any number of orders that do not exist cost a bounded number of readings", async () => {
    for (let nth = 0; nth < 300; nth++)
      expect(await notify(String(2_000_010_000_000_000 + nth * 1_000))).toBe(200);
    await waitUntil(async () => (await untouched()) === 0);
    expect(asked.length).toBe(60);
    expect(new Set(asked).size).toBe(60);
  });

  it("do not keep a real order from being read once a poll lists it", async () => {
    for (let nth = 0; nth < 100; nth++) await notify(String(2_000_010_000_100_000 + nth));
    await notify(REAL);
    await waitUntil(async () => (await untouched()) === 0);
    expect(asked).not.toContain(REAL);
    listed = [
      {
        id: Number(REAL),
        status: "paid",
        last_updated: "2026-11-23T11:59:59.000Z",
        tags: [],
        shipping: { id: null },
      },
    ];
    await stop();
    await pool.query("update order_poll set due_at = $1", [new Date(clock.now())]);
    await start();
    await waitUntil(() => asked.includes(REAL));
  });

  it("of one order, again and again, cost one reading at a time, and ever fewer", async () => {
    for (let nth = 0; nth < 200; nth++) await notify("2000010000000001");
    await waitUntil(() => asked.length > 0);
    await waitUntil(async () => (await untouched()) === 0);
    // Announced while it was read, it is read once more for what it may have missed.
    const reads = asked.length;
    expect(reads).toBeLessThanOrEqual(6);
    for (let nth = 0; nth < 200; nth++) await notify("2000010000000001");
    await waitUntil(async () => {
      const { rows } = await pool.query<{ arrivals: number }>("select arrivals::int from inbox");
      return rows[0]?.arrivals === 400;
    });
    expect(asked.length).toBeLessThanOrEqual(6);
  });
});

describe("a notification", () => {
  it("is stored and answered although every worker and every one of its connections waits for the database", async () => {
    const busy = await pool.connect();
    try {
      await busy.query("begin");
      await busy.query(
        "lock table sales_order, entry, head, order_poll, connection_token, listing_state, observation_head",
      );
      for (let nth = 0; nth < 40; nth++) expect(await notify(String(2_000_010_000_200_000 + nth))).toBe(200);
      const waiting = async () => {
        const { rows } = await busy.query<{ count: number }>(
          `select count(*)::int as count from pg_stat_activity
           where datname = current_database() and application_name = 'onepool channels' and wait_event_type = 'Lock'`,
        );
        return rows[0]?.count ?? 0;
      };
      await waitUntil(async () => (await waiting()) > 0);
      expect(await notify(REAL)).toBe(200);
      const { rowCount } = await busy.query("select from inbox where resource = $1", [`/orders/${REAL}`]);
      expect(rowCount).toBe(1);
    } finally {
      await busy.query("rollback");
      busy.release();
    }
  });
});
