// A keeper without an API of its own fetches what it is to do, and answers.
import { httpKeeper } from "@onepool/connectors/http-keeper/connector.ts";
import { shipbob } from "@onepool/connectors/shipbob/connector.ts";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";

import { sealed } from "../auth/secret-box.ts";
import { KeeperRegistry } from "../connections/keeper-registry.ts";
import { createLog } from "../log/log.ts";
import { Fulfilment } from "../publish/fulfilment/fulfilment.ts";
import { apiServer } from "../testing/api-server.ts";
import { testDatabase } from "../testing/test-database.ts";
import { waitUntil } from "../testing/wait-until.ts";

const database = await testDatabase();
const kinds = [httpKeeper, shipbob];
const api = apiServer(database, {}, () => [], kinds);
let fulfilment: Fulfilment | undefined;
let nth = 0;
let orderId = "";

const address = {
  name: "Ana López",
  address1: "Calle 1",
  city: "Puebla",
  postalCode: "72000",
  country: "MX",
};

beforeAll(async () => {
  await api.put("/v1/skus/KB-M", { title: "Keyboard" });
  await api.put("/v1/locations/3pl", { kind: "3pl" });
  await api.put("/v1/connections/web", { kind: "mercadolibre", credentials: { clientId: "1" } });
  expect(await connect("live")).toMatchObject({ status: 200 });
  const secretBox = sealed("s".repeat(32));
  const clock = { now: () => Date.now() };
  const { pool } = database;
  const registry = new KeeperRegistry({ pool, secretBox, clock, kinds });
  const { ledger } = api;
  fulfilment = new Fulfilment({
    pool,
    registry,
    ledger,
    secretBox,
    clock,
    log: createLog({ level: "silent" }),
  });
});

afterAll(() => fulfilment?.close());

/** A paid order of its own for each test, given to the keeper. */
beforeEach(async () => {
  nth += 1;
  orderId = `A-${nth}`;
  await order("paid", 2);
  await api.put(`/v1/orders/web/${orderId}/ship-to`, address);
});

const connect = (mode: string) =>
  api.put("/v1/connections/wh", {
    kind: "http-keeper",
    mode,
    locations: { MEX: "3pl" },
    items: { "KB-MEDIUM": "KB-M" },
    sendsOrders: ["web"],
  });

const order = (status: string, quantity: number, cancelled = 0) => {
  const line = { lineId: "1", sku: "KB-M", quantity, cancelled };
  return api.post("/v1/orders", { orders: [{ channel: "web", orderId, status, lines: [line] }] });
};

/** The references of this test's order in a state. */
async function references(state: string): Promise<string[]> {
  const { body } = await api.get(`/v1/keepers/wh/orders?state=${state}&limit=200`);
  return (body.orders as { orderNumber: string; reference: string }[])
    .filter(({ orderNumber }) => orderNumber === orderId)
    .map(({ reference }) => reference);
}

async function given(state = "wanted"): Promise<string> {
  await waitUntil(async () => (await references(state)).length === 1);
  const [reference = ""] = await references(state);
  return reference;
}

const say = (reference: string, word: string, body: object = {}) =>
  api.post(`/v1/keepers/wh/orders/${reference}/${word}`, body);

async function alerts(kind: string): Promise<string[]> {
  const { body } = await api.get("/v1/alerts");
  return (body.alerts as { kind: string; order: { orderId: string } | null; message: string }[])
    .filter((alert) => alert.kind === kind && alert.order?.orderId === orderId)
    .map(({ message }) => message);
}

test("it fetches what is wanted with where it goes, and accepts it once", async () => {
  const reference = await given();
  const { body } = await api.get("/v1/keepers/wh/orders?limit=200", api.seller.keys.operate);
  const mine = (body.orders as { reference: string }[]).find((one) => one.reference === reference);
  expect(mine).toEqual({
    reference,
    channel: "web",
    orderNumber: orderId,
    facility: "MEX",
    state: "wanted",
    keeperOrderId: null,
    placedAt: expect.any(String),
    lines: [{ lineId: "1", item: "KB-MEDIUM", units: 2 }],
    shipTo: address,
  });
  const sent = { status: 200, body: { reference, state: "sent" } };
  expect(await say(reference, "accept", { keeperOrderId: "77" })).toMatchObject(sent);
  expect(await say(reference, "accept", { keeperOrderId: "77" })).toMatchObject(sent);
  expect(await say(reference, "accept")).toMatchObject(sent);
  expect(await say(reference, "accept", { keeperOrderId: "78" })).toMatchObject({
    status: 409,
    body: { code: "keeper_answer_conflict" },
  });
  expect(await references("wanted")).toEqual([]);
  const listed = await api.get(`/v1/keeper-orders?orderId=${orderId}`);
  expect(listed.body.keeperOrders).toMatchObject([{ state: "sent", keeperOrderId: "77" }]);
});

test("one that is cancelled before it was accepted cannot be accepted any more", async () => {
  const reference = await given();
  await order("cancelled", 2);
  await waitUntil(async () => (await references("cancelled")).length === 1);
  expect(await say(reference, "accept")).toMatchObject({
    status: 409,
    body: { code: "keeper_answer_conflict", message: `${reference} is cancelled: "accept" does not fit.` },
  });
  const { body } = await api.get("/v1/keepers/wh/orders?state=cancelled&limit=200");
  expect((body.orders as { shipTo: object | null }[]).map(({ shipTo }) => shipTo)).toContain(null);
});

