import { expect, test } from "vitest";

import { CICERO, orderRequest, SKU, startReceiver, startTestShipBob } from "./test-shipbob.ts";

const at = { facility: CICERO.name, item: SKU };

test("the truth tells what is really there, what the record says, and what was lost, found and broken", async () => {
  const keeper = await startTestShipBob();
  await keeper.act("lose", { ...at, units: 3 });
  await keeper.act("damage", { ...at, units: 2 });
  await keeper.act("find", { ...at, units: 1, noticed: true });
  const truth = await keeper.worldTruth();
  const stock = truth.stocks.find(({ item, facility }) => item === SKU && facility === CICERO.name);
  expect(stock).toMatchObject({
    physical: { shelf: 36, damaged: 2 },
    record: { shelf: 41, damaged: 0 },
    physicalUnits: 38,
    recordedUnits: 41,
    recordError: 3,
  });
  expect(truth.items.find(({ item }) => item === SKU)).toMatchObject({
    lost: 3,
    found: 1,
    damaged: 2,
    opening: 40,
  });
  expect(truth.totals).toMatchObject({ opening: 120, physicalUnits: 118, recordedUnits: 121 });
  expect(truth.stocks).toEqual(keeper.truth().stocks);
});

test("acts that cannot be done say why, and change nothing", async () => {
  const keeper = await startTestShipBob();
  const before = (await keeper.worldTruth()).stocks;
  const act = (name: string, body: object) =>
    keeper.sim<{ code: string }>("POST", `/warehouse/${name}`, body);
  const answers = [
    await act("lose", { ...at, units: 41 }),
    await act("lose", { ...at, item: "nothing", units: 1 }),
    await act("pick", { id: "nobody" }),
    await act("lose", { ...at, units: 0 }),
    await act("dance", {}),
  ];
  expect(answers.map(({ status, body }) => [status, body.code])).toEqual([
    [409, "not_enough"],
    [404, "unknown_item"],
    [404, "unknown_order"],
    [400, "invalid_request"],
    [404, "unknown_act"],
  ]);
  expect((await keeper.worldTruth()).stocks).toEqual(before);
});

test("people can be set to work, and what they did can be read", async () => {
  const keeper = await startTestShipBob();
  const second = { min: 1_000, max: 1_000 };
  const set = await keeper.sim("PUT", "/warehouse/floor", {
    pickAfterMs: second,
    packAfterMs: second,
    shipAfterMs: second,
  });
  expect(set.body).toMatchObject({ pickAfterMs: second, shortOrders: "hold", lossesPerDay: 0 });
  await keeper.order("o-1", 1);
  await keeper.sim("POST", "/clock", { advanceMs: 10_000 });
  const events = await keeper.sim<{ entries: { n: number; act: string; by: string }[]; next: number }>(
    "GET",
    "/warehouse/events?after=3",
  );
  expect(events.body.entries.map(({ act, by }) => [act, by])).toEqual([
    ["order_accepted", "api"],
    ["allocated", "keeper"],
    ["picked", "floor"],
    ["packed", "floor"],
    ["shipped", "floor"],
    ["shipment_left", "floor"],
  ]);
  const documents = await keeper.sim<{ orders: { state: string }[] }>("GET", "/warehouse/documents");
  expect(documents.body.orders).toMatchObject([{ state: "shipped" }]);
});

test("the account can be read and added to; names that collide are refused", async () => {
  const keeper = await startTestShipBob();
  const added = await keeper.sim("PUT", "/account", {
    token: "another-token",
    facilities: [{ id: 30, name: "Tlalnepantla" }],
    items: [{ sku: "KB-XL", inventoryId: 777, units: { Tlalnepantla: 9 } }],
  });
  expect(added.status, added.text).toBe(200);
  expect((await keeper.api("GET", "/location")).status).toBe(401);
  const headers = { authorization: "Bearer another-token" };
  const level = await keeper.api("GET", "/inventory-level/777/locations", { headers });
  expect(level.body).toMatchObject({ locations: [{ location_id: 30, on_hand_quantity: 9 }] });
  for (const wrong of [
    { facilities: [{ id: 31, name: "Tlalnepantla" }] },
    { items: [{ sku: "KB-XXL", inventoryId: 777 }] },
    { items: [{ sku: "KB-XL", units: { Nowhere: 1 } }] },
  ]) {
    expect((await keeper.sim("PUT", "/account", wrong)).status).toBe(400);
  }
});

