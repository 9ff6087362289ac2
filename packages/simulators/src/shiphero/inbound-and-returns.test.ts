import { describe, expect, it } from "vitest";

import { passTime, SKU, startCallback, startTestShipHero, type TestShipHero } from "./test-shiphero.ts";

function poInput(vendor: TestShipHero, more: object = {}) {
  return {
    po_number: "PO-1",
    warehouse_id: vendor.warehouseId,
    subtotal: "0.00",
    shipping_price: "0.00",
    total_price: "0.00",
    po_date: "2026-12-01T00:00:00",
    line_items: [{ sku: SKU, quantity: 20, price: "0.00", expected_weight_in_lbs: "1" }],
    ...more,
  };
}

const CREATE =
  "mutation ($data: CreatePurchaseOrderInput!) { purchase_order_create(data: $data) { purchase_order { id legacy_id } } }";

interface Created {
  purchase_order_create: { purchase_order: { id: string; legacy_id: number } };
}

async function announce(vendor: TestShipHero, more: object = {}) {
  const answer = await vendor.ask<Created>(CREATE, { data: poInput(vendor, more) });
  return answer.purchase_order_create.purchase_order;
}

function read({ ask }: TestShipHero) {
  return ask(
    `{ purchase_order(po_number: "PO-1") { data { fulfillment_status po_date arrived_at date_closed
      line_items { edges { node { sku quantity quantity_received quantity_rejected } } } } } }`,
  );
}

function stood(status: string, received: number, rejected = 0) {
  const node = { sku: SKU, quantity: 20, quantity_received: received, quantity_rejected: rejected };
  return { purchase_order: { data: { fulfillment_status: status, line_items: { edges: [{ node }] } } } };
}

describe("a purchase order", () => {
  it("counts what has been put away, over several updates", async () => {
    const vendor = await startTestShipHero();
    const { legacy_id: number } = await announce(vendor);
    const id = String(number);
    expect(await read(vendor)).toMatchObject(stood("pending", 0));
    await vendor.act("receive", { id, lines: [{ item: SKU, units: 12, damaged: 2 }] });
    expect(await read(vendor)).toMatchObject(stood("pending", 0, 2));
    expect(vendor.truth().shown[0]).toMatchObject({ onHand: 10, nonSellable: 2 });
    await vendor.act("stow", { id, lines: [{ item: SKU, units: 4 }] });
    await vendor.act("stow", { id });
    expect(await read(vendor)).toMatchObject(stood("pending", 10, 2));
    expect(vendor.truth().shown[0]).toMatchObject({ onHand: 20, nonSellable: 2 });
    await vendor.act("close-inbound", { id });
    expect(await read(vendor)).toMatchObject({
      purchase_order: { data: { fulfillment_status: "closed", date_closed: "2026-11-23T10:20:30" } },
    });
  });

  it("may be sold ahead, which counts as inventory and not as on hand", async () => {
    const vendor = await startTestShipHero();
    await announce(vendor, {
      line_items: [{ sku: SKU, quantity: 20, price: "0.00", expected_weight_in_lbs: "1", sell_ahead: 5 }],
    });
    const answer = await vendor.ask(
      `{ warehouse_products(sku: "${SKU}") { data { edges { node { on_hand sell_ahead inbounds(first: 5) {
        edges { node { quantity quantity_received po_date } } } } } } } }`,
    );
    expect(answer).toMatchObject({
      warehouse_products: {
        data: {
          edges: [
            {
              node: {
                on_hand: 10,
                sell_ahead: 5,
                inbounds: {
                  edges: [{ node: { quantity: 20, quantity_received: 0, po_date: "2026-12-01T00:00:00" } }],
                },
              },
            },
          ],
        },
      },
    });
  });

  it("is refused twice under one number, and for what nobody knows", async () => {
    const vendor = await startTestShipHero();
    await announce(vendor);
    const messages = async (data: object) => (await vendor.graphql(CREATE, { data })).errors?.[0]?.message;
    expect(await messages(poInput(vendor))).toContain("already exists");
    const stranger = [{ sku: "NO-SUCH", quantity: 1, price: "0", expected_weight_in_lbs: "1" }];
    expect(await messages(poInput(vendor, { po_number: "PO-2", line_items: stranger }))).toContain(
      "not found",
    );
    expect(await messages(poInput(vendor, { po_number: "PO-2", line_items: [] }))).toContain("line_items");
  });

  it("is cancelled until goods are there, and its date can be moved", async () => {
    const vendor = await startTestShipHero();
    const { id, legacy_id: number } = await announce(vendor);
    await vendor.ask(
      `mutation { purchase_order_update(data: { po_id: "${id}", po_date: "2026-12-24" }) { request_id } }`,
    );
    expect(await read(vendor)).toMatchObject({
      purchase_order: { data: { po_date: "2026-12-24T00:00:00" } },
    });
    const cancel = `mutation { purchase_order_cancel(data: { po_id: "${id}" }) { purchase_order { fulfillment_status } } }`;
    await vendor.act("arrive-inbound", { id: String(number) });
    expect((await vendor.graphql(cancel)).errors?.[0]?.message).toContain("no longer");
    const other = await announce(vendor, { po_number: "PO-2" });
    expect(await vendor.ask(cancel.replace(id, other.id))).toEqual({
      purchase_order_cancel: { purchase_order: { fulfillment_status: "canceled" } },
    });
  });

  it("is told by PO Update as it stands", async () => {
    const callback = await startCallback();
    const vendor = await startTestShipHero({ callbackUrl: callback.url });
    const { id, legacy_id: number } = await announce(vendor);
    await passTime(vendor, 10_000);
    await vendor.act("receive", { id: String(number), lines: [{ item: SKU, units: 7 }] });
    await vendor.act("stow", { id: String(number) });
    await passTime(vendor, 10_000);
    const told = callback.ofType("PO Update");
    expect(told).toHaveLength(2);
    expect(told.at(-1)).toMatchObject({
      purchase_order: {
        po_number: "PO-1",
        po_uuid: id,
        status: "pending",
        line_items: [{ sku: SKU, quantity: 20, quantity_received: 7 }],
      },
    });
  });
});

