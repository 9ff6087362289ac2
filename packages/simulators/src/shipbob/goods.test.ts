import { expect, test } from "vitest";

import { CICERO, type OrderBody, SKU, startTestShipBob, type TestShipBob } from "./test-shipbob.ts";

interface ReceivingBody {
  id: number;
  status: string;
  status_history: { status: string }[];
  inventory_quantities: { expected_quantity: number; received_quantity: number; stowed_quantity: number }[];
}

interface ReturnBody {
  id: number;
  status: string;
  inventory: { quantity: number; action_taken: { action: string; quantity_processed: number }[] }[];
}

function receivingRequest({ inventoryId }: TestShipBob, quantity: number, more: object = {}): object {
  return {
    fulfillment_center: { id: CICERO.id },
    package_type: "Package",
    box_packaging_type: "EverythingInOneBox",
    expected_arrival_date: "2026-11-05T00:00:00Z",
    purchase_order_number: "PO-1",
    boxes: [{ tracking_number: "1Z", box_items: [{ inventory_id: inventoryId, quantity }] }],
    ...more,
  };
}

async function announced(keeper: TestShipBob, quantity: number): Promise<ReceivingBody> {
  const body = receivingRequest(keeper, quantity);
  const answer = await keeper.api<ReceivingBody>("POST", "/receiving", { body });
  expect(answer.status, answer.text).toBe(201);
  return answer.body;
}

test("goods are expected, received and stowed over several updates; only the stowed are on hand", async () => {
  const keeper = await startTestShipBob();
  const { id, status } = await announced(keeper, 10);
  expect(status).toBe("Awaiting");
  expect(await keeper.level()).toMatchObject({ on_hand_quantity: 40, awaiting_quantity: 10 });
  const read = async (): Promise<ReceivingBody> =>
    (await keeper.api<ReceivingBody>("GET", `/receiving/${id}`)).body;
  await keeper.act("arrive-inbound", { id: String(id) });
  expect((await read()).status).toBe("Arrived");
  await keeper.act("receive", { id: String(id), lines: [{ item: SKU, units: 6 }] });
  expect(await read()).toMatchObject({
    status: "Processing",
    inventory_quantities: [{ expected_quantity: 10, received_quantity: 6, stowed_quantity: 0 }],
  });
  expect(await keeper.level()).toMatchObject({ on_hand_quantity: 40, awaiting_quantity: 10 });
  await keeper.act("stow", { id: String(id), lines: [{ item: SKU, units: 4 }] });
  expect(await keeper.level()).toMatchObject({ on_hand_quantity: 44, awaiting_quantity: 6 });
  await keeper.act("stow", { id: String(id) });
  await keeper.act("receive", { id: String(id), lines: [{ item: SKU, units: 3, damaged: 1 }] });
  await keeper.act("stow", { id: String(id) });
  await keeper.act("close-inbound", { id: String(id) });
  const closed = await read();
  expect(closed).toMatchObject({
    status: "Completed",
    inventory_quantities: [{ expected_quantity: 10, received_quantity: 9, stowed_quantity: 8 }],
  });
  const history = closed.status_history.map((entry) => entry.status);
  expect(history).toEqual(["Awaiting", "Arrived", "Processing", "Completed"]);
  expect(await keeper.level()).toMatchObject({ on_hand_quantity: 48, awaiting_quantity: 0 });
});

test("receiving orders are listed by number, status and time, and cancelled until goods come", async () => {
  const keeper = await startTestShipBob();
  const { id } = await announced(keeper, 10);
  await keeper.act("announce-inbound", {
    id: "w1",
    facility: CICERO.name,
    lines: [{ item: SKU, expected: 1 }],
  });
  const ids = async (query: string): Promise<number[]> =>
    (await keeper.api<ReceivingBody[]>("GET", `/receiving?${query}`)).body.map((order) => order.id);
  expect(await ids("PurchaseOrderNumbers=PO-1")).toEqual([id]);
  expect(await ids("Statuses=Awaiting,Arrived")).toHaveLength(2);
  expect(await ids("CompletedStartDate=2026-01-01")).toEqual([]);
  const cancelled = await keeper.api<ReceivingBody>("POST", `/receiving/${id}:cancel`);
  expect([cancelled.status, cancelled.body.status]).toEqual([200, "Cancelled"]);
  expect((await keeper.api("POST", `/receiving/${id}:cancel`)).status).toBe(422);
  expect(await keeper.level()).toMatchObject({ awaiting_quantity: 1 });
});

