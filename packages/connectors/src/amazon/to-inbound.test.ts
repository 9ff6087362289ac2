import { describe, expect, it } from "vitest";

import rawOrder from "./fixtures/order.json" with { type: "json" };
import { toChangedOrders, toOrderReading } from "./to-inbound.ts";
import { orderSchema, orderSearchSchema } from "./wire.ts";

const owner = { connection: "amazon-us", marketplaceId: "ATVPDKIKX0DER" };
const [first] = rawOrder.orderItems;

const outcome = (order: object) => toOrderReading(owner, orderSchema.parse(order));

function read(order: object = {}) {
  const reading = outcome({ ...rawOrder, ...order });
  if (!reading.ok) throw new Error(reading.error.message);
  return reading.value;
}

/** Status and, of an order with one line, quantity, cancelled and shipped. */
function counts(fulfillmentStatus: string, item: object = {}): unknown[] {
  const { report } = read({
    fulfillment: { ...rawOrder.fulfillment, fulfillmentStatus },
    orderItems: [{ ...first, ...item }],
  });
  const [line] = report.lines;
  return [report.status, line?.quantity, line?.cancelled, line?.shipped];
}

const left = (quantityFulfilled: number, quantityUnfulfilled: number) => ({
  fulfillment: { quantityFulfilled, quantityUnfulfilled },
});
const executed = { cancellation: { cancellationExecution: { cancelledBy: "MERCHANT", cancelReason: "x" } } };
const asked = { cancellation: { cancellationRequest: { requester: "BUYER", cancelReason: "x" } } };