describe("a return", () => {
  async function returned() {
    const callback = await startCallback();
    const vendor = await startTestShipHero({ callbackUrl: callback.url });
    const { id, legacy_id: number } = await vendor.order(4);
    for (const name of ["pick", "pack", "ship"]) await vendor.act(name, { id: String(number) });
    const lines = [{ item: SKU, expected: 4 }];
    await vendor.act("announce-return", { id: "RMA-1", facility: "main", orderId: "REF-1", lines });
    return { callback, vendor, orderId: id };
  }

  it("is cumulative, and tells of dispositions only what was restocked", async () => {
    const { vendor, orderId } = await returned();
    await vendor.act("arrive-return", { id: "RMA-1", lines: [{ item: SKU, units: 3 }] });
    await vendor.act("inspect-return", { id: "RMA-1", lines: [{ item: SKU, restock: 1, quarantine: 1 }] });
    await vendor.act("inspect-return", { id: "RMA-1", lines: [{ item: SKU, dispose: 1, missing: 1 }] });
    const answer = await vendor.ask(
      `{ returns(order_id: "${orderId}") { data { edges { node { status total_items_expected total_items_received total_items_restocked
        line_items { quantity quantity_received restock line_item { sku partner_line_item_id } product { sku } } } } } } }`,
    );
    expect(answer).toEqual({
      returns: {
        data: {
          edges: [
            {
              node: {
                status: "complete",
                total_items_expected: 4,
                total_items_received: 3,
                total_items_restocked: 1,
                line_items: [
                  {
                    quantity: 4,
                    quantity_received: 3,
                    restock: 1,
                    line_item: { sku: SKU, partner_line_item_id: "REF-1-1" },
                    product: { sku: SKU },
                  },
                ],
              },
            },
          ],
        },
      },
    });
    expect(vendor.truth().shown[0]).toMatchObject({ onHand: 7, nonSellable: 1 });
  });

  it("is told by Return Update when it is made and at every change", async () => {
    const { callback, vendor } = await returned();
    await passTime(vendor, 10_000);
    await vendor.act("arrive-return", { id: "RMA-1" });
    await passTime(vendor, 10_000);
    await vendor.act("inspect-return", { id: "RMA-1", lines: [{ item: SKU, restock: 4 }] });
    await passTime(vendor, 10_000);
    expect(callback.ofType("Return Update")).toMatchObject([
      { status: "pending", items: [{ quantity: 4, quantity_received: 0, restock: 0, sku: SKU }] },
      { status: "pending", items: [{ quantity: 4, quantity_received: 4, restock: 0 }] },
      { status: "complete", items: [{ quantity: 4, quantity_received: 4, restock: 4 }] },
    ]);
    expect(callback.ofType("Return Update")[0]).toMatchObject({
      order_number: "N-REF-1",
      partner_order_id: "REF-1",
      created_at: "2026-11-23 10:20:30",
    });
  });

  it("that nobody announced has no order", async () => {
    const vendor = await startTestShipHero();
    const lines = [{ item: SKU, expected: 0 }];
    await vendor.act("announce-return", { id: "RMA-9", facility: "main", lines });
    await vendor.act("arrive-return", { id: "RMA-9", lines: [{ item: SKU, units: 2 }] });
    expect(
      await vendor.ask(
        "{ returns { data { edges { node { order_id line_items { quantity quantity_received line_item { sku } product { sku } } } } } } }",
      ),
    ).toEqual({
      returns: {
        data: {
          edges: [
            {
              node: {
                order_id: null,
                line_items: [{ quantity: 0, quantity_received: 2, line_item: null, product: { sku: SKU } }],
              },
            },
          ],
        },
      },
    });
  });
});