test("a receiving order that is not whole is refused", async () => {
  const keeper = await startTestShipBob();
  for (const broken of [{ boxes: [] }, { package_type: "Bag" }, { expected_arrival_date: "soon" }]) {
    const body = receivingRequest(keeper, 1, broken);
    expect((await keeper.api("POST", "/receiving", { body })).status).toBe(400);
  }
  const elsewhere = receivingRequest(keeper, 1, { fulfillment_center: { id: 9 } });
  expect((await keeper.api("POST", "/receiving", { body: elsewhere })).status).toBe(404);
});

async function shipped(keeper: TestShipBob, reference: string, quantity: number): Promise<OrderBody> {
  const { id } = await keeper.order(reference, quantity);
  for (const act of ["pick", "pack", "ship"]) await keeper.act(act, { id: String(id) });
  return keeper.readOrder(id);
}

function returnRequest(keeper: TestShipBob, shipmentId: number | undefined, more: object = {}): object {
  return {
    reference_id: "rma-1",
    fulfillment_center: { id: CICERO.id },
    original_shipment_id: shipmentId,
    inventory: [{ id: keeper.inventoryId, quantity: 3, requested_action: "Restock" }],
    ...more,
  };
}

test("a return is told cumulatively, one line split over its dispositions; only the restocked are on hand", async () => {
  const keeper = await startTestShipBob();
  const order = await shipped(keeper, "o-1", 4);
  const body = returnRequest(keeper, order.shipments[0]?.id);
  const made = await keeper.api<ReturnBody>("POST", "/return", { body });
  expect(made.status, made.text).toBe(201);
  expect(made.body).toMatchObject({
    status: "AwaitingArrival",
    store_order_id: "o-1",
    reference_id: "rma-1",
  });
  const id = String(made.body.id);
  const read = async (): Promise<ReturnBody> => (await keeper.api<ReturnBody>("GET", `/return/${id}`)).body;
  await keeper.act("arrive-return", { id, lines: [{ item: SKU, units: 2 }] });
  expect(await read()).toMatchObject({ status: "Arrived", inventory: [{ quantity: 3, action_taken: [] }] });
  expect(await keeper.level()).toMatchObject({ on_hand_quantity: 36 });
  await keeper.act("inspect-return", { id, lines: [{ item: SKU, restock: 1 }] });
  expect(await read()).toMatchObject({ status: "Processing" });
  await keeper.act("inspect-return", { id, lines: [{ item: SKU, quarantine: 1, missing: 1 }] });
  const done = await read();
  expect(done.status).toBe("Completed");
  expect(
    done.inventory[0]?.action_taken.map(({ action, quantity_processed: units }) => [action, units]),
  ).toEqual([
    ["Restock", 1],
    ["Quarantine", 1],
  ]);
  expect(await keeper.level()).toMatchObject({ on_hand_quantity: 37 });
  const listed = await keeper.api<{ items: ReturnBody[] }>(
    "GET",
    "/return?Status=Completed&ReferenceIds=rma-1",
  );
  expect(listed.body.items.map((goods) => String(goods.id))).toEqual([id]);
});

test("a return's reference is taken once, an item stands in it once, and what has not left cannot come back", async () => {
  const keeper = await startTestShipBob();
  const order = await shipped(keeper, "o-1", 4);
  const shipmentId = order.shipments[0]?.id;
  const post = (body: object) => keeper.api("POST", "/return", { body });
  const line = { id: keeper.inventoryId, quantity: 1, requested_action: "Restock" };
  expect((await post(returnRequest(keeper, shipmentId, { inventory: [line, line] }))).status).toBe(422);
  const open = await keeper.order("o-2", 1);
  expect((await post(returnRequest(keeper, open.shipments[0]?.id))).status).toBe(422);
  expect((await post(returnRequest(keeper, shipmentId))).status).toBe(201);
  const again = await post(returnRequest(keeper, shipmentId));
  expect([again.status, again.body]).toMatchObject([422, { message: expect.any(String) }]);
});

test("a return can be cancelled until it arrives; one that nobody announced is told as well", async () => {
  const keeper = await startTestShipBob();
  const order = await shipped(keeper, "o-1", 4);
  const made = await keeper.api<ReturnBody>("POST", "/return", {
    body: returnRequest(keeper, order.shipments[0]?.id),
  });
  expect((await keeper.api("POST", `/return/${made.body.id}:cancel`)).status).toBe(200);
  expect((await keeper.api("POST", `/return/${made.body.id}:cancel`)).status).toBe(400);
  const lines = [{ item: SKU, expected: 1 }];
  await keeper.act("announce-return", {
    id: "parcel",
    facility: CICERO.name,
    orderId: String(order.id),
    lines,
  });
  const listed = await keeper.api<{ items: ReturnBody[] }>("GET", "/return");
  expect(listed.body.items).toMatchObject([
    { reference_id: "parcel", status: "AwaitingArrival", store_order_id: "o-1" },
    { status: "Cancelled" },
  ]);
});