describe("an order", () => {
  it("tells its lines, times and who ships", () => {
    expect(read()).toEqual({
      report: {
        channel: "amazon-us",
        orderId: "903-8868176-2219830",
        status: "paid",
        updatedAt: Date.parse("2026-11-23T10:00:03Z"),
        placedAt: Date.parse("2026-11-23T09:58:00Z"),
        lines: [
          {
            lineId: "10000000000001",
            listing: "KB-M/black #2",
            quantity: 3,
            cancelled: 0,
            shipped: 0,
            fulfilledBy: "seller",
          },
          {
            lineId: "10000000000002",
            listing: "KB-L",
            quantity: 2,
            cancelled: 0,
            shipped: 0,
            fulfilledBy: "seller",
          },
        ],
        doNotShip: false,
      },
      fingerprint: expect.any(String),
      readAgainAfterMs: null,
    });
  });

  it.each([
    ["PENDING_AVAILABILITY", ["pending", 3, 0, 0]],
    ["PENDING", ["pending", 3, 0, 0]],
    ["UNSHIPPED", ["paid", 3, 0, 0]],
    ["INVOICE_UNCONFIRMED", ["paid", 3, 0, 0]],
    ["PARTIALLY_SHIPPED", ["paid", 3, 0, 0]],
    ["SHIPPED", ["shipped", 3, 0, 3]],
    ["CANCELLED", ["cancelled", 3, 3, 0]],
    ["UNFULFILLABLE", ["pending", 3, 0, 0]],
    ["A_STATUS_OF_TOMORROW", ["pending", 3, 0, 0]],
    ["__proto__", ["pending", 3, 0, 0]],
  ])("%s is %j", (status, expected) => {
    expect(counts(status)).toEqual(expected);
  });

  it.each([
    ["PARTIALLY_SHIPPED", left(1, 2), ["paid", 3, 0, 1]],
    // A part was cancelled: the ordered quantity fell, and nothing is cancelled once more.
    ["UNSHIPPED", { quantityOrdered: 1, ...left(0, 1), ...executed }, ["paid", 1, 0, 0]],
    // One item of several was cancelled whole and still tells what was ordered.
    ["UNSHIPPED", { ...left(0, 0), ...executed }, ["paid", 3, 3, 0]],
    ["UNSHIPPED", { ...left(0, 0) }, ["paid", 3, 0, 0]],
    ["UNSHIPPED", { fulfillment: undefined, ...executed }, ["paid", 3, 0, 0]],
    ["PARTIALLY_SHIPPED", { ...left(1, 0), ...executed }, ["paid", 3, 2, 1]],
    ["SHIPPED", { ...left(1, 0), ...executed }, ["shipped", 3, 2, 1]],
    ["SHIPPED", { ...left(0, 0), ...executed }, ["shipped", 3, 3, 0]],
    ["SHIPPED", { ...left(3, 0) }, ["shipped", 3, 0, 3]],
    ["SHIPPED", { fulfillment: undefined }, ["shipped", 3, 0, 3]],
    // Cancelled items may tell 0, and what shipped before stays shipped.
    ["CANCELLED", { quantityOrdered: 0, ...left(0, 0) }, ["cancelled", 0, 0, 0]],
    ["CANCELLED", { ...left(1, 0) }, ["cancelled", 3, 2, 1]],
  ])("%s with %j is %j", (status, item, expected) => {
    expect(counts(status, item)).toEqual(expected);
  });

  it("without the status that was asked for holds its units, and is read again", () => {
    const reading = read({ fulfillment: undefined });
    expect(reading.report.status).toBe("pending");
    expect(reading.readAgainAfterMs).toBeGreaterThan(0);
  });

  it.each([
    ["FBA", { fulfillment: { ...rawOrder.fulfillment, fulfilledBy: "AMAZON" } }],
    ["another channel's, shipped by Amazon", { salesChannel: { channelName: "NON_AMAZON" } }],
    [
      "another channel's, wherever it is counted",
      { salesChannel: { channelName: "NON_AMAZON", marketplaceId: "A1AM78C64UM0Y8" } },
    ],
  ])("of Amazon's own stock moves nothing of ours: %s", (_, order) => {
    expect(read(order).report.lines.map(({ fulfilledBy }) => fulfilledBy)).toEqual(["channel", "channel"]);
  });

  it("that Amazon will not ship for another channel is given up", () => {
    const order = {
      salesChannel: { channelName: "NON_AMAZON" },
      fulfillment: { fulfillmentStatus: "UNFULFILLABLE", fulfilledBy: "AMAZON" },
    };
    expect(read(order).report).toMatchObject({
      status: "cancelled",
      lines: [{ cancelled: 3 }, { cancelled: 2 }],
    });
  });

  it("of another marketplace belongs to another connection", () => {
    const salesChannel = { channelName: "AMAZON", marketplaceId: "A1AM78C64UM0Y8" };
    expect(outcome({ ...rawOrder, salesChannel })).toMatchObject({
      ok: false,
      error: { kind: "rejected", code: "foreign_order" },
    });
  });

  it("whose buyer asks to cancel keeps its claim and is not shipped", () => {
    const { report } = read({ orderItems: [{ ...first, ...asked }] });
    expect(report).toMatchObject({
      status: "paid",
      cancelRequested: true,
      doNotShip: true,
      lines: [{ quantity: 3, cancelled: 0 }],
    });
  });

  it("that was cancelled after the buyer asked is cancelled, and nothing is asked any more", () => {
    const cancellation = { ...asked.cancellation, ...executed.cancellation };
    const { report } = read({
      fulfillment: { ...rawOrder.fulfillment, fulfillmentStatus: "CANCELLED" },
      orderItems: [{ ...first, cancellation }],
    });
    expect(report).toMatchObject({ status: "cancelled", doNotShip: false, cancelReason: "other" });
    expect(report).not.toHaveProperty("cancelRequested");
  });

  it.each([
    ["MERCHANT", "NO_INVENTORY", "no_stock"],
    ["MERCHANT", "NoInventory", "no_stock"],
    ["MERCHANT", "Out of stock", "no_stock"],
    ["AMAZON", "NoInventory", "other"],
    ["MERCHANT", "CustomerExchange", "other"],
    ["MERCHANT", undefined, "other"],
  ])("cancelled by %s for %s: %s", (cancelledBy, cancelReason, expected) => {
    const cancellation = { cancellationExecution: { cancelledBy, cancelReason } };
    const { report } = read({
      fulfillment: { ...rawOrder.fulfillment, fulfillmentStatus: "CANCELLED" },
      orderItems: [{ ...first, cancellation }],
    });
    expect(report.cancelReason).toBe(expected);
  });

  it("was closed, as far as Amazon tells, when it last changed", () => {
    const closed = (fulfillmentStatus: string) =>
      read({ fulfillment: { ...rawOrder.fulfillment, fulfillmentStatus } }).report.closedAt;
    const changed = Date.parse("2026-11-23T10:00:03Z");
    expect([closed("SHIPPED"), closed("CANCELLED"), closed("UNSHIPPED")]).toEqual([
      changed,
      changed,
      undefined,
    ]);
  });

  it("without a SKU is a sale of a listing that somebody has to name", () => {
    const sold = (product: object | undefined) =>
      read({ orderItems: [{ ...first, product }] }).report.lines[0]?.listing;
    expect(sold({ asin: "B000000001" })).toBe("asin:B000000001");
    expect(sold({ asin: "B000000001", sellerSku: "" })).toBe("asin:B000000001");
    expect(sold({})).toBe("asin:unknown");
    expect(sold(undefined)).toBe("asin:unknown");
  });
});

