import { expect, test } from "vitest";

import { CICERO, MORENO, type OrderBody, orderRequest, SKU, startTestShipBob } from "./test-shipbob.ts";

test("an order is told with its one shipment, promised from stock", async () => {
  const keeper = await startTestShipBob();
  const order = await keeper.order("o-1", 3, { order_number: "1001" });
  expect(order).toMatchObject({ reference_id: "o-1", order_number: "1001", status: "Processing" });
  expect(order.shipments).toMatchObject([
    {
      order_id: order.id,
      status: "Processing",
      location: { id: CICERO.id },
      actual_fulfillment_date: null,
      products: [
        { sku: SKU, inventory_items: [{ id: keeper.inventoryId, quantity: 3, quantity_committed: 3 }] },
      ],
    },
  ]);
  const [shipment] = order.shipments;
  expect((await keeper.api("GET", `/shipment/${shipment?.id}`)).body).toMatchObject({ id: shipment?.id });
});

test("a reference is taken once per channel: 422 by field, and nothing is promised twice", async () => {
  const keeper = await startTestShipBob();
  const first = await keeper.order("o-1", 3);
  const again = await keeper.api("POST", "/order", { body: orderRequest("o-1", 3) });
  expect([again.status, again.body]).toEqual([422, { reference_id: [expect.any(String)] }]);
  expect(await keeper.level()).toMatchObject({ committed_quantity: 3 });
  const found = await keeper.api<OrderBody[]>("GET", "/order?ReferenceIds=o-0,o-1");
  expect(found.body.map(({ id }) => id)).toEqual([first.id]);
});

test("what is required and missing is told by field", async () => {
  const keeper = await startTestShipBob();
  for (const [broken, field] of [
    [{ reference_id: "" }, "reference_id"],
    [{ type: "Retail" }, "type"],
    [{ shipping_method: undefined }, "shipping_method"],
    [{ products: [] }, "products"],
    [{ recipient: { name: "Ana" } }, "recipient.address"],
  ] as const) {
    const answer = await keeper.api<object>("POST", "/order", { body: orderRequest("o-1", 1, broken) });
    expect([answer.status, Object.keys(answer.body)]).toEqual([400, [field]]);
  }
  const nameless = { products: [{ reference_id: "NEW-1", quantity: 1 }] };
  expect((await keeper.api("POST", "/order", { body: orderRequest("o-1", 1, nameless) })).status).toBe(422);
});

test("an order for what nobody ever received makes a product, and stands in exception", async () => {
  const keeper = await startTestShipBob();
  const products = [{ reference_id: "NEW-1", name: "Something new", quantity: 1 }];
  const order = await keeper.order("o-1", 1, { products });
  expect(order).toMatchObject({ status: "Exception" });
  expect(order.shipments).toMatchObject([
    { status: "Exception", status_details: [{ id: 303, name: "OutOfStock" }] },
  ]);
  await keeper.act("lay", { facility: CICERO.name, item: "NEW-1", units: 1 });
  expect(await keeper.readOrder(order.id)).toMatchObject({ status: "Processing" });
});

test("more than there is stands in exception until goods come", async () => {
  const keeper = await startTestShipBob();
  const order = await keeper.order("o-1", 41);
  expect(order.shipments).toMatchObject([{ status: "Exception", status_details: [{ id: 308 }] }]);
  await keeper.act("find", { facility: CICERO.name, item: SKU, units: 1, noticed: true });
  expect(await keeper.readOrder(order.id)).toMatchObject({ status: "Processing" });
});

test("an order goes where it can be filled, or where it is told to", async () => {
  const keeper = await startTestShipBob();
  await keeper.act("lay", { facility: MORENO.name, item: SKU, units: 50 });
  const many = await keeper.order("o-1", 45);
  expect(many.shipments).toMatchObject([{ location: { id: MORENO.id } }]);
  const few = await keeper.order("o-2", 1, { location_id: MORENO.id });
  expect(few.shipments).toMatchObject([{ location: { id: MORENO.id } }]);
  const nowhere = await keeper.api("POST", "/order", { body: orderRequest("o-3", 1, { location_id: 7 }) });
  expect(nowhere.status).toBe(422);
});

