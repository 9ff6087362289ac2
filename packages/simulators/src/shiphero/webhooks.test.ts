import { createHmac } from "node:crypto";

import { describe, expect, it } from "vitest";

import { passTime, SKU, startCallback, startTestShipHero } from "./test-shiphero.ts";
import { create, find, listed, main, wired } from "./test-webhooks.ts";

const MINUTE_MS = 60_000;

describe("a webhook", () => {
  it("tells its secret once, when it is made", async () => {
    const { vendor, webhook, callback } = await wired();
    expect(webhook.shared_signature_secret).toMatch(/^[0-9a-f]{40}$/);
    expect(await listed(vendor)).toMatchObject([{ id: webhook.id, shared_signature_secret: null }]);
    const again = await vendor.graphql(
      `mutation { webhook_create(data: { name: "Inventory Change", url: "${callback.url}" }) { webhook { id } } }`,
    );
    expect(again.errors?.[0]?.message).toContain("already exists");
  });

  it("is signed over the raw body, and has an id and no topic in its headers", async () => {
    const { callback, vendor, webhook } = await wired();
    await find(vendor);
    await passTime(vendor, 10_000);
    const [arrival] = callback.arrivals;
    const expected = createHmac("sha256", webhook.shared_signature_secret ?? "")
      .update(arrival?.raw ?? "")
      .digest("base64");
    expect(arrival?.headers).toMatchObject({
      "x-shiphero-hmac-sha256": expected,
      "x-shiphero-message-id": expect.stringMatching(/^[0-9a-f-]{36}$/),
      "content-type": "application/json",
    });
    expect(Object.keys(arrival?.headers ?? {}).filter((name) => name.includes("topic"))).toEqual([]);
  });

  it("stops when it is deleted, and its name is free again", async () => {
    const { callback, vendor } = await wired();
    await vendor.ask(`mutation { webhook_delete(data: { name: "Inventory Change" }) { request_id } }`);
    await find(vendor);
    await passTime(vendor, 10_000);
    expect(callback.arrivals).toEqual([]);
    expect((await create(vendor, "Inventory Change", callback.url)).enabled).toBe(true);
    const twice = `mutation { webhook_delete(data: { name: "PO Update" }) { request_id } }`;
    expect((await vendor.graphql(twice)).errors?.[0]).toMatchObject({
      code: 5,
      message: "Webhook not found",
    });
  });
});

describe("Inventory Update", () => {
  it("is absolute, with strings among its numbers: the account outside, the building inside, and no time", async () => {
    const { callback, vendor } = await wired("Inventory Update");
    await vendor.sim("PUT", "/account", {
      warehouses: [{ facility: "south" }],
      items: [{ sku: SKU, units: { south: 7 }, reserve: { south: 1 } }],
    });
    await passTime(vendor, 10_000);
    callback.arrivals.length = 0;
    await vendor.act("damage", { ...main, units: 2, noticed: true });
    await passTime(vendor, 10_000);
    const [site] = vendor.account.warehouses;
    expect(callback.arrivals.map(({ body }) => body)).toEqual([
      {
        account_id: vendor.account.legacyId,
        account_uuid: vendor.account.accountId,
        webhook_type: "Inventory Update",
        inventory: [
          {
            sku: SKU,
            virtual: false,
            inventory: "14",
            backorder_quantity: "0",
            on_hand: "15",
            sell_ahead: 0,
            qty_in_totes: 0,
            reserve: 1,
            non_sellable: 2,
            updated_warehouse: {
              warehouse_id: site?.legacyId,
              warehouse_uuid: vendor.warehouseId,
              identifier: "Primary",
              inventory: "8",
              backorder_quantity: "0",
              on_hand: "8",
              sell_ahead: 0,
              qty_in_totes: 0,
              reserve: 0,
              non_sellable: 2,
            },
          },
        ],
      },
    ]);
  });

  it("comes for an allocation, and not for what changes none of its four figures", async () => {
    const { callback, vendor } = await wired("Inventory Update");
    const { legacy_id: number } = await vendor.order(3);
    await passTime(vendor, 10_000);
    expect(callback.arrivals).toHaveLength(1);
    await vendor.act("pick", { id: String(number) });
    await passTime(vendor, 10_000);
    expect(callback.arrivals).toHaveLength(1);
    expect(callback.arrivals[0]?.body).toMatchObject({ inventory: [{ on_hand: "10", inventory: "7" }] });
  });

  it("tells what was when it happened, however late it comes", async () => {
    const { callback, vendor } = await wired("Inventory Update", {
      faults: { webhooks: { latencyMs: { min: 60_000, max: 60_000 } } },
    });
    await find(vendor);
    await find(vendor);
    await passTime(vendor, 2 * MINUTE_MS);
    const hands = callback.ofType("Inventory Update").map((body) => JSON.stringify(body));
    expect(hands).toEqual([
      expect.stringContaining('"on_hand":"11"'),
      expect.stringContaining('"on_hand":"12"'),
    ]);
  });
});

