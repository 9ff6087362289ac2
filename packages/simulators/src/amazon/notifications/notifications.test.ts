import { describe, expect, test } from "vitest";

import type { AmazonOptions } from "../start.ts";
import { SKU, START_AT, startTestAmazon, type TestAmazon, US } from "../test-amazon.ts";
import {
  type Arrival,
  drainQueue,
  type EventArrival,
  orderIn,
  postsTried,
  startCallback,
} from "./test-listeners.ts";

/** Every change is on its way for exactly 1 s, and an order is paid at once unless a test says otherwise. */
const prompt = { notificationLatencyMs: { min: 1_000, max: 1_000 }, writeApplyMs: { min: 0, max: 0 } };

const start = (options: AmazonOptions = {}): Promise<TestAmazon> =>
  startTestAmazon({ ...options, settings: { ...prompt, ...options.settings } });

const isoAt = (ms: number): string => new Date(START_AT + ms).toISOString();

const statusesOf = (arrivals: Arrival[]): (string | undefined)[] =>
  arrivals.map((arrival) => orderIn(arrival)?.Summary.OrderStatus);

describe("an order", () => {
  test("is told when it is placed and when it is paid, field for field", async () => {
    const amazon = await start();
    const id = await amazon.buy(SKU, 2, { closingGapMs: 10_000 });
    amazon.clock.advance(999);
    expect(await drainQueue(amazon)).toEqual([]);
    amazon.clock.advance(1);
    const [placed, ...more] = await drainQueue(amazon);
    expect(more).toEqual([]);
    expect(placed).toEqual({
      NotificationVersion: "1.0",
      NotificationType: "ORDER_CHANGE",
      PayloadVersion: "1.0",
      EventTime: isoAt(0),
      Payload: {
        OrderChangeNotification: {
          NotificationLevel: "OrderLevel",
          SellerId: amazon.first.sellerId,
          AmazonOrderId: id,
          OrderChangeType: "OrderStatusChange",
          OrderChangeTrigger: { TimeOfOrderChange: isoAt(0), ChangeReason: expect.any(String) },
          Summary: {
            MarketplaceId: US,
            OrderStatus: "Pending",
            PurchaseDate: isoAt(0),
            DestinationPostalCode: expect.any(String),
            FulfillmentType: "MFN",
            OrderType: "StandardOrder",
            NumberOfItemsShipped: 0,
            NumberOfItemsUnshipped: 0,
            EarliestDeliveryDate: expect.any(String),
            LatestDeliveryDate: expect.any(String),
            EarliestShipDate: expect.any(String),
            LatestShipDate: expect.any(String),
            CancelNotifyDate: expect.any(String),
            OrderPrograms: [],
            ShippingPrograms: [],
            OrderItems: [
              {
                OrderItemId: expect.any(String),
                SellerSKU: SKU,
                SupplySourceId: null,
                Quantity: 2,
                QuantityShipped: 0,
                IsBuyerRequestedCancel: false,
                ItemEarliestDeliveryDate: expect.any(String),
                ItemLatestDeliveryDate: expect.any(String),
              },
            ],
          },
        },
      },
      NotificationMetadata: {
        ApplicationId: amazon.apps[0]?.applicationId,
        SubscriptionId: expect.any(String),
        PublishTime: isoAt(500),
        NotificationId: expect.any(String),
      },
    });
    amazon.clock.advance(10_000);
    const [paid] = await drainQueue(amazon);
    expect(orderIn(paid)?.Summary).toMatchObject({
      OrderStatus: "Unshipped",
      NumberOfItemsUnshipped: 2,
      OrderItems: [{ OrderItemStatus: "Unshipped" }],
    });
  });

  test("tells a request to cancel as one, and the cancellation after it without its units", async () => {
    const amazon = await start({ settings: { cancelledItemsKeepQuantity: false } });
    const id = await amazon.buy(SKU, 2, { closingGapMs: 0 });
    amazon.clock.advance(1_000);
    await drainQueue(amazon);
    await amazon.sim("POST", `/orders/${id}/request-cancel`, {});
    amazon.clock.advance(1_000);
    const [request] = await drainQueue(amazon);
    expect(orderIn(request)).toMatchObject({
      OrderChangeType: "BuyerRequestedChange",
      Summary: { OrderStatus: "Unshipped", OrderItems: [{ IsBuyerRequestedCancel: true, Quantity: 2 }] },
    });
    await amazon.sim("POST", `/orders/${id}/cancel`, { requestedBy: "seller", reason: "BUYER_CANCELLED" });
    amazon.clock.advance(1_000);
    const [cancelled] = await drainQueue(amazon);
    expect(orderIn(cancelled)?.Summary).toMatchObject({
      OrderStatus: "Canceled",
      OrderItems: [{ Quantity: 0 }],
    });
  });

  test("is told item by item, or both ways, as set", async () => {
    const listings = [SKU, "KB-L"].map((listing) => ({ listing, availableQuantity: 10 }));
    const amazon = await start({
      accounts: [{ account: "us-1", listings }],
      settings: { notifications: { level: "item", pending: false } },
    });
    const items = [{ listing: "KB-L", quantity: 3 }];
    const id = await amazon.buy(SKU, 1, { items, closingGapMs: 0 });
    amazon.clock.advance(1_000);
    const arrivals = await drainQueue(amazon);
    expect(arrivals.map((arrival) => orderIn(arrival)?.NotificationLevel)).toEqual([
      "OrderItemLevel",
      "OrderItemLevel",
    ]);
    expect(
      arrivals.map((arrival) => orderIn(arrival)?.Summary.OrderItems.map((item) => item.SellerSKU)),
    ).toEqual([[SKU], ["KB-L"]]);
    await amazon.sim("PUT", "/settings", { notifications: { level: "both" } });
    const [first] = (await amazon.order(id)).orderItems;
    await amazon.sim("POST", `/orders/${id}/ship`, { items: [{ orderItemId: first?.orderItemId }] });
    amazon.clock.advance(1_000);
    const shipped = await drainQueue(amazon);
    expect(shipped.map((arrival) => orderIn(arrival)?.NotificationLevel)).toEqual([
      "OrderLevel",
      "OrderItemLevel",
    ]);
    expect(orderIn(shipped[0])?.Summary).toMatchObject({
      OrderStatus: "PartiallyShipped",
      NumberOfItemsShipped: 1,
      NumberOfItemsUnshipped: 3,
      OrderItems: [
        { OrderItemStatus: "Shipped", QuantityShipped: 1 },
        { OrderItemStatus: "Unshipped", QuantityShipped: 0 },
      ],
    });
  });

  test("may say no more than it has to", async () => {
    const notifications = { omitOptionalFields: true, nullPurchaseDate: true, pending: false };
    const amazon = await start({ settings: { notifications } });
    await amazon.buy(SKU, 1, { closingGapMs: 0 });
    amazon.clock.advance(1_000);
    const [arrival] = await drainQueue(amazon);
    expect(orderIn(arrival)?.OrderChangeTrigger.TimeOfOrderChange).toBeNull();
    expect(orderIn(arrival)?.Summary).toEqual({
      MarketplaceId: US,
      OrderStatus: "Unshipped",
      PurchaseDate: null,
      DestinationPostalCode: null,
      FulfillmentType: "MFN",
      OrderType: "StandardOrder",
      OrderItems: [{ OrderItemId: expect.any(String), SellerSKU: SKU, SupplySourceId: null, Quantity: 1 }],
    });
  });
});

