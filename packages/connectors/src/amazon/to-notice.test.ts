import { describe, expect, it } from "vitest";

import { amazon } from "./connector.ts";
import listingStatus from "./fixtures/notification-listing-status.json" with { type: "json" };
import orderChange from "./fixtures/notification-order-change.json" with { type: "json" };
import quantityChange from "./fixtures/notification-quantity-change.json" with { type: "json" };

const change = orderChange.Payload.OrderChangeNotification;
const [first, second] = change.Summary.OrderItems;
const ACCOUNT = "A3TH9S8BH6GOGM:ATVPDKIKX0DER";

interface Told {
  readonly summary?: object;
  readonly change?: object;
}

/** The order's notification with parts replaced. */
function told({ summary = {}, change: parts = {} }: Told) {
  const Summary = { ...change.Summary, ...summary };
  return { ...orderChange, Payload: { OrderChangeNotification: { ...change, ...parts, Summary } } };
}

function read(parts: Told = {}) {
  const reading = amazon.readNotification(told(parts));
  if (reading.kind !== "notice") throw new Error(`it is ${reading.kind}`);
  return reading;
}

describe("an ORDER_CHANGE", () => {
  it("says what was sold, and to whose account", () => {
    expect(amazon.readNotification(orderChange)).toEqual({
      kind: "notice",
      accountId: ACCOUNT,
      notice: {
        topic: "ORDER_CHANGE",
        resource: expect.stringMatching(/^\/orders\/903-8868176-2219830\/changes\/[0-9a-z]{22}$/),
        about: { kind: "order", orderId: "903-8868176-2219830" },
      },
      happenedAt: Date.parse("2026-11-23T10:00:03Z"),
      says: {
        report: {
          orderId: "903-8868176-2219830",
          status: "paid",
          placedAt: Date.parse("2026-11-23T09:58:00Z"),
          lines: [
            { lineId: "10000000000001", listing: "KB-M/black #2", quantity: 3, fulfilledBy: "seller" },
            { lineId: "10000000000002", listing: "KB-L", quantity: 2, fulfilledBy: "seller" },
          ],
        },
        isEnough: true,
      },
    });
  });

  it("is the same in an event of EventBridge", () => {
    const event = {
      version: "0",
      "detail-type": "ORDER_CHANGE",
      source: "aws.partner/x",
      detail: orderChange,
    };
    expect(amazon.readNotification(event)).toEqual(amazon.readNotification(orderChange));
  });

  it.each([
    ["PendingAvailability", "pending"],
    ["Pending", "pending"],
    ["Unshipped", "paid"],
    ["InvoiceUnconfirmed", "paid"],
  ])("%s is %s", (OrderStatus, status) => {
    const { says } = read({ summary: { OrderStatus } });
    expect(says).toMatchObject({ report: { status }, isEnough: true });
    expect(says?.report).not.toHaveProperty("updatedAt");
  });

  it.each(["Canceled", "Unfulfillable", "A status of tomorrow", "__proto__", "constructor"])(
    "%s only points at the order: what it gives back by mistake would be sold twice",
    (OrderStatus) => {
      const reading = read({ summary: { OrderStatus } });
      expect(reading.says).toBeUndefined();
      expect(reading.notice).toEqual(amazon.noticeOfOrder("903-8868176-2219830"));
    },
  );

  it("is enough for Amazon's own stock, a cancellation included, and moves nothing of ours", () => {
    const { says } = read({ summary: { OrderStatus: "Canceled", FulfillmentType: "AFN" } });
    expect(says).toMatchObject({ report: { status: "cancelled" }, isEnough: true });
    expect(says?.report.lines.map(({ fulfilledBy }) => fulfilledBy)).toEqual(["channel", "channel"]);
  });

  it("counts what left where it is told, and asks for the order where it is not", () => {
    const items = (...shipped: readonly (number | undefined)[]) => [
      { ...first, QuantityShipped: shipped[0] },
      { ...second, QuantityShipped: shipped[1] },
    ];
    const partly = (...shipped: readonly (number | undefined)[]) =>
      read({ summary: { OrderStatus: "PartiallyShipped", OrderItems: items(...shipped) } }).says;
    expect(partly(1, 0)).toMatchObject({
      report: { status: "paid", lines: [{ quantity: 3, shipped: 1 }, { quantity: 2 }] },
      isEnough: true,
    });
    expect(partly(1, undefined)).toMatchObject({ report: { lines: [{ shipped: 1 }, {}] }, isEnough: false });
    const whole = (...shipped: readonly (number | undefined)[]) =>
      read({ summary: { OrderStatus: "Shipped", OrderItems: items(...shipped) } }).says;
    expect(whole(3, 2)).toMatchObject({
      report: { status: "shipped", closedAt: Date.parse("2026-11-23T10:00:03Z") },
      isEnough: true,
    });
    // The rest may have been cancelled.
    expect(whole(3, 0)).toMatchObject({
      report: { status: "paid", lines: [{ shipped: 3 }, {}] },
      isEnough: false,
    });
    expect(whole()).toMatchObject({ report: { status: "paid" }, isEnough: false });
  });

  it("of a shipment only points, unless it is the change of status that tells when", () => {
    const summary = { OrderStatus: "Shipped" };
    expect(read({ summary, change: { OrderChangeType: "DeliveryTipChange" } }).says).toBeUndefined();
    const OrderChangeTrigger = { TimeOfOrderChange: null, ChangeReason: "" };
    expect(read({ summary, change: { OrderChangeTrigger } }).says).toBeUndefined();
  });

  it("of a buyer's request to cancel keeps the order, stops it, and is not enough", () => {
    const OrderItems = [{ ...first, IsBuyerRequestedCancel: true }];
    const { says } = read({ summary: { OrderItems }, change: { OrderChangeType: "BuyerRequestedChange" } });
    expect(says).toMatchObject({
      report: { status: "paid", cancelRequested: true, doNotShip: true, lines: [{ quantity: 3 }] },
      isEnough: false,
    });
    expect(says?.report.lines[0]).not.toHaveProperty("cancelled");
    expect(read({ change: { OrderChangeType: "BuyerRequestedChange" } }).says?.isEnough).toBe(false);
  });

  it.each([
    ["a missing SKU", { ...first, SellerSKU: undefined }],
    ["a quantity of 0", { ...first, Quantity: 0 }],
    ["a missing quantity", { ...first, Quantity: undefined }],
    ["a quantity that is no number", { ...first, Quantity: "3" }],
    ["a SKU with a control character", { ...first, SellerSKU: "KB\u0000" }],
    ["nothing", null],
  ])("with %s in one item says the others and asks for the order", (_, item) => {
    const { says } = read({ summary: { OrderItems: [item, second] } });
    expect(says).toMatchObject({ isEnough: false, report: { lines: [{ lineId: "10000000000002" }] } });
    expect(read({ summary: { OrderItems: [item] } }).says).toBeUndefined();
  });

  it("that does not say whose stock it is holds the units and asks for the order", () => {
    const { says } = read({ summary: { FulfillmentType: "MFN2" } });
    expect(says?.isEnough).toBe(false);
    expect(says?.report.lines[0]).not.toHaveProperty("fulfilledBy");
  });

  it("for a cancellation in an order that goes on is not enough", () => {
    const OrderChangeTrigger = { ...change.OrderChangeTrigger, ChangeReason: "Canceled" };
    expect(read({ change: { OrderChangeTrigger } }).says).toMatchObject({
      report: { status: "paid", lines: [{ quantity: 3 }, { quantity: 2 }] },
      isEnough: false,
    });
  });

  it("that names a line twice only points", () => {
    expect(read({ summary: { OrderItems: [first, first] } }).says).toBeUndefined();
  });

  it("collapses with its equals and never with another state of the order", () => {
    const item = (OrderItem: object) => ({
      change: { NotificationLevel: "OrderItemLevel" },
      summary: { OrderItems: [OrderItem] },
    });
    const resources = [
      {},
      { summary: { OrderStatus: "Pending" } },
      item({ ...first }),
      item({ ...second }),
      item({ ...second, Quantity: 1 }),
    ].map((parts) => read(parts).notice.resource);
    expect(new Set(resources).size).toBe(resources.length);
    const again = {
      ...told({}),
      NotificationMetadata: { NotificationId: "another" },
      EventTime: "2026-11-24T00:00:00Z",
    };
    expect(amazon.readNotification(again)).toMatchObject({ notice: { resource: resources[0] } });
  });

  it("comes back from what is stored", () => {
    for (const parts of [{}, { summary: { OrderStatus: "Canceled" } }]) {
      const { notice } = read(parts);
      expect(amazon.noticeOf(notice.topic, notice.resource)).toEqual(notice);
    }
  });

  it.each(["903-8868176-2219830/../x", "9", "", "903-8868176-2219830\n"])(
    "of an order that is none is left alone: %j",
    (AmazonOrderId) => {
      expect(amazon.readNotification(told({ change: { AmazonOrderId } }))).toEqual({
        kind: "ignored",
        accountId: ACCOUNT,
        reason: "unknown_order_id",
      });
    },
  );

  it("may lack what is optional", () => {
    const { MarketplaceId, OrderStatus, OrderItems } = change.Summary;
    const reading = amazon.readNotification({
      NotificationType: "ORDER_CHANGE",
      Payload: {
        OrderChangeNotification: {
          SellerId: change.SellerId,
          AmazonOrderId: change.AmazonOrderId,
          Summary: { MarketplaceId, OrderStatus, OrderItems, PurchaseDate: null },
        },
      },
    });
    expect(reading).toMatchObject({
      happenedAt: null,
      says: { isEnough: false, report: { status: "paid" } },
    });
  });

  it.each([
    [{ ...orderChange, Payload: {} }, "Payload.OrderChangeNotification"],
    [{ ...orderChange, Payload: null }, "Payload"],
    [
      told({ summary: { MarketplaceId: undefined } }),
      "Payload.OrderChangeNotification.Summary.MarketplaceId",
    ],
    [{}, "NotificationType"],
  ])("without what leads to the order is malformed", (body, reason) => {
    expect(amazon.readNotification(body)).toEqual({ kind: "malformed", reason });
  });
});