describe("Inventory Change", () => {
  it("tells one bin before and after, the building's on hand before, and a time without a zone", async () => {
    const { callback, vendor } = await wired();
    await vendor.act("damage", { ...main, units: 2, noticed: true, reason: "Fell down" });
    await passTime(vendor, 10_000);
    const told = callback.arrivals
      .map(({ body }) => body)
      .toSorted((a, b) => Number(b.previous_on_hand) - Number(a.previous_on_hand));
    expect(told).toEqual([
      expect.objectContaining({
        webhook_type: "Inventory Change",
        warehouse_uuid: vendor.warehouseId,
        sku: SKU,
        quantity: 8,
        old_quantity: 10,
        previous_on_hand: 10,
        timestamp: "2026-11-23 10:20:30",
        reason: "Fell down",
        source: "manual",
      }),
      expect.objectContaining({
        quantity: 2,
        old_quantity: 0,
        previous_on_hand: 8,
        location_name: "DAMAGED-01",
      }),
    ]);
  });

  it("names the order of a shipment in free text only", async () => {
    const { callback, vendor } = await wired();
    const { legacy_id: number } = await vendor.order(3);
    for (const name of ["pick", "pack", "ship"]) await vendor.act(name, { id: String(number) });
    await passTime(vendor, 10_000);
    expect(callback.arrivals.map(({ body }) => body)).toMatchObject([
      {
        reason: "Order N-REF-1 shipped",
        quantity: 0,
        old_quantity: 3,
        previous_on_hand: 10,
        location_name: "TOTES",
      },
    ]);
  });
});

describe("one movement told twice", () => {
  it("comes in either order", async () => {
    const callback = await startCallback();
    const vendor = await startTestShipHero({ callbackUrl: callback.url });
    const firsts = new Set<unknown>();
    for (let n = 0; n < 12; n += 1) {
      callback.arrivals.length = 0;
      await find(vendor);
      for (let step = 0; step < 10; step += 1) await passTime(vendor, 300);
      const types = callback.arrivals.map(({ body }) => body.webhook_type);
      expect(new Set(types)).toEqual(new Set(["Inventory Change", "Inventory Update"]));
      firsts.add(types[0]);
    }
    expect(firsts.size).toBe(2);
  });
});

describe("webhooks of an order", () => {
  it("tell that it was allocated, shipped and cancelled", async () => {
    const callback = await startCallback();
    const vendor = await startTestShipHero({ callbackUrl: callback.url });
    const { id, legacy_id: number } = await vendor.order(12);
    await passTime(vendor, 10_000);
    expect(callback.ofType("Order Allocated")).toEqual([
      expect.objectContaining({
        order_number: "N-REF-1",
        order_uuid: id,
        order_id: number,
        allocated_at: "2026-11-23T10:20:30",
        allocation_reference: expect.any(Number),
        warehouse_uuid: vendor.warehouseId,
        ready_to_ship: 0,
        line_items: [
          expect.objectContaining({
            quantity: 10,
            sku: SKU,
            partner_line_item_id: "REF-1-1",
            is_kit_component: false,
          }),
        ],
      }),
    ]);
    for (const name of ["pick", "pack", "ship"]) await vendor.act(name, { id: String(number) });
    await passTime(vendor, 10_000);
    expect(callback.ofType("Shipment Update")).toMatchObject([
      {
        fulfillment: {
          order_number: "N-REF-1",
          partner_order_id: "REF-1",
          order_uuid: id,
          created_at: "2026-11-23 10:20:40",
          line_items: [{ id: "REF-1-1", sku: SKU, quantity: 10 }],
        },
        total_packages: 1,
        packages: [{ tracking_number: expect.stringMatching(/^1Z[0-9A-F]{16}$/) }],
      },
    ]);

    const other = await vendor.order(1, "REF-2");
    await vendor.ask(`mutation { order_cancel(data: { order_id: "${other.id}" }) { request_id } }`);
    await passTime(vendor, 10_000);
    expect(callback.ofType("Order Canceled")).toMatchObject([
      { order_number: "N-REF-2", order_uuid: other.id, "fulfillment-status": "canceled" },
    ]);
  });

  it("tell an allocation again when the rest comes", async () => {
    const callback = await startCallback();
    const vendor = await startTestShipHero({ callbackUrl: callback.url });
    await vendor.order(12);
    await passTime(vendor, 10_000);
    await find(vendor, 5);
    await passTime(vendor, 10_000);
    const told = callback.ofType("Order Allocated");
    expect(told).toMatchObject([{ ready_to_ship: 0 }, { ready_to_ship: 1, line_items: [{ quantity: 12 }] }]);
    expect(told[0]?.allocation_reference).not.toBe(told[1]?.allocation_reference);
  });
});