test("stock, status and FBA are told to who subscribed, listings as events of a rule", async () => {
  const subscriptions = [
    "LISTINGS_ITEM_MFN_QUANTITY_CHANGE",
    "LISTINGS_ITEM_STATUS_CHANGE",
    "FBA_INVENTORY_AVAILABILITY_CHANGES",
  ];
  const listings = [
    { listing: SKU, availableQuantity: 2 },
    { listing: "FBA-1", availableQuantity: 5, fulfilledBy: "AMAZON" as const, fba: { inboundShipped: 4 } },
  ];
  const amazon = await start({ accounts: [{ account: "us-1", subscriptions, listings }] });
  amazon.clock.advance(1_000);
  await drainQueue(amazon);
  await amazon.buy(SKU, 2, { closingGapMs: 0 });
  await amazon.buy("FBA-1", 1, { closingGapMs: 0 });
  amazon.clock.advance(1_000);
  const arrivals = await drainQueue<EventArrival & Arrival>(amazon);
  const events = arrivals.filter(({ detail }) => detail !== undefined);
  expect(events.map((event) => [event["detail-type"], event.account, event.detail.Payload])).toEqual([
    [
      "LISTINGS_ITEM_MFN_QUANTITY_CHANGE",
      amazon.sqs.accountId,
      { SellerId: amazon.first.sellerId, FulfillmentChannelCode: "DEFAULT", Sku: SKU, Quantity: 0 },
    ],
    [
      "LISTINGS_ITEM_STATUS_CHANGE",
      amazon.sqs.accountId,
      expect.objectContaining({ Sku: SKU, MarketplaceId: US, Status: ["DISCOVERABLE"] }),
    ],
  ]);
  const stock = arrivals.filter(
    ({ NotificationType: type }) => type === "FBA_INVENTORY_AVAILABILITY_CHANGES",
  );
  expect(stock.at(-1)?.Payload).toMatchObject({
    SKU: "FBA-1",
    FulfillmentInventoryByMarketplace: [
      {
        MarketplaceId: US,
        FulfillmentInventory: {
          Fulfillable: 4,
          InboundQuantityBreakdown: { Working: 0, Shipped: 4, Receiving: 0 },
          ReservedQuantityBreakdown: { PendingCustomerOrder: 1 },
        },
      },
    ],
  });
});

