import { describe, expect, it } from "vitest";

import { orderInput, OTHER_SKU, SKU, startTestShipHero, type TestShipHero } from "./test-shiphero.ts";

const ORDER = `query ($id: String!) { order(id: $id) { data {
  order_number partner_order_id shop_name fulfillment_status updated_at holds { address_hold }
  line_items(first: 10) { total_count edges { node {
    sku partner_line_item_id fulfillment_status quantity quantity_pending_fulfillment quantity_shipped quantity_allocated
    backorder_quantity } } }
  allocations { warehouse_id ready_to_ship line_items { sku quantity_allocated } }
  shipments { id warehouse_id line_items(first: 10) { edges { node { quantity line_item { sku } } } } shipping_labels { tracking_number } }
} } }`;

interface OrderData {
  order: {
    data: {
      fulfillment_status: string;
      updated_at: string;
      line_items: { edges: { node: Record<string, unknown> }[] };
      shipments: { line_items: { edges: { node: { quantity: number } }[] } }[];
    };
  };
}

async function read({ ask }: TestShipHero, id: string) {
  return (await ask<OrderData>(ORDER, { id })).order.data;
}

const CANCEL =
  "mutation ($data: CancelOrderInput!) { order_cancel(data: $data) { order { fulfillment_status } } }";

