import { createHmac } from "node:crypto";

import { expect, test, vi } from "vitest";

import {
  CICERO,
  type Received,
  type Receiver,
  SKU,
  startReceiver,
  startTestShipBob,
  type TestShipBob,
} from "./test-shipbob.ts";

const secret = `whsec_${Buffer.from("a key of twenty-four byt").toString("base64")}`;

interface Webhook {
  id: string;
  secret?: string;
  enabled?: boolean;
}

async function subscribe(keeper: TestShipBob, receiver: Receiver, topics: string[]): Promise<Webhook> {
  const body = { url: receiver.url, topics, secret };
  const answer = await keeper.api<Webhook>("POST", "/webhook", { body });
  expect(answer.status, answer.text).toBe(200);
  return answer.body;
}

async function ship(keeper: TestShipBob, id: number, lines?: object[]): Promise<void> {
  if (lines === undefined || (await keeper.readOrder(id)).shipments.length === 1) {
    await keeper.act("pick", { id: String(id) });
    await keeper.act("pack", { id: String(id) });
  }
  await keeper.act("ship", { id: String(id), ...(lines === undefined ? {} : { lines }) });
}

/** Waits until all that was under way has been answered, however long the machine takes. */
async function settled(keeper: TestShipBob): Promise<void> {
  await vi.waitFor(async () => {
    const { body } = await keeper.sim<{ inFlight: number }>("GET", "/notifications");
    expect(body.inFlight).toBe(0);
  });
}

/** Lets the next minutes pass and waits for their answers. */
async function pass(keeper: TestShipBob, ms: number): Promise<void> {
  keeper.clock.advance(ms);
  await settled(keeper);
}

function idOf({ headers }: Received): string {
  return String(headers["webhook-id"]);
}

test("a delivery is signed after Standard Webhooks, over id, seconds and raw body", async () => {
  const [keeper, receiver] = [await startTestShipBob(), await startReceiver()];
  await subscribe(keeper, receiver, ["order.shipped"]);
  const order = await keeper.order("o-1", 2);
  await ship(keeper, order.id);
  keeper.clock.advance(5_000);
  const [post] = await receiver.until(1);
  if (post === undefined) throw new Error("nothing came");
  const { headers, raw, body } = post;
  expect(headers["x-webhook-topic"]).toBe("order.shipped");
  expect(headers["webhook-timestamp"]).toMatch(/^\d{10}$/);
  const key = Buffer.from(secret.slice("whsec_".length), "base64");
  const content = `${idOf(post)}.${String(headers["webhook-timestamp"])}.${raw}`;
  const signature = createHmac("sha256", key).update(content).digest("base64");
  expect(headers["webhook-signature"]).toBe(`v1,${signature}`);
  expect(body).toMatchObject({ order_id: order.id, reference_id: "o-1", status: "Completed" });
});

test("a secret is made where none is given, and told only once", async () => {
  const [keeper, receiver] = [await startTestShipBob(), await startReceiver()];
  const body = { url: receiver.url, topics: ["order.shipped"], description: "mine" };
  const made = await keeper.api<Webhook>("POST", "/webhook", { body });
  expect(made.body.secret).toMatch(/^whsec_[A-Za-z0-9+/=]{32}$/);
  const listed = await keeper.api<{ items: Webhook[] }>("GET", "/webhook");
  expect(listed.body.items).toMatchObject([{ id: made.body.id, enabled: true, description: "mine" }]);
  expect(listed.text).not.toContain("whsec_");
  expect((await keeper.api("DELETE", `/webhook/${made.body.id}`)).status).toBe(204);
  expect((await keeper.api<{ items: Webhook[] }>("GET", "/webhook")).body.items).toEqual([]);
});

test("topics and secrets that are none are refused with 422", async () => {
  const keeper = await startTestShipBob();
  const good = { url: "http://127.0.0.1:9/hook", topics: ["order.shipped"] };
  for (const broken of [
    { topics: ["inventory.updated"] },
    { topics: [] },
    { url: "here" },
    { secret: "whsec_?" },
  ]) {
    expect((await keeper.api("POST", "/webhook", { body: { ...good, ...broken } })).status).toBe(422);
  }
});

