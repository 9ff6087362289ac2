import { describe, expect, test } from "vitest";

import { SKU, startTestAmazon, type TestAmazon, US } from "./test-amazon.ts";

const act = (amazon: TestAmazon, id: string, name: string, body: unknown = {}) =>
  amazon.sim("POST", `/orders/${id}/${name}`, body);

const units = (quantity: number) => [{ fulfillmentChannelCode: "DEFAULT", quantity }];

const twoSkus = {
  accounts: [
    {
      account: "us-1",
      listings: [
        { listing: SKU, availableQuantity: 10, price: 16.5 },
        { listing: "KB-L", availableQuantity: 4, price: 20 },
      ],
    },
  ],
};

describe("cancelling", () => {
  const cases = [
    ["the buyer", {}, "BUYER", 10],
    ["Amazon", { requestedBy: "amazon" }, "AMAZON", 10],
    ["the seller for lack of stock", { requestedBy: "seller" }, "MERCHANT", 8],
    ["the seller for another reason", { requestedBy: "seller", reason: "PRICING_ERROR" }, "MERCHANT", 10],
    ["the buyer, without restock", { restock: false }, "BUYER", 8],
    ["the seller, with restock", { requestedBy: "seller", restock: true }, "MERCHANT", 10],
  ] as const;
  test.each(cases)("by %s", async (_, body, cancelledBy, left) => {
    const amazon = await startTestAmazon();
    for (const closingGapMs of [0, 60_000]) {
      const id = await amazon.buy(SKU, 2, { closingGapMs });
      expect((await act(amazon, id, "cancel", body)).status).toBe(200);
      expect(await amazon.order(id)).toMatchObject({
        fulfillment: { fulfillmentStatus: "CANCELLED" },
        orderItems: [
          {
            quantityOrdered: 2,
            fulfillment: { quantityFulfilled: 0, quantityUnfulfilled: 0 },
            cancellation: { cancellationExecution: { cancelledBy } },
          },
        ],
      });
      expect(await amazon.live(SKU)).toEqual(units(left));
      await amazon.sim("PUT", "/accounts", {
        accounts: [{ account: "us-1", listings: [{ listing: SKU, availableQuantity: 10 }] }],
      });
      expect(await act(amazon, id, "cancel")).toMatchObject({ status: 409 });
      amazon.clock.advance(60_000);
      expect((await amazon.order(id)).fulfillment.fulfillmentStatus).toBe("CANCELLED");
    }
  });

  test("some items leaves the others as they are", async () => {
    const amazon = await startTestAmazon(twoSkus);
    const pending = await amazon.buy(SKU, 1, { items: [{ listing: "KB-L", quantity: 1 }], pay: false });
    const [first] = (await amazon.order(pending)).orderItems;
    await act(amazon, pending, "cancel", { items: [first?.orderItemId] });
    expect((await amazon.order(pending)).fulfillment.fulfillmentStatus).toBe("PENDING");
    expect(await amazon.live(SKU)).toEqual(units(10));
    expect(await amazon.live("KB-L")).toEqual(units(3));
    await act(amazon, pending, "pay", { closingGapMs: 0 });
    await act(amazon, pending, "ship");
    expect((await amazon.order(pending)).fulfillment.fulfillmentStatus).toBe("SHIPPED");
  });

  test("after a part has left takes what has not", async () => {
    const amazon = await startTestAmazon(twoSkus);
    const id = await amazon.buy(SKU, 2, { items: [{ listing: "KB-L", quantity: 1 }], closingGapMs: 0 });
    const [first] = (await amazon.order(id)).orderItems;
    await act(amazon, id, "ship", { items: [{ orderItemId: first?.orderItemId, quantity: 1 }] });
    expect((await act(amazon, id, "cancel", { items: [first?.orderItemId] })).status).toBe(409);
    expect((await act(amazon, id, "cancel")).status).toBe(200);
    expect(await amazon.order(id)).toMatchObject({
      fulfillment: { fulfillmentStatus: "PARTIALLY_SHIPPED" },
      orderItems: [
        { fulfillment: { quantityFulfilled: 1, quantityUnfulfilled: 1 } },
        { fulfillment: { quantityUnfulfilled: 0 }, cancellation: { cancellationExecution: {} } },
      ],
    });
    await act(amazon, id, "ship");
    expect((await amazon.order(id)).fulfillment.fulfillmentStatus).toBe("SHIPPED");
    expect(await amazon.live("KB-L")).toEqual(units(4));
  });

  test("may tell 0 ordered", async () => {
    const amazon = await startTestAmazon({ settings: { cancelledItemsKeepQuantity: false } });
    const id = await amazon.buy(SKU, 2);
    await act(amazon, id, "cancel");
    expect((await amazon.order(id)).orderItems).toMatchObject([{ quantityOrdered: 0 }]);
  });

  test("a buyer's request is a flag and an update, and nothing else", async () => {
    const amazon = await startTestAmazon();
    const id = await amazon.buy(SKU, 2, { closingGapMs: 0 });
    amazon.clock.advance(5_000);
    expect(await act(amazon, id, "request-cancel")).toMatchObject({ status: 200 });
    const order = await amazon.order(id);
    expect(order).toMatchObject({
      lastUpdatedTime: "2026-11-23T10:20:35Z",
      fulfillment: { fulfillmentStatus: "UNSHIPPED" },
      orderItems: [{ quantityOrdered: 2, cancellation: { cancellationRequest: { requester: "BUYER" } } }],
    });
    expect(await amazon.live(SKU)).toEqual(units(8));
    const pending = await amazon.buy(SKU, 1, { pay: false });
    expect(await act(amazon, pending, "request-cancel")).toMatchObject({ status: 409 });
  });

  test("the seller's own call is not routed, unless switched on", async () => {
    const amazon = await startTestAmazon();
    const id = await amazon.buy(SKU, 2, { closingGapMs: 0 });
    const cancel = (body: unknown) =>
      amazon.api("PUT", `/orders/2026-01-01/orders/${id}/cancellation`, { body });
    expect((await cancel({ cancelReasonCode: "NO_INVENTORY" })).status).toBe(403);
    await amazon.sim("PUT", "/settings", { cancelOrderAvailable: true });
    expect((await cancel({ cancelReasonCode: "BORED" })).status).toBe(400);
    expect((await cancel({ cancelReasonCode: "NO_INVENTORY" })).status).toBe(202);
    expect((await amazon.order(id)).fulfillment.fulfillmentStatus).toBe("CANCELLED");
    expect(await amazon.live(SKU)).toEqual(units(8));
    expect((await cancel({ cancelReasonCode: "NO_INVENTORY" })).status).toBe(400);
  });
});