describe("an order", () => {
  it("is told with its lines, what is allocated and the buildings", async () => {
    const vendor = await startTestShipHero();
    const { id } = await vendor.order(12);
    expect(await read(vendor, id)).toMatchObject({
      order_number: "N-REF-1",
      partner_order_id: "REF-1",
      shop_name: "onepool",
      fulfillment_status: "pending",
      holds: { address_hold: false },
      line_items: {
        total_count: 1,
        edges: [
          {
            node: {
              sku: SKU,
              partner_line_item_id: "REF-1-1",
              quantity: 12,
              quantity_pending_fulfillment: 12,
              quantity_shipped: 0,
              quantity_allocated: 10,
              backorder_quantity: 2,
            },
          },
        ],
      },
      allocations: [
        { warehouse_id: vendor.warehouseId, ready_to_ship: false, line_items: [{ quantity_allocated: 10 }] },
      ],
      shipments: [],
    });
  });

  it("is found by what it is called, by its state and by the time it changed", async () => {
    const vendor = await startTestShipHero();
    const { id } = await vendor.order(1);
    await vendor.sim("POST", "/clock", { advanceMs: 60_000 });
    await vendor.order(1, "REF-2");
    const found = async (filter: string) => {
      const answer = await vendor.ask<{
        orders: { data: { edges: { node: { partner_order_id: string } }[] } };
      }>(`{ orders(${filter}) { data(first: 10) { edges { node { partner_order_id } } } } }`);
      return answer.orders.data.edges.map(({ node }) => node.partner_order_id);
    };
    expect(await found(`partner_order_id: "REF-1"`)).toEqual(["REF-1"]);
    expect(await found(`order_number: "N-REF-2"`)).toEqual(["REF-2"]);
    expect(await found(`shop_name: "onepool"`)).toEqual(["REF-1", "REF-2"]);
    expect(await found(`fulfillment_status: "canceled"`)).toEqual([]);
    expect(await found(`updated_from: "2026-11-23T10:21:00"`)).toEqual(["REF-2"]);
    expect(await found(`updated_to: "2026-11-23T10:21:00"`)).toEqual(["REF-1"]);
    await vendor.sim("POST", "/clock", { advanceMs: 60_000 });
    await vendor.ask(CANCEL, { data: { order_id: id } });
    expect(await found(`updated_from: "2026-11-23T10:22:00"`)).toEqual(["REF-1"]);
  });

  it("is shipped in parts", async () => {
    const vendor = await startTestShipHero();
    const { id, legacy_id: number } = await vendor.order(3);
    await vendor.act("pick", { id: String(number) });
    await vendor.act("pack", { id: String(number) });
    await vendor.act("ship", { id: String(number), lines: [{ item: SKU, units: 1 }] });
    expect(await read(vendor, id)).toMatchObject({
      fulfillment_status: "pending",
      line_items: { edges: [{ node: { quantity_shipped: 1, quantity_pending_fulfillment: 2 } }] },
      shipments: [{ line_items: { edges: [{ node: { quantity: 1, line_item: { sku: SKU } } }] } }],
    });
    await vendor.sim("POST", "/clock", { advanceMs: 60_000 });
    await vendor.act("ship", { id: String(number) });
    const shipped = await read(vendor, id);
    expect(shipped).toMatchObject({ fulfillment_status: "fulfilled", updated_at: "2026-11-23T10:21:30" });
    expect(shipped.shipments.map(({ line_items: lines }) => lines.edges[0]?.node.quantity)).toEqual([1, 2]);
    const answer = await vendor.ask<{ shipments: { data: { edges: { node: { created_date: string } }[] } } }>(
      `{ shipments(order_id: "${id}", date_from: "2026-11-23T10:21:00") { data { edges { node { created_date } } } } }`,
    );
    expect(answer.shipments.data.edges).toEqual([{ node: { created_date: "2026-11-23T10:21:30" } }]);
  });

  it("shares what left of one SKU among its lines", async () => {
    const vendor = await startTestShipHero();
    const line = (n: number, quantity: number) => ({
      sku: SKU,
      partner_line_item_id: `L${n}`,
      quantity,
      price: "1.00",
    });
    const data = { ...orderInput("R", 1), line_items: [line(1, 2), line(2, 3)] };
    const made = await vendor.ask<{ order_create: { order: { id: string; legacy_id: number } } }>(
      "mutation ($data: CreateOrderInput!) { order_create(data: $data) { order { id legacy_id } } }",
      { data },
    );
    const { id, legacy_id: number } = made.order_create.order;
    await vendor.act("pick", { id: String(number) });
    await vendor.act("pack", { id: String(number) });
    await vendor.act("ship", { id: String(number), lines: [{ item: SKU, units: 4 }] });
    const { line_items: lines, shipments } = await read(vendor, id);
    expect(lines.edges.map(({ node }) => node.quantity_shipped)).toEqual([2, 2]);
    expect(shipments[0]?.line_items.edges.map(({ node }) => node.quantity)).toEqual([2, 2]);
  });

  it("is cancelled until it has left, and what was picked goes back", async () => {
    const vendor = await startTestShipHero();
    const { id, legacy_id: number } = await vendor.order(3);
    await vendor.act("pick", { id: String(number) });
    expect(await vendor.ask(CANCEL, { data: { order_id: id, reason: "Changed mind" } })).toEqual({
      order_cancel: { order: { fulfillment_status: "canceled" } },
    });
    expect((await vendor.graphql(CANCEL, { data: { order_id: id } })).errors?.[0]?.message).toContain(
      "already",
    );
    await vendor.act("put-back", { id: String(number) });
    expect(vendor.truth().shown[0]).toMatchObject({ onHand: 10, available: 10 });

    const gone = await vendor.order(2, "REF-2");
    await vendor.act("pick", { id: String(gone.legacy_id) });
    await vendor.act("pack", { id: String(gone.legacy_id) });
    await vendor.act("ship", { id: String(gone.legacy_id), lines: [{ item: SKU, units: 1 }] });
    expect((await vendor.graphql(CANCEL, { data: { order_id: gone.id } })).errors?.[0]?.message).toContain(
      "shipments",
    );
    expect(await vendor.ask(CANCEL, { data: { order_id: gone.id, force: true } })).toMatchObject({
      order_cancel: { order: { fulfillment_status: "fulfilled" } },
    });
  });

  it("is changed in its papers only", async () => {
    const vendor = await startTestShipHero();
    const { id } = await vendor.order(1);
    const answer = await vendor.ask(
      `mutation { order_update(data: { order_id: "${id}", order_number: "N-2", packing_note: "Fragile" }) { order { order_number packing_note } } }`,
    );
    expect(answer).toEqual({ order_update: { order: { order_number: "N-2", packing_note: "Fragile" } } });
  });

  it("is held when its address is not whole", async () => {
    const vendor = await startTestShipHero();
    const data = { ...orderInput("R", 1), shipping_address: { first_name: "Ana" } };
    expect(
      await vendor.ask(
        "mutation ($data: CreateOrderInput!) { order_create(data: $data) { order { holds { address_hold } } } }",
        {
          data,
        },
      ),
    ).toEqual({ order_create: { order: { holds: { address_hold: true } } } });
  });

  it("goes to the building that has all of it, or to the one its lines are locked to", async () => {
    const vendor = await startTestShipHero();
    const { body } = await vendor.sim<{ warehouses: { facility: string; warehouseId: string }[] }>(
      "PUT",
      "/account",
      {
        warehouses: [{ facility: "south", identifier: "Secondary" }],
        items: [
          { sku: SKU, units: { south: 50 } },
          { sku: OTHER_SKU, units: { south: 1 } },
        ],
      },
    );
    const south = body.warehouses.find(({ facility }) => facility === "south")?.warehouseId;
    const create = `mutation ($data: CreateOrderInput!) { order_create(data: $data) { order { allocations { warehouse_id line_items { sku } } } } }`;
    expect(await vendor.ask(create, { data: orderInput("A", 20) })).toMatchObject({
      order_create: { order: { allocations: [{ warehouse_id: south }] } },
    });
    const line = { partner_line_item_id: "1", quantity: 1, price: "1.00" };
    const split = {
      ...orderInput("B", 1),
      line_items: [
        { ...line, sku: SKU },
        { ...line, sku: OTHER_SKU, partner_line_item_id: "2", warehouse_id: south },
      ],
    };
    expect(await vendor.ask(create, { data: split })).toMatchObject({
      order_create: {
        order: {
          allocations: [
            { warehouse_id: vendor.warehouseId, line_items: [{ sku: SKU }] },
            { warehouse_id: south, line_items: [{ sku: OTHER_SKU }] },
          ],
        },
      },
    });
  });

  it("of another way into the building is told under the building's own number", async () => {
    const vendor = await startTestShipHero();
    await vendor.act("accept-order", { id: "WEB-1", facility: "main", lines: [{ item: SKU, units: 2 }] });
    const answer = await vendor.ask(
      `{ orders(order_number: "WEB-1") { data(first: 1) { edges { node { shop_name line_items(first: 1) { edges { node { sku quantity } } } } } } } }`,
    );
    expect(answer).toMatchObject({
      orders: {
        data: {
          edges: [
            {
              node: {
                shop_name: "Manual Order",
                line_items: { edges: [{ node: { sku: SKU, quantity: 2 } }] },
              },
            },
          ],
        },
      },
    });
  });
});