test("the retry ladder: 8 attempts with one webhook-id, then no more", async () => {
  const [keeper, receiver] = [await startTestShipBob(), await startReceiver()];
  receiver.answerWith(302);
  await subscribe(keeper, receiver, ["order.shipped"]);
  await ship(keeper, (await keeper.order("o-1", 2)).id);
  await pass(keeper, 5_000);
  const minute = 60_000;
  const hour = 60 * minute;
  const waits = [5_000, 5 * minute, 30 * minute, 2 * hour, 5 * hour, 10 * hour, 10 * hour];
  for (const [index, wait] of waits.entries()) {
    await pass(keeper, wait - 1_000);
    expect(receiver.received).toHaveLength(index + 1);
    await pass(keeper, 1_000);
    expect(receiver.received).toHaveLength(index + 2);
  }
  await pass(keeper, 100 * hour);
  expect(receiver.received).toHaveLength(8);
  expect(new Set(receiver.received.map(idOf)).size).toBe(1);
  const seconds = receiver.received.map(({ headers }) => Number(headers["webhook-timestamp"]));
  expect(new Set(seconds).size).toBe(8);
});

test("an attempt that is answered well is the last one", async () => {
  const [keeper, receiver] = [await startTestShipBob(), await startReceiver()];
  receiver.answerWith(500);
  await subscribe(keeper, receiver, ["order.shipped"]);
  await ship(keeper, (await keeper.order("o-1", 2)).id);
  await pass(keeper, 4_000);
  receiver.answerWith(204);
  await pass(keeper, 5_000);
  await pass(keeper, 100 * 3_600_000);
  expect(receiver.received).toHaveLength(2);
});

test("an endpoint that only fails for five days is switched off, and told nothing any more", async () => {
  const [keeper, receiver] = [await startTestShipBob(), await startReceiver()];
  receiver.answerWith(500);
  await subscribe(keeper, receiver, ["order.shipped"]);
  const day = 24 * 3_600_000;
  for (let shipments = 0; shipments < 7; shipments += 1) {
    await ship(keeper, (await keeper.order(`o-${shipments}`, 1)).id);
    await pass(keeper, 10_000);
    await pass(keeper, day);
  }
  const listed = await keeper.api<{ items: Webhook[] }>("GET", "/webhook");
  expect(listed.body.items).toMatchObject([{ enabled: false }]);
  const before = receiver.received.length;
  await ship(keeper, (await keeper.order("o-x", 1)).id);
  await pass(keeper, day);
  expect(receiver.received).toHaveLength(before);
});

test("order.shipped comes per shipment, or once when the whole order has left", async () => {
  for (const [orderShippedPer, expected] of [
    ["shipment", 2],
    ["order", 1],
  ] as const) {
    const [keeper, receiver] = [
      await startTestShipBob({ settings: { orderShippedPer } }),
      await startReceiver(),
    ];
    await subscribe(keeper, receiver, ["order.shipped"]);
    const { id } = await keeper.order("o-1", 3);
    await ship(keeper, id, [{ item: SKU, units: 2 }]);
    await pass(keeper, 5_000);
    expect(receiver.received).toHaveLength(expected - 1);
    await ship(keeper, id, [{ item: SKU, units: 1 }]);
    await pass(keeper, 5_000);
    expect(receiver.received).toHaveLength(expected);
    const holder = orderShippedPer === "shipment" ? { order_id: id } : { id, shipments: [{}, {}] };
    expect(receiver.received.at(-1)?.body).toMatchObject(holder);
  }
});