describe("a list of changed orders", () => {
  const page = (search: object, answeredAt: number | null = null) =>
    toChangedOrders(owner, orderSearchSchema.parse(search), {
      pageAfter: (token) => `page after ${token}`,
      answeredAt,
    });

  it("tells whole orders, how far it reaches, and where it goes on", () => {
    const listed = page({
      orders: [rawOrder],
      pagination: { nextToken: "t" },
      lastUpdatedBefore: "2026-11-23T10:05:00Z",
    });
    expect(listed).toEqual({
      orders: [
        {
          orderId: rawOrder.orderId,
          updatedAt: Date.parse("2026-11-23T10:00:03Z"),
          fingerprint: read().fingerprint,
          reading: read(),
        },
      ],
      nextPage: "page after t",
      isTruncated: false,
      listedThrough: Date.parse("2026-11-23T10:05:00Z"),
    });
    expect(page({ orders: [] })).toEqual({ orders: [], nextPage: null, isTruncated: false });
    // By Amazon's own clock, which is cut to the second.
    const late = { orders: [], lastUpdatedBefore: "2026-11-23T10:05:00Z" };
    expect(page(late, Date.parse("2026-11-23T10:07:00Z")).listLagMs).toBe(120_999);
  });

  it("does not lose an order that cannot be read: it is listed by its id", () => {
    const { orders } = page({ orders: [{ ...rawOrder, orderItems: [] }, rawOrder] });
    expect(orders.map(({ reading }) => reading === undefined)).toEqual([true, false]);
    expect(orders[0]).toMatchObject({ orderId: rawOrder.orderId, fingerprint: expect.stringMatching(/./) });
  });

  it("leaves another marketplace's orders to their own connection", () => {
    const salesChannel = { channelName: "AMAZON", marketplaceId: "A1AM78C64UM0Y8" };
    expect(page({ orders: [{ ...rawOrder, salesChannel }] }).orders).toEqual([]);
  });

  it("tells states apart that differ in anything we make something of", () => {
    const states = [
      {},
      { lastUpdatedTime: "2026-11-23T10:00:04Z" },
      { fulfillment: { ...rawOrder.fulfillment, fulfillmentStatus: "SHIPPED" } },
      { orderItems: [{ ...first, quantityOrdered: 2 }] },
      { orderItems: [{ ...first, ...left(1, 2) }] },
      { orderItems: [{ ...first, ...asked }] },
      { orderItems: [{ ...first, ...executed }] },
    ];
    expect(new Set(states.map((state) => read(state).fingerprint)).size).toBe(states.length);
    expect(read({ programs: [] }).fingerprint).toBe(read().fingerprint);
  });
});