describe("misfortune, seeded", () => {
  const buyOne = async (faults: NonNullable<AmazonOptions["faults"]>): Promise<TestAmazon> => {
    const amazon = await start({ faults, settings: { notifications: { pending: false } } });
    await amazon.buy(SKU, 1, { closingGapMs: 0 });
    amazon.clock.advance(1_000);
    return amazon;
  };

  const idsOf = (arrivals: Arrival[]): string[] =>
    arrivals.map(({ NotificationMetadata }) => NotificationMetadata.NotificationId);

  test("the same again, with its id or another", async () => {
    const same = idsOf(await drainQueue(await buyOne({ notifications: { duplicate: 1 } })));
    expect([same.length, new Set(same).size]).toEqual([2, 1]);
    const other = idsOf(await drainQueue(await buyOne({ notifications: { duplicateNewId: 1 } })));
    expect([other.length, new Set(other).size]).toEqual([2, 2]);
  });

  test("lost, or silent although subscribed", async () => {
    const lost = await buyOne({ notifications: { loss: 1 } });
    expect(await drainQueue(lost)).toEqual([]);
    const silent = await buyOne({ notifications: { silent: ["us-1"] } });
    expect(await drainQueue(silent)).toEqual([]);
    const { body } = await silent.sim<{ counts: object }>("GET", "/notifications");
    expect(body.counts).toMatchObject({ silenced: 1, created: 0 });
    const subscription = await silent.api("GET", "/notifications/v1/subscriptions/ORDER_CHANGE");
    expect(subscription.status).toBe(200);
  });

  test("an hour late, with the time it was published", async () => {
    const amazon = await buyOne({ notifications: { slow: 1, slowMs: 3_600_000 } });
    expect(await drainQueue(amazon)).toEqual([]);
    amazon.clock.advance(3_600_000);
    const [late] = await drainQueue(amazon);
    expect(late?.EventTime).toBe(isoAt(0));
    expect(late?.NotificationMetadata.PublishTime).toBe(isoAt(500));
  });

  test("out of order", async () => {
    const amazon = await start({ faults: { notifications: { reorder: 0.5, reorderMs: 60_000 } } });
    for (let n = 0; n < 6; n += 1) await amazon.buy(SKU, 1, { closingGapMs: 500 });
    amazon.clock.advance(120_000);
    const statuses = statusesOf(await drainQueue(amazon));
    expect(statuses).toHaveLength(12);
    expect(statuses.lastIndexOf("Pending")).toBeGreaterThan(statuses.indexOf("Unshipped"));
  });
});

describe("the tap", () => {
  test("posts what goes to the queue, and again with pauses what was not taken", async () => {
    const callback = await startCallback();
    callback.status = 503;
    const amazon = await start({
      callbackUrl: callback.url,
      settings: { notifications: { pending: false } },
    });
    const id = await amazon.buy(SKU, 1, { closingGapMs: 0 });
    amazon.clock.advance(1_000);
    await postsTried(amazon, 1);
    callback.status = 200;
    amazon.clock.advance(1_000);
    await postsTried(amazon, 2);
    amazon.clock.advance(86_400_000);
    await postsTried(amazon, 2);
    const [queued] = await drainQueue(amazon);
    expect(orderIn(queued)?.AmazonOrderId).toBe(id);
    expect(callback.bodies.map((body) => JSON.parse(body) as unknown)).toEqual([queued, queued]);
  });

  test("drops what is refused for good, and what nobody took for a day", async () => {
    const callback = await startCallback();
    const amazon = await start({
      callbackUrl: callback.url,
      settings: { notifications: { pending: false } },
    });
    callback.status = 400;
    await amazon.buy(SKU, 1, { closingGapMs: 0 });
    amazon.clock.advance(1_000);
    await postsTried(amazon, 1);
    const report = async () => {
      const { body } = await amazon.sim<{ tap: { counts: { dropped: number } } }>("GET", "/notifications");
      return body;
    };
    expect(await report()).toMatchObject({ pending: 0, tap: { counts: { dropped: 1 } } });
    callback.status = 500;
    await amazon.buy(SKU, 1, { closingGapMs: 0 });
    amazon.clock.advance(1_000);
    let attempts = 2;
    await postsTried(amazon, attempts);
    while ((await report()).tap.counts.dropped < 2) {
      amazon.clock.advance(600_000);
      attempts += 1;
      await postsTried(amazon, attempts);
    }
    expect(await report()).toMatchObject({ pending: 0 });
    expect(attempts).toBeGreaterThan(100);
  });

  test("anything at all can be posted, or put into a queue, for a test of its reader", async () => {
    const callback = await startCallback();
    const amazon = await start({ callbackUrl: callback.url });
    const posted = await amazon.sim("POST", "/notify", { body: "{half", contentType: "text/plain" });
    expect(posted.body).toMatchObject({ status: 200 });
    expect(callback.bodies).toEqual(["{half"]);
    const name = amazon.sqs.queues[0]?.name;
    await amazon.sim("POST", "/notify", { queue: name, body: { NotificationType: "FORGED" } });
    expect(await drainQueue(amazon)).toEqual([{ NotificationType: "FORGED" }]);
  });
});