describe("a notification of a listing", () => {
  it("points at the listing by its SKU, whatever it holds", () => {
    const reading = amazon.readNotification(listingStatus);
    expect(reading).toEqual({
      kind: "notice",
      accountId: ACCOUNT,
      notice: {
        topic: "LISTINGS_ITEM_STATUS_CHANGE",
        resource: "/listings/KB-M%2Fblack%20%232",
        about: { kind: "listing", externalId: "KB-M/black #2" },
      },
      happenedAt: Date.parse("2026-11-23T10:00:00Z"),
    });
    const otherwise = { ...listingStatus, NotificationType: "LISTINGS_ITEM_STATUS_CHANGED" };
    expect(amazon.readNotification(otherwise)).toEqual(reading);
    if (reading.kind !== "notice") return;
    expect(amazon.noticeOf(reading.notice.topic, reading.notice.resource)).toEqual(reading.notice);
  });

  it("of its quantity leads to no connection, as long as it names no marketplace", () => {
    expect(amazon.readNotification(quantityChange)).toEqual({
      kind: "ignored",
      accountId: "A3TH9S8BH6GOGM",
      reason: "no_marketplace",
    });
    const Payload = { ...quantityChange.Payload, MarketplaceId: "ATVPDKIKX0DER" };
    expect(amazon.readNotification({ ...quantityChange, Payload })).toMatchObject({
      kind: "notice",
      accountId: ACCOUNT,
      notice: { about: { kind: "listing", externalId: "KB-L" } },
    });
  });

  it.each(["", ".", "..", "\u0000", "x".repeat(201)])("of no SKU is none: %j", (Sku) => {
    const body = { ...listingStatus, Payload: { ...listingStatus.Payload, Sku } };
    expect(amazon.readNotification(body).kind).not.toBe("notice");
  });
});

