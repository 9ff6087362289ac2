// Pure: times, ids, and what ShipHero's resources and webhooks become.
import { describe, expect, it } from "vitest";

import { factFaults } from "../contract/testing/fact-faults.ts";
import rawNews from "./fixtures/inventory-change.json" with { type: "json" };
import rawOrder from "./fixtures/order.json" with { type: "json" };
import rawPurchase from "./fixtures/purchase-order.json" with { type: "json" };
import rawReturnNews from "./fixtures/return-update.json" with { type: "json" };
import rawReturn from "./fixtures/return.json" with { type: "json" };
import { fromLog, fromNews, toChange } from "./to-change.ts";
import { toReceipt } from "./to-receipt.ts";
import { toReturn, toReturnOfNews } from "./to-return.ts";
import { toShipment } from "./to-shipment.ts";
import { idOf, numberOf } from "./vendor-id.ts";
import { isTime, readTime, writeTime } from "./vendor-time.ts";
import {
  changeNewsSchema,
  changesSchema,
  orderSchema,
  purchaseOrderSchema,
  returnNewsSchema,
  returnSchema,
  type WireOrder,
} from "./wire.ts";

const at = (text: string) => Date.parse(`2026-11-${text}Z`);

describe("a time without a zone", () => {
  it.each([
    ["2025-02-03 13:19:30", "UTC", "2025-02-03T13:19:30Z"],
    ["2025-02-03T13:19:30", "America/New_York", "2025-02-03T18:19:30Z"],
    ["2025-07-03 13:19:30.250", "America/New_York", "2025-07-03T17:19:30.250Z"],
    ["2025-02-03", "America/Mexico_City", "2025-02-03T06:00:00Z"],
    ["2025-02-03T13:19:30+02:00", "America/New_York", "2025-02-03T11:19:30Z"],
    ["2025-02-03T13:19:30Z", "Asia/Kolkata", "2025-02-03T13:19:30Z"],
    // The hour that is there twice, and the one that is not there at all.
    ["2025-11-02 01:30:00", "America/New_York", "2025-11-02T05:30:00Z"],
    ["2025-03-09 02:30:00", "America/New_York", "2025-03-09T07:30:00Z"],
  ])("%s in %s is %s", (text, timeZone, instant) => {
    expect(readTime(text, timeZone)).toBe(Date.parse(instant));
  });

  it("is written as it is read", () => {
    for (const timeZone of ["UTC", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe"])
      for (let month = 0; month < 12; month++) {
        const instant = Date.UTC(2026, month, 15, 12, 34, 56);
        expect(readTime(writeTime(instant, timeZone), timeZone)).toBe(instant);
      }
  });

  it.each(["soon", "", "2025-13-40 00:00:00", "13:19:30"])("is not %j", (text) => {
    expect(isTime(text)).toBe(false);
  });
});

describe("an id", () => {
  it("is its number, both ways; one without a number stays as it is", () => {
    expect(numberOf("V2FyZWhvdXNlOjc2NzMz")).toBe("76733");
    expect(idOf("Warehouse", "76733")).toBe("V2FyZWhvdXNlOjc2NzMz");
    expect(numberOf("V2FyZWhvdXNlJHIKby")).toBe("V2FyZWhvdXNlJHIKby");
    expect(idOf("Order", "T3JkZXI6MjcyMjcxNzA2")).toBe("T3JkZXI6MjcyMjcxNzA2");
  });
});

/** The log's row of the change that the webhook told. */
const rawRow = {
  warehouse_id: "V2FyZWhvdXNlOjc2NzMz",
  sku: "LOT01",
  previous_on_hand: 110,
  change_in_on_hand: -3,
  reason: "Change from the product page via the ShipHero Web Dashboard.",
  cycle_counted: false,
  created_at: "2026-11-20T13:19:30",
  location: { name: "AA-05-01-01", sellable: true },
};
const rowOf = (change: object = {}) =>
  changesSchema.parse({
    inventory_changes: {
      data: {
        pageInfo: { hasNextPage: false, endCursor: null },
        edges: [{ node: { ...rawRow, ...change } }],
      },
    },
  }).inventory_changes.data.edges[0]?.node ?? never();
const ofLog = (change: object = {}, isHeld = false) => toChange(fromLog(rowOf(change), "UTC"), isHeld);
const ofNews = (change: object = {}, isHeld = false) =>
  toChange(fromNews(changeNewsSchema.parse({ ...rawNews, ...change }), "UTC"), isHeld);

describe("a change", () => {
  it("is one fact, whether the webhook tells it or the log", () => {
    expect(ofNews()).toEqual({
      kind: "adjustment",
      factId: expect.stringMatching(/^change:76733:/),
      occurredAt: at("20T13:19:30"),
      item: "LOT01",
      facility: "76733",
      sellable: -3,
      held: 0,
      reason: "correction",
      reasonText: "Change from the product page via the ShipHero Web Dashboard.",
      onHandBefore: 110,
    });
    expect(ofLog()).toEqual(ofNews());
    expect(ofLog({ created_at: "2026-11-20T13:19:30.812" })?.factId).toBe(ofNews()?.factId);
    expect(factFaults(ofNews() ?? never())).toEqual([]);
  });

  it.each([
    ["another second", { timestamp: "2026-11-20 13:19:31" }],
    ["another SKU", { sku: "LOT02" }],
    ["another bin", { location_name: "AA-05-01-02" }],
    ["another warehouse", { warehouse_id: 1 }],
    ["something else before it", { previous_on_hand: 107 }],
    ["another reason", { reason: "Cycle count" }],
  ])("of %s is another fact", (_, change) => {
    expect(ofNews(change)?.factId).not.toBe(ofNews()?.factId);
  });

  it.each([
    [
      { reason: "Order MO351 shipped", source: "order" },
      { isUnlinkedPick: true, sellable: -3 },
    ],
    [{ reason: "Shipment created for MO351", source: "manual" }, { isUnlinkedPick: true }],
    [{ reason: "Item not found while picking order 7", source: "order" }, { reason: "lost" }],
    [{ reason: "Transfer order 9 sent", source: "manual" }, { reason: "transfer" }],
    [{ reason: "Work order 12: kit built", source: "manual" }, { reason: "kitting" }],
    [
      { reason: "Cycle count\nby Ana", source: "manual" },
      { reason: "cycle_count", reasonText: "Cycle count by Ana" },
    ],
    [{ reason: null, source: null }, { reason: "other" }],
    [{ reason: "Order MO351 shipped", source: "order", quantity: "12" }, { sellable: 2 }],
  ])("with %j is %j", (change, expected) => {
    const fact = ofNews(change);
    expect(fact).toMatchObject(expected);
    if (!("isUnlinkedPick" in expected)) expect(fact).not.toHaveProperty("isUnlinkedPick");
    expect(factFaults(fact ?? never())).toEqual([]);
  });

  it.each([
    { reason: "PO 31 received", source: "purchase_order" },
    { reason: "Purchase Order PO-31 received", source: "manual" },
    { reason: "Return 3394303 received", source: "return" },
    { quantity: 10 },
  ])("with %j is told by its document, or is none", (change) => {
    expect(ofNews(change)).toBeNull();
  });

  it("of a bin that is not for sale moves held units, and says nothing of what was on hand", () => {
    const fact = ofLog({ location: { name: "DAMAGED-01", sellable: false }, change_in_on_hand: 3 }, true);
    expect(fact).toMatchObject({ sellable: 0, held: 3 });
    expect(fact).not.toHaveProperty("onHandBefore");
  });

  it("that was counted says so", () => {
    expect(ofLog({ cycle_counted: true, reason: "found by Ana" })).toMatchObject({ reason: "cycle_count" });
  });
});

const order = orderSchema.parse(rawOrder);
const shipmentOf = (change: Partial<WireOrder> = {}) => toShipment({ ...order, ...change }, "UTC");

describe("an order", () => {
  it("is what left per line and warehouse, and where the rest stands", () => {
    const fact = shipmentOf();
    expect(fact).toMatchObject({
      occurredAt: at("20T11:00:00"),
      updatedAt: at("20T11:00:30"),
      keeperOrderId: "T3JkZXI6MjcyMjcxNzA2",
      reference: "OP-1001",
      status: "open",
      tracking: ["15619819718"],
    });
    expect(fact.lines).toEqual([
      { lineId: "a", item: "KB-M", facility: "76733", ordered: 3, shipped: 2 },
      { lineId: "a", item: "KB-M", facility: "12345", shipped: 1 },
      { lineId: "b", item: "KB-L", facility: "76733", ordered: 2, shipped: 0 },
    ]);
    expect(factFaults(fact)).toEqual([]);
  });

  it.each([
    ["short", { fulfillment_status: "fulfilled" }],
    ["short", { fulfillment_status: "canceled" }],
    ["cancelled", { fulfillment_status: "canceled", shipments: [] }],
    ["on_hold", { holds: { fraud_hold: false, address_hold: true } }],
    ["open", { fulfillment_status: "Waiting for Ana", holds: null }],
  ] as [string, Partial<WireOrder>][])("is %s with %j", (status, change) => {
    expect(shipmentOf(change).status).toBe(status);
  });

  it("takes no name that could not be kept", () => {
    const told = { ...rawOrder, partner_order_id: "R\u0000", order_number: "N".repeat(300) };
    const fact = toShipment(orderSchema.parse(told), "UTC");
    expect([fact.reference, factFaults(fact)]).toEqual([null, []]);
  });

  it("that left whole is shipped", () => {
    const [first] = order.line_items.edges;
    const edges = first === undefined ? [] : [first];
    const whole = { fulfillment_status: "fulfilled", line_items: { ...order.line_items, edges } };
    expect(shipmentOf(whole).status).toBe("shipped");
  });

  it("from a marketplace goes by its number where it has no other name", () => {
    expect(shipmentOf({ partner_order_id: null }).reference).toBe("111-2222222-3333333");
  });
});

describe("a purchase order", () => {
  it("is received into bins, and what is rejected arrived damaged", () => {
    const fact = toReceipt(purchaseOrderSchema.parse(rawPurchase), "UTC");
    expect(fact).toMatchObject({
      occurredAt: at("20T07:30:00"),
      expectedAt: at("21T00:00:00"),
      reference: "IN-1",
      status: "open",
      lines: [{ item: "KB-M", facility: "76733", expected: 14, stowed: 9, damaged: 1 }],
    });
    expect(factFaults(fact)).toEqual([]);
  });

  it.each([
    ["closed", "closed"],
    ["canceled", "cancelled"],
    ["Something", "open"],
  ])("of status %s is %s", (fulfillment_status, status) => {
    const changed = purchaseOrderSchema.parse({ ...rawPurchase, fulfillment_status });
    expect(toReceipt(changed, "UTC").status).toBe(status);
  });
});

describe("a return", () => {
  const told = returnSchema.parse(rawReturn);
  const news = returnNewsSchema.parse(rawReturnNews);

  it("is one fact, whether the webhook tells it or the list, and as of when it changed", () => {
    const [listed, posted] = [toReturn(told, "UTC"), toReturnOfNews(news, at("20T09:00:07"))];
    expect(posted.factId).toBe(listed.factId);
    expect(listed).toMatchObject({
      occurredAt: at("20T09:00:00"),
      orderReference: "OP-1001",
      status: "open",
    });
    expect(posted).toEqual({ ...listed, occurredAt: at("20T09:00:07") });
    expect(listed.lines).toEqual([
      {
        item: "CUTENESS",
        facility: "76733",
        quantity: 50,
        received: 48,
        dispositions: { restocked: 40, quarantined: 0, disposed: 0, missing: 0 },
      },
    ]);
    expect(factFaults(listed)).toEqual([]);
  });

  it("keeps apart what was not restocked once it is complete, and misses what did not come", () => {
    const closed = toReturn({ ...told, status: "complete" }, "UTC");
    expect(closed.status).toBe("closed");
    expect(closed.lines[0]?.dispositions).toEqual({ restocked: 40, quarantined: 8, disposed: 0, missing: 2 });
    expect(closed.factId).not.toBe(toReturn(told, "UTC").factId);
  });

  it("of which nothing has come yet is announced", () => {
    const line_items = told.line_items.map((line) => ({ ...line, quantity_received: 0, restock: 0 }));
    expect(toReturn({ ...told, line_items }, "UTC").status).toBe("announced");
  });
});

function never(): never {
  throw new Error("there is one");
}
