import { fastify, type FastifyInstance } from "fastify";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { errorHandler } from "../../api/http/handle-errors.ts";
import {
  addSeller,
  clock,
  secretBox,
  silentLog,
  tell,
  testLedger,
} from "../../connections/testing/channel-seller.ts";
import { createMetrics } from "../../metrics/metrics.ts";
import { testDatabase } from "../../testing/test-database.ts";
import { keeperHooks } from "./keeper-hooks.ts";
import { keeperMetrics } from "./keeper-metrics.ts";
import { plain, signature } from "./testing/plain-keeper.ts";

const database = await testDatabase();
const ledger = testLedger(database);
const metrics = createMetrics();
let app: FastifyInstance;
let woken = 0;
let sellerId = 0;

const connection = (code: string, hookSecret: string) =>
  ({
    kind: "put_connection",
    code,
    connectionKind: "plain",
    settings: { hookSecret },
    mode: "live",
  }) as const;

beforeAll(async () => {
  sellerId = await addSeller(database.pool, "first");
  await tell(
    ledger,
    sellerId,
    connection("wh-1", "one"),
    connection("wh-2", "two"),
    connection("bare", "bare"),
  );
  for (const [code, secrets] of [
    ["wh-1", ["new-1", "old-1"]],
    ["wh-2", ["key-2"]],
  ] as const)
    await database.pool.query("insert into keeper_secret values ($1, $2, $3, now())", [
      sellerId,
      code,
      secretBox.seal(JSON.stringify(secrets)),
    ]);
  app = fastify({ routerOptions: { maxParamLength: 2_400 } });
  app.setErrorHandler(errorHandler(silentLog));
  await app.register(
    keeperHooks({
      pool: database.openPool({ max: 2 }),
      kinds: new Map([["plain", plain]]),
      secretBox,
      clock,
      log: silentLog,
      metrics: keeperMetrics(metrics),
      onStored: () => (woken += 1),
    }),
  );
});
afterAll(() => app.close());
beforeEach(async () => {
  woken = 0;
  await database.pool.query("delete from keeper_fact");
  await database.pool.query("delete from keeper_look");
});

const lost = (factId: string) => ({
  kind: "adjustment",
  factId,
  occurredAt: Date.now(),
  item: "A",
  facility: "F1",
  sellable: -1,
  held: 0,
  reason: "lost",
});
const told = (...facts: object[]) => ({ kind: "facts", deliveryId: "d-1", facts });

async function send(
  said: unknown,
  how: { readonly address?: string; readonly key?: string; readonly type?: string } = {},
) {
  const { address = "plain/one", key = "new-1", type = "application/json" } = how;
  const payload = typeof said === "string" || Buffer.isBuffer(said) ? said : JSON.stringify(said);
  return app.inject({
    method: "POST",
    url: `/hooks/${address}`,
    headers: { "content-type": type, "x-signature": signature(key, payload) },
    payload,
  });
}

async function facts(): Promise<unknown[]> {
  const { rows } = await database.pool.query(
    "select connection, fact_id, way, delivery_id, state from keeper_fact order by arrival",
  );
  return rows;
}

async function counted(outcome: string): Promise<number> {
  const { values } = (await metrics.getSingleMetric("intake_keeper_deliveries_total")?.get()) ?? {
    values: [],
  };
  return values.find(({ labels }) => labels["outcome"] === outcome)?.value ?? 0;
}