test("any body can be posted anywhere", async () => {
  const [keeper, receiver] = [await startTestShipBob(), await startReceiver()];
  const answer = await keeper.sim("POST", "/notify", {
    url: receiver.url,
    body: { hello: 1 },
    headers: { "webhook-id": "x" },
  });
  expect(answer.body).toMatchObject({ status: 200 });
  expect(receiver.received).toMatchObject([{ body: { hello: 1 }, headers: { "webhook-id": "x" } }]);
});

test("a chain of simulated actions ships and delivers, each after its minutes", async () => {
  const keeper = await startTestShipBob();
  const order = await keeper.order("o-1", 2);
  const simulation = { action: "ShipOrder", delay: 5, next: { action: "DeliverOrder", delay: 10 } };
  const body = { shipment_id: String(order.shipments[0]?.id), simulation };
  const started = await keeper.api<{ simulation_id: string }>("POST", "/simulate/shipment", { body });
  expect(started.status, started.text).toBe(200);
  const status = async () => (await keeper.api("GET", `/simulate/status/${started.body.simulation_id}`)).body;
  keeper.clock.advance(5 * 60_000 - 1);
  expect(await keeper.readOrder(order.id)).toMatchObject({ status: "Processing" });
  keeper.clock.advance(1);
  expect(await keeper.readOrder(order.id)).toMatchObject({ status: "Fulfilled" });
  expect(await status()).toMatchObject({
    simulation: { status: "Completed", next: { status: "Scheduled" } },
  });
  keeper.clock.advance(10 * 60_000);
  expect(await keeper.readOrder(order.id)).toMatchObject({
    shipments: [{ status: "Completed", status_details: [{ id: 203 }] }],
  });
  expect(await status()).toMatchObject({ simulation: { next: { status: "Completed" } } });
});

test("simulated actions exist in the sandbox only, for shipments that exist", async () => {
  const keeper = await startTestShipBob();
  const body = { shipment_id: "1", simulation: { action: "ShipOrder" } };
  expect((await keeper.api("POST", "/simulate/shipment", { body })).status).toBe(400);
  await keeper.sim("PUT", "/settings", { sandbox: false });
  expect((await keeper.api("POST", "/simulate/shipment", { body })).status).toBe(404);
});

/** What a run gives away: ids, tokens, and when things happened. */
async function play(seed: number, inBetween: boolean): Promise<unknown> {
  const [keeper, receiver] = [
    await startTestShipBob({
      seed,
      floor: { pickAfterMs: { min: 0, max: 600_000 }, lossesPerDay: 12, countsPerDay: 6 },
    }),
    await startReceiver(),
  ];
  const hook = { url: receiver.url, topics: ["order.shipment.exception"] };
  const made = await keeper.api<{ id: string; secret: string }>("POST", "/webhook", { body: hook });
  const ids: unknown[] = [made.body.id, made.body.secret];
  for (let order = 0; order < 4; order += 1) {
    const answer = await keeper.api<{ id: number }>("POST", "/order", {
      body: orderRequest(`o-${order}`, 1),
    });
    ids.push(answer.body.id);
    if (inBetween) await keeper.api("GET", "/inventory-level");
    keeper.clock.advance(3 * 3_600_000);
  }
  const events = await keeper.sim("GET", "/warehouse/events");
  return { token: keeper.account, ids, events: events.body };
}

test("the same seed and the same calls give the same ids, secrets, losses and times", async () => {
  expect(await play(7, true)).toEqual(await play(7, false));
  expect(await play(8, false)).not.toEqual(await play(7, false));
});