test("one that was accepted is asked back, and waits for the answer: cancelled", async () => {
  const reference = await given();
  await say(reference, "accept");
  expect(await say(reference, "cancelled")).toMatchObject({ status: 409 });
  await order("cancelled", 2);
  expect(await given("cancelling")).toBe(reference);
  // Nobody calls it: it is asked for until it answers.
  await waitUntil(async () => {
    const sql = "select next_attempt_at as at from keeper_order where reference = $1";
    return (await database.pool.query(sql, [reference])).rows[0]?.at === null;
  });
  expect(await references("cancelling")).toEqual([reference]);
  expect(await say(reference, "cancelled")).toMatchObject({ body: { state: "cancelled" } });
  expect(await say(reference, "cancelled")).toMatchObject({ body: { state: "cancelled" } });
  expect(await say(reference, "too-late")).toMatchObject({ status: 409 });
});

test("or too late, which alarms somebody", async () => {
  const reference = await given();
  await say(reference, "accept");
  await order("cancelled", 2);
  await given("cancelling");
  expect(await say(reference, "too-late")).toMatchObject({ body: { state: "too_late" } });
  expect(await alerts("fulfilment_too_late")).toEqual([expect.stringContaining("too late to stop it")]);
});

test("what it refuses alarms somebody, and is wanted again when it is retried", async () => {
  const reference = await given();
  expect(await say(reference, "refuse")).toMatchObject({ status: 400, body: { field: "reason" } });
  expect(await say(reference, "refuse", { reason: "no box is large enough" })).toMatchObject({
    body: { state: "refused" },
  });
  expect(await alerts("fulfilment_refused")).toEqual([expect.stringContaining("no box is large enough")]);
  await api.post(`/v1/keeper-orders/${reference}/retry`, {});
  // It stays wanted: nobody tells a keeper that fetches.
  await waitUntil(async () => {
    const sql = "select next_attempt_at as at from keeper_order where reference = $1";
    return (await database.pool.query(sql, [reference])).rows[0]?.at === null;
  });
  expect(await references("wanted")).toEqual([reference]);
  await say(reference, "accept");
  expect(await alerts("fulfilment_refused")).toEqual([]);
});

test("what is left of an order that it let go is wanted anew", async () => {
  const reference = await given();
  await say(reference, "accept");
  await order("paid", 2, 1);
  await given("cancelling");
  expect(await references("wanted")).toEqual([]);
  await say(reference, "cancelled");
  const anew = await given();
  expect(anew).not.toBe(reference);
  const { body } = await api.get("/v1/keepers/wh/orders?limit=200");
  const mine = (body.orders as { reference: string; lines: object[] }[]).find(
    (one) => one.reference === anew,
  );
  expect(mine?.lines).toEqual([{ lineId: "1", item: "KB-MEDIUM", units: 1 }]);
});

test("deliveries are fetched and answered likewise", async () => {
  await api.put(`/v1/inbounds/PO-${nth}`, { location: "3pl", lines: [{ sku: "KB-M", units: 40 }] });
  const found = async () => {
    const { body } = await api.get("/v1/keepers/wh/inbounds");
    return body.inbounds as { reference: string; inboundId: string; lines: object[] }[];
  };
  fulfilment?.wake();
  await waitUntil(async () => (await found()).length === 1);
  const [inbound] = await found();
  expect(inbound).toMatchObject({
    inboundId: `PO-${nth}`,
    facility: "MEX",
    lines: [{ item: "KB-MEDIUM", units: 40 }],
  });
  const path = `/v1/keepers/wh/inbounds/${inbound?.reference ?? ""}`;
  expect(await api.post(`${path}/accept`, { keeperInboundId: "R9" })).toMatchObject({
    body: { state: "sent" },
  });
  expect(await found()).toEqual([]);
  expect(await api.post(`${path}/too-late`, {})).toMatchObject({ status: 409 });
  expect(await api.post(`${path}/refuse`, { reason: "the yard is full" })).toMatchObject({
    body: { state: "refused" },
  });
  expect(await api.post("/v1/keepers/wh/inbounds/none/accept", {})).toMatchObject({
    status: 404,
    body: { code: "unknown_inbound" },
  });
});

test("pages go on where the last one ended", async () => {
  await given();
  const first = await api.get("/v1/keepers/wh/orders?state=wanted&limit=1");
  const sent = await api.get("/v1/keepers/wh/orders?state=sent&limit=1");
  const next = await api.get(
    `/v1/keepers/wh/orders?state=sent&limit=1&cursor=${String(sent.body.nextCursor)}`,
  );
  expect(first.body.orders).toHaveLength(1);
  expect(next.body.orders[0].reference).not.toBe(sent.body.orders[0].reference);
});

test("only keepers that fetch have anything here, only their own, only live", async () => {
  const reference = await given();
  await api.put("/v1/connections/bob", { kind: "shipbob", locations: { "1": "3pl" } });
  expect(await api.get("/v1/keepers/bob/orders")).toMatchObject({
    status: 400,
    body: { field: "connection" },
  });
  await api.put("/v1/connections/other", { kind: "http-keeper", mode: "live" });
  expect(await api.post(`/v1/keepers/other/orders/${reference}/accept`, {})).toMatchObject({
    status: 404,
    body: { code: "unknown_keeper_order" },
  });
  expect(await api.get("/v1/keepers/wh/orders", api.seller.keys.read)).toMatchObject({ status: 403 });
  expect(await api.get("/v1/keepers/wh/orders", api.other.keys.admin)).toMatchObject({ status: 404 });
  await connect("shadow");
  expect(await api.get("/v1/keepers/wh/orders")).toMatchObject({
    status: 409,
    body: { code: "keeper_not_live" },
  });
  expect(await connect("live")).toMatchObject({ status: 200 });
});
