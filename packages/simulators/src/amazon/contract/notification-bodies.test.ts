import { expect, test } from "vitest";

import { type Arrival, drainQueue, type EventArrival } from "../notifications/test-listeners.ts";
import { testPayloads } from "../notifications/test-payloads.ts";
import { CANADA, SKU, startTestAmazon, type TestAmazon, US } from "../test-amazon.ts";
import { notificationCheck } from "./official-notification.ts";
import { isReferenceMissing, MISSING_REASON } from "./reference-folder.ts";

// Every notification document that the simulator sends, held against Amazon's own schemas, unknown fields included.

const subscriptions = [
  "ORDER_CHANGE",
  "LISTINGS_ITEM_MFN_QUANTITY_CHANGE",
  "LISTINGS_ITEM_STATUS_CHANGE",
  "FBA_INVENTORY_AVAILABILITY_CHANGES",
];

async function start(notifications: object): Promise<TestAmazon> {
  return startTestAmazon({
    accounts: [
      {
        account: "us-1",
        marketplaceIds: [US, CANADA],
        subscriptions,
        listings: [
          { listing: SKU, availableQuantity: 3 },
          { listing: "KB-L", availableQuantity: 3 },
          { listing: "FBA-1", availableQuantity: 9, fulfilledBy: "AMAZON", fba: { inboundShipped: 3 } },
          { listing: "FBA-1", marketplaceId: CANADA, availableQuantity: 9, fulfilledBy: "AMAZON" },
        ],
      },
    ],
    settings: { notificationLatencyMs: { min: 0, max: 0 }, writeApplyMs: { min: 0, max: 0 }, notifications },
  });
}

/** Makes everything happen that is told of. */
async function live(amazon: TestAmazon): Promise<void> {
  const act = async (id: string, name: string, body: object = {}): Promise<void> => {
    const answer = await amazon.sim("POST", `/orders/${id}/${name}`, body);
    expect(answer.status, answer.text).toBe(200);
  };
  const cart = await amazon.buy(SKU, 2, { closingGapMs: 1_000, items: [{ listing: "KB-L", quantity: 1 }] });
  amazon.clock.advance(2_000);
  await act(cart, "request-cancel");
  const [item] = (await amazon.order(cart)).orderItems;
  await act(cart, "ship", { items: [{ orderItemId: item?.orderItemId, quantity: 1 }] });
  await act(cart, "ship");
  const last = await amazon.buy(SKU, 1, { closingGapMs: 0, replaces: cart });
  await act(last, "cancel", { requestedBy: "buyer" });
  const fba = await amazon.buy("FBA-1", 2, { closingGapMs: 0 });
  await act(fba, "ship");
  await amazon.buy(SKU, 1, { preorder: true });
  await act(await amazon.buy("FBA-1", 1, { closingGapMs: 0, nonAmazon: true }), "strand");
  await amazon.setQuantity("KB-L", 0);
  await amazon.setQuantity("KB-L", 7);
  amazon.clock.advance(10_000);
}

/** What arrived, each with the problems of its document. */
function judged(arrivals: (Arrival | EventArrival)[]): { type: string; problems: string[] }[] {
  return arrivals.map((arrival) => {
    const document = "detail" in arrival ? arrival.detail : arrival;
    const type = document.NotificationType;
    return { type, problems: notificationCheck(type)(document) };
  });
}

test.for([
  ["as usual", {}],
  ["item by item", { level: "item" }],
  [
    "both ways, with no more than it has to",
    { level: "both", omitOptionalFields: true, nullPurchaseDate: true },
  ],
] as const)("what is told %s is as the official schemas say", async ([, notifications], { skip }) => {
  skip(isReferenceMissing, MISSING_REASON);
  const amazon = await start(notifications);
  await live(amazon);
  const documents = judged(await drainQueue<Arrival | EventArrival>(amazon));
  expect(documents.filter(({ problems }) => problems.length > 0)).toEqual([]);
  expect(new Set(documents.map(({ type }) => type))).toEqual(new Set(subscriptions));
});

test("what a test notification brings is, too", async ({ skip }) => {
  skip(isReferenceMissing, MISSING_REASON);
  const now = "2026-11-23T10:20:30.400Z";
  const metadata = { ApplicationId: "a", SubscriptionId: "s", PublishTime: now, NotificationId: "n" };
  for (const [type, Payload] of Object.entries(testPayloads)) {
    const document = {
      NotificationVersion: "1.0",
      NotificationType: type,
      PayloadVersion: "1.0",
      EventTime: now,
      Payload,
      NotificationMetadata: metadata,
    };
    expect([type, notificationCheck(type)(document)]).toEqual([type, []]);
  }
});