describe("shipping", () => {
  const confirmation = (orderItemId: string, quantity: number, more: object = {}) => ({
    marketplaceId: US,
    packageDetail: {
      packageReferenceId: "1",
      carrierCode: "UPS",
      trackingNumber: "1Z999",
      shipDate: "2026-11-23T10:00:00Z",
      orderItems: [{ orderItemId, quantity }],
      ...more,
    },
  });

  const confirm = (amazon: TestAmazon, id: string, body: unknown) =>
    amazon.api("POST", `/orders/v0/orders/${id}/shipmentConfirmation`, { body });

  test("goes by parts, and by the seller's confirmation", async () => {
    const amazon = await startTestAmazon();
    const id = await amazon.buy(SKU, 5, { closingGapMs: 0 });
    const item = (await amazon.order(id)).orderItems[0]?.orderItemId ?? "";
    const first = await confirm(amazon, id, confirmation(item, 2));
    expect(first).toMatchObject({ status: 204, text: "" });
    expect(await amazon.order(id)).toMatchObject({
      fulfillment: { fulfillmentStatus: "PARTIALLY_SHIPPED" },
      orderItems: [{ fulfillment: { quantityFulfilled: 2, quantityUnfulfilled: 3 } }],
    });
    // The same package again, as after a lost answer, ships nothing more.
    expect((await confirm(amazon, id, confirmation(item, 2))).status).toBe(204);
    const rest = confirmation(item, 3, {
      packageReferenceId: "2",
      carrierCode: "Other",
      carrierName: "Estafeta",
    });
    expect((await confirm(amazon, id, rest)).status).toBe(204);
    const { body } = await amazon.api(
      "GET",
      `/orders/2026-01-01/orders/${id}?includedData=FULFILLMENT,PACKAGES`,
    );
    expect(body).toMatchObject({
      order: {
        fulfillment: { fulfillmentStatus: "SHIPPED" },
        packages: [
          {
            packageReferenceId: "1",
            carrier: "UPS",
            trackingNumber: "1Z999",
            packageItems: [{ quantity: 2 }],
          },
          { packageReferenceId: "2", carrier: "Estafeta", packageStatus: { status: "SHIPPED" } },
        ],
      },
    });
    expect(await act(amazon, id, "cancel")).toMatchObject({ status: 409 });
    expect(await amazon.live(SKU)).toEqual(units(5));
  });

  test("is refused for what does not fit", async () => {
    const amazon = await startTestAmazon();
    const id = await amazon.buy(SKU, 2, { closingGapMs: 60_000 });
    const item = (await amazon.order(id)).orderItems[0]?.orderItemId ?? "";
    expect((await confirm(amazon, id, confirmation(item, 1))).status).toBe(400);
    amazon.clock.advance(60_000);
    const wrong = [
      confirmation(item, 3),
      confirmation("1", 1),
      confirmation(item, 0),
      confirmation(item, 1, { carrierCode: "Other" }),
      confirmation(item, 1, { shipDate: "02/21/2022" }),
      confirmation(item, 1, { packageReferenceId: "A" }),
      confirmation(item, 1, { trackingNumber: undefined }),
      { ...confirmation(item, 1), marketplaceId: "A2EUQ1WTGCTBG2" },
      { ...confirmation(item, 1), note: "x" },
    ];
    for (const body of wrong) {
      const answer = await confirm(amazon, id, body);
      expect(answer.status, JSON.stringify(body)).toBe(400);
      amazon.clock.advance(1_000);
    }
    expect((await confirm(amazon, "111-1111111-1111111", confirmation(item, 1))).status).toBe(404);
    expect((await amazon.order(id)).fulfillment.fulfillmentStatus).toBe("UNSHIPPED");
  });

  test("can be played by hand, and sent back without a word from the API", async () => {
    const amazon = await startTestAmazon();
    const id = await amazon.buy(SKU, 3, { closingGapMs: 0 });
    const item = (await amazon.order(id)).orderItems[0]?.orderItemId ?? "";
    expect(await act(amazon, id, "return")).toMatchObject({ status: 409 });
    const part = { items: [{ orderItemId: item, quantity: 1 }] };
    expect(await act(amazon, id, "ship", part)).toMatchObject({ body: { status: "PARTIALLY_SHIPPED" } });
    const tooMuch = { items: [{ orderItemId: item, quantity: 3 }] };
    expect(await act(amazon, id, "ship", tooMuch)).toMatchObject({ status: 409 });
    expect(await act(amazon, id, "ship")).toMatchObject({ body: { status: "SHIPPED" } });
    expect(await act(amazon, id, "ship")).toMatchObject({ status: 409 });
    expect(await act(amazon, id, "deliver")).toMatchObject({ body: { status: "SHIPPED" } });
    const before = await amazon.order(id);
    amazon.clock.advance(60_000);
    expect(await act(amazon, id, "return")).toMatchObject({ body: { returned: "open" } });
    expect(await act(amazon, id, "return")).toMatchObject({ status: 409 });
    expect(await act(amazon, id, "return", { received: true })).toMatchObject({
      body: { returned: "received" },
    });
    expect(await amazon.order(id)).toEqual(before);
    expect(await act(amazon, id, "burn")).toMatchObject({ status: 404, body: { code: "unknown_act" } });
  });
});