describe("a delivery", () => {
  it("is stored by the time it is answered, with the answer that keepers wait for", async () => {
    const answer = await send(told(lost("a"), lost("b")));
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toEqual({ code: "200", Status: "Success" });
    const row = { connection: "wh-1", way: "delivery", delivery_id: "d-1", state: "due" };
    expect(await facts()).toEqual([
      { ...row, fact_id: "a" },
      { ...row, fact_id: "b" },
    ]);
    expect(woken).toBe(1);
  });

  it("[I2] that comes again, as after an answer that got lost, is answered the same and stored once", async () => {
    const said = told(lost("a"));
    expect((await send(said)).statusCode).toBe(200);
    expect((await send(said)).statusCode).toBe(200);
    expect(await facts()).toHaveLength(1);
  });

  it("signed with the secret before the newest is taken, while it is being changed", async () => {
    expect((await send(told(lost("a")), { key: "old-1" })).statusCode).toBe(200);
    expect(await facts()).toHaveLength(1);
  });

  it("that only points has the items and orders read, each once", async () => {
    const look = { items: ["A", "B", "A"], keeperOrderIds: ["17"] };
    await send({ ...told(), look });
    await send({ ...told(), look });
    const { rows } = await database.pool.query("select subject, id from keeper_look order by subject, id");
    expect(rows).toEqual([
      { subject: "item", id: "A" },
      { subject: "item", id: "B" },
      { subject: "order", id: "17" },
    ]);
    expect(woken).toBe(2);
  });

  it("is read byte for byte, whatever type it claims to be", async () => {
    const text = ` {"deliveryId":null,\n"kind":"facts","facts":[]} `;
    expect((await send(text, { type: "text/plain; charset=latin1" })).statusCode).toBe(200);
    expect((await send(Buffer.from(text), { type: "application/x-www-form-urlencoded" })).statusCode).toBe(
      200,
    );
  });

  it("[I3] that the database does not take is not acknowledged, and leaves nothing", async () => {
    await database.pool.query("alter table keeper_fact add constraint for_a_test check (fact_id <> 'b')");
    try {
      expect((await send(told(lost("a"), lost("b")))).statusCode).toBe(500);
      expect(await facts()).toEqual([]);
    } finally {
      await database.pool.query("alter table keeper_fact drop constraint for_a_test");
    }
    expect((await send(told(lost("a"), lost("b")))).statusCode).toBe(200);
    expect(await facts()).toHaveLength(2);
  });

  it("is stored while every other connection of the program waits", async () => {
    const clients = await Promise.all(Array.from({ length: 10 }, () => database.pool.connect()));
    try {
      for (const client of clients) await client.query("begin");
      await clients[0]?.query("lock table sales_order, entry, alert");
      expect((await send(told(lost("a")))).statusCode).toBe(200);
    } finally {
      for (const client of clients) await client.query("rollback");
      for (const client of clients) client.release();
    }
  });
});

describe("what is no delivery of the keeper", () => {
  it.each([
    ["without a signature", "plain/one", "", 401],
    ["signed with another secret", "plain/one", "guess", 401],
    ["signed with another connection's secret", "plain/one", "key-2", 401],
    ["to a connection that has no secret yet", "plain/bare", "new-1", 401],
    ["to a wrong address", "plain/three", "new-1", 404],
    ["to an address that begins right", "plain/on", "new-1", 404],
    ["to an address with a wildcard", "plain/%25", "new-1", 404],
    ["to an address made of SQL", "plain/'%20or%201=1%20--", "new-1", 404],
    ["to an address with a zero byte", "plain/one%00", "new-1", 404],
    ["to a path that leads up", "plain/..%2f..%2fone", "new-1", 404],
    ["to an address of 2,000 characters", `plain/${"x".repeat(2_000)}`, "new-1", 404],
  ])("%s, is refused and leaves nothing", async (_, address, key, status) => {
    const answer = await send({ ...told(lost("a")), look: { items: ["A"] } }, { address, key });
    expect(answer.statusCode).toBe(status);
    expect(await facts()).toEqual([]);
    expect((await database.pool.query("select from keeper_look")).rowCount).toBe(0);
    expect(woken).toBe(0);
  });

  it("is counted by what was wrong with it", async () => {
    const before = [await counted("unverified"), await counted("unknown")];
    await send(told(lost("a")), { key: "guess" });
    await send(told(lost("a")), { address: "plain/three" });
    expect([await counted("unverified"), await counted("unknown")]).toEqual(before.map((count) => count + 1));
  });

  it("says the same of every address that is not there", async () => {
    const wrong = await send(told(), { address: "plain/three" });
    const odd = await send(told(), { address: "plain/%25" });
    expect(wrong.json()).toEqual(odd.json());
  });

  it("larger than 1 MiB is refused, signed or not", async () => {
    expect((await send("x".repeat(1024 * 1024 + 1))).statusCode).toBe(413);
  });

  it("but signed and senseless is refused as such", async () => {
    expect((await send("null")).statusCode).toBe(400);
    expect(await facts()).toEqual([]);
  });

  it("is verified against no secret that another key sealed", async () => {
    await database.pool.query("update keeper_secret set secrets = '\\x00' where connection = 'wh-2'");
    const { statusCode } = await send(told(lost("a")), { address: "plain/two", key: "key-2" });
    expect(statusCode).toBe(401);
  });
});