describe("any other notification", () => {
  it("is left alone, in either spelling", () => {
    const other = { ...listingStatus, NotificationType: "ANY_OFFER_CHANGED" };
    expect(amazon.readNotification(other)).toEqual({
      kind: "ignored",
      accountId: ACCOUNT,
      reason: "not_followed",
    });
    const camel = { notificationType: "FEED_PROCESSING_FINISHED", payload: {} };
    expect(amazon.readNotification(camel)).toMatchObject({ kind: "ignored", reason: "not_followed" });
  });

  it.each([
    ["ORDER_CHANGE", "/orders/903-8868176-2219830/../1"],
    ["ORDER_CHANGE", "/orders/903-8868176-2219830/changes/"],
    ["ORDER_CHANGE", "/orders/903-8868176-2219830\n"],
    ["ORDER_CHANGE", "http://evil.example/orders/903-8868176-2219830"],
    ["LISTINGS_ITEM_STATUS_CHANGE", "/listings/a/b"],
    ["LISTINGS_ITEM_STATUS_CHANGE", "/listings/%2E%2E"],
    ["LISTINGS_ITEM_STATUS_CHANGE", "/listings/%zz"],
    ["__proto__", "/listings/a"],
    ["orders_v2", "/orders/903-8868176-2219830"],
  ])("stored under %s and %s means nothing", (topic, resource) => {
    expect(amazon.noticeOf(topic, resource)).toBeNull();
  });
});