test("exceptions, cancellations, deliveries and returns are told to those who asked", async () => {
  const [keeper, receiver] = [await startTestShipBob(), await startReceiver()];
  const shipment = ["delivered", "exception", "cancelled"].map((what) => `order.shipment.${what}`);
  await subscribe(keeper, receiver, [...shipment, "return.created", "return.updated", "return.completed"]);
  const heard = (): string[] => receiver.received.map(({ headers }) => String(headers["x-webhook-topic"]));
  const short = await keeper.order("o-1", 41);
  await pass(keeper, 5_000);
  await keeper.api("POST", `/order/${short.id}:cancel`);
  await pass(keeper, 5_000);
  const order = await keeper.order("o-2", 1);
  await ship(keeper, order.id);
  await keeper.sim("POST", `/shipments/${order.shipments[0]?.id}/deliver`);
  await pass(keeper, 5_000);
  const lines = [{ item: SKU, expected: 1 }];
  await keeper.act("announce-return", { id: "r1", facility: CICERO.name, lines });
  await pass(keeper, 5_000);
  await keeper.act("arrive-return", { id: "r1" });
  await pass(keeper, 5_000);
  await keeper.act("inspect-return", { id: "r1", lines: [{ item: SKU, dispose: 1 }] });
  await pass(keeper, 5_000);
  expect(heard().slice(0, 5)).toEqual([
    "order.shipment.exception",
    "order.shipment.cancelled",
    "order.shipment.delivered",
    "return.created",
    "return.updated",
  ]);
  expect(new Set(heard().slice(5))).toEqual(new Set(["return.completed", "return.updated"]));
});

test("an order that is short for the blink of an act is no exception", async () => {
  const [keeper, receiver] = [await startTestShipBob(), await startReceiver()];
  await subscribe(keeper, receiver, ["order.shipment.exception"]);
  await keeper.order("o-1", 40);
  await pass(keeper, 60_000);
  expect(receiver.received).toEqual([]);
});

/** Ships so many orders with the given faults and tells what came, in its order. */
async function played(faults: object, orders: number): Promise<Received[]> {
  const [keeper, receiver] = [await startTestShipBob({ faults }), await startReceiver()];
  await subscribe(keeper, receiver, ["order.shipped"]);
  for (let order = 0; order < orders; order += 1) {
    await ship(keeper, (await keeper.order(`o-${order}`, 1)).id);
    await pass(keeper, 1_000);
  }
  for (let step = 0; step < 130; step += 1) await pass(keeper, 1_000);
  return receiver.received;
}

function references(received: readonly Received[]): string[] {
  return received.map(({ body }) => String(body.reference_id));
}

test("a delivery may be lost, for ever", async () => {
  expect(await played({ webhooks: { loss: 1 } }, 2)).toEqual([]);
});

test("a delivery may come twice, with the same webhook-id or another one", async () => {
  const same = await played({ webhooks: { duplicate: 1 } }, 1);
  expect([same.length, new Set(same.map(idOf)).size]).toEqual([2, 1]);
  const other = await played({ webhooks: { duplicateNewId: 1 } }, 1);
  expect([other.length, new Set(other.map(idOf)).size]).toEqual([2, 2]);
});

test("deliveries may overtake each other", async () => {
  const received = await played({ webhooks: { reorder: 1, reorderMs: 60_000 } }, 8);
  const inOrder = Array.from({ length: 8 }, (_, order) => `o-${order}`);
  expect(references(received)).not.toEqual(inOrder);
  expect(new Set(references(received))).toEqual(new Set(inOrder));
  expect(received).toHaveLength(8);
});

test("a late delivery tells of the past, and a silent topic tells nothing", async () => {
  const [keeper, receiver] = [
    await startTestShipBob({ faults: { webhooks: { slow: 1, slowMs: 3_600_000 } } }),
    await startReceiver(),
  ];
  await subscribe(keeper, receiver, ["order.shipment.exception", "order.shipment.cancelled"]);
  const { id } = await keeper.order("o-1", 41);
  await pass(keeper, 1_000);
  await keeper.sim("PUT", "/faults", { webhooks: { silent: ["order.shipment.cancelled"] } });
  await keeper.api("POST", `/order/${id}:cancel`);
  await pass(keeper, 2 * 3_600_000);
  expect(receiver.received.map(({ body }) => body.status)).toEqual(["Exception"]);
});