test("an order that leaves in two parcels becomes two shipments, with units and times of their own", async () => {
  const keeper = await startTestShipBob();
  const { id } = await keeper.order("o-1", 3);
  await keeper.act("pick", { id: String(id) });
  await keeper.act("pack", { id: String(id) });
  await keeper.act("ship", { id: String(id), lines: [{ item: SKU, units: 2 }] });
  const half = await keeper.readOrder(id);
  expect(half).toMatchObject({
    status: "PartiallyFulfilled",
    shipments: [
      { status: "Completed", actual_fulfillment_date: "2026-11-02T08:00:00.000+00:00" },
      { status: "Processing", status_details: [{ id: 101 }] },
    ],
  });
  const units = half.shipments.map(({ products }) => products[0]?.inventory_items[0]?.quantity);
  expect(units).toEqual([2, 1]);
  keeper.clock.advance(60_000);
  await keeper.act("ship", { id: String(id) });
  expect(await keeper.readOrder(id)).toMatchObject({
    status: "Fulfilled",
    shipments: [{ status: "Completed" }, { actual_fulfillment_date: "2026-11-02T08:01:00.000+00:00" }],
  });
});

test("an order can be cancelled until it is picked", async () => {
  const keeper = await startTestShipBob();
  const { id } = await keeper.order("o-1", 3);
  const cancelled = await keeper.api("POST", `/order/${id}:cancel`);
  expect(cancelled.status).toBe(200);
  expect(cancelled.body).toMatchObject({
    order_id: id,
    status: "Success",
    order: { status: "Cancelled", shipments: [{ status: "Cancelled" }] },
    canceled_shipment_results: [{ is_success: true, action: "Cancel" }],
  });
  expect(await keeper.level()).toMatchObject({ on_hand_quantity: 40, committed_quantity: 0 });
  expect((await keeper.api("POST", `/order/${id}:cancel`)).status).toBe(422);
  const second = await keeper.order("o-2", 3);
  await keeper.act("pick", { id: String(second.id) });
  expect((await keeper.api("POST", `/order/${second.id}:cancel`)).status).toBe(422);
  expect(await keeper.readOrder(second.id)).toMatchObject({ status: "Processing" });
  expect((await keeper.api("POST", "/order/1:cancel")).status).toBe(404);
});

test("a shipment can be cancelled by itself", async () => {
  const keeper = await startTestShipBob();
  const order = await keeper.order("o-1", 3);
  const [shipment] = order.shipments;
  const answer = await keeper.api("POST", `/shipment/${shipment?.id}:cancel`);
  expect([answer.status, answer.body]).toMatchObject([200, { status: "Cancelled" }]);
});

test("what the keeper cannot find it ships short: one shipment completed, one cancelled", async () => {
  const keeper = await startTestShipBob({
    floor: {
      pickAfterMs: { min: 1_000, max: 1_000 },
      packAfterMs: { min: 1_000, max: 1_000 },
      shipAfterMs: { min: 1_000, max: 1_000 },
      shortOrders: "ship",
    },
  });
  const { id } = await keeper.order("o-1", 41);
  keeper.clock.advance(10_000);
  const order = await keeper.readOrder(id);
  expect(order).toMatchObject({
    status: "Fulfilled",
    shipments: [{ status: "Completed" }, { status: "Cancelled" }],
  });
  const units = order.shipments.map(({ products }) => products[0]?.inventory_items[0]?.quantity);
  expect(units).toEqual([40, 1]);
});

test("orders are listed by their last change, in pages", async () => {
  const keeper = await startTestShipBob();
  const ids: number[] = [];
  for (let order = 0; order < 3; order += 1) {
    ids.push((await keeper.order(`o-${order}`, 1)).id);
    keeper.clock.advance(3_600_000);
  }
  await keeper.act("pick", { id: String(ids[0]) });
  const list = async (query: string): Promise<number[]> => {
    const answer = await keeper.api<OrderBody[]>("GET", `/order?${query}`);
    expect(answer.status, answer.text).toBe(200);
    return answer.body.map(({ id }) => id);
  };
  expect(await list("")).toEqual(ids.toReversed());
  expect(await list("LastUpdateStartDate=2026-11-02T09:30:00Z&SortOrder=Oldest")).toEqual([ids[0], ids[2]]);
  expect(await list("StartDate=2026-11-02T08:30:00Z&EndDate=2026-11-02T09:30:00Z")).toEqual([ids[1]]);
  expect(await list("Limit=2&Page=2")).toEqual([ids[0]]);
  expect(await list(`IDs=${ids[1]}`)).toEqual([ids[1]]);
  expect(await list("HasTracking=true")).toEqual([]);
  expect((await keeper.api("GET", "/order?LastUpdateStartDate=soon")).status).toBe(400);
  expect((await keeper.api("GET", "/order?Limit=251")).status).toBe(400);
});

test("an order that the keeper took in by itself is told as one of no channel of ours", async () => {
  const keeper = await startTestShipBob();
  await keeper.act("accept-order", { id: "shop-7", facility: CICERO.name, lines: [{ item: SKU, units: 2 }] });
  const { body } = await keeper.api<OrderBody[]>("GET", "/order?ReferenceIds=shop-7");
  expect(body).toMatchObject([{ channel: { id: 0 }, status: "Processing" }]);
});
