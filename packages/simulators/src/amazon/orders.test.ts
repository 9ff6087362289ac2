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

describe("buying", () => {
  test("takes the units off at once, while the order is still pending", async () => {
    const amazon = await startTestAmazon();
    const id = await amazon.buy(SKU, 3, { closingGapMs: 60_000 });
    expect(id).toMatch(/^\d{3}-\d{7}-\d{7}$/);
    expect(await amazon.live(SKU)).toEqual(units(7));
    expect(await amazon.order(id)).toEqual({
      orderId: id,
      createdTime: "2026-11-23T10:20:30Z",
      lastUpdatedTime: "2026-11-23T10:20:30Z",
      salesChannel: { channelName: "AMAZON", marketplaceId: US, marketplaceName: "Amazon.com" },
      fulfillment: {
        fulfillmentStatus: "PENDING",
        fulfilledBy: "MERCHANT",
        fulfillmentServiceLevel: "STANDARD",
        shipByWindow: { earliestDateTime: "2026-11-23T10:20:30Z", latestDateTime: "2026-11-25T10:20:30Z" },
        deliverByWindow: { earliestDateTime: "2026-11-23T10:20:30Z", latestDateTime: "2026-11-30T10:20:30Z" },
      },
      orderItems: [
        {
          orderItemId: expect.stringMatching(/^\d{14}$/),
          quantityOrdered: 3,
          product: {
            asin: expect.any(String),
            title: "Knee brace M",
            sellerSku: SKU,
            condition: { conditionType: "NEW", conditionSubtype: "NEW" },
            price: { unitPrice: { amount: "16.50", currencyCode: "USD" } },
          },
          fulfillment: { quantityFulfilled: 0, quantityUnfulfilled: 3 },
        },
      ],
    });
    amazon.clock.advance(60_000);
    expect(await amazon.order(id)).toMatchObject({
      lastUpdatedTime: "2026-11-23T10:21:30Z",
      fulfillment: { fulfillmentStatus: "UNSHIPPED" },
    });
  });

  test("is pending for a seeded while of up to half an hour, and stays so unpaid", async () => {
    const amazon = await startTestAmazon();
    const { body } = await amazon.sim<{ orderId: string; acceptedAt: string; closesAt: string }>(
      "POST",
      "/orders",
      { listing: SKU, quantity: 1 },
    );
    const gapMs = Date.parse(body.closesAt) - Date.parse(body.acceptedAt);
    expect(gapMs).toBeGreaterThanOrEqual(2_000);
    expect(gapMs).toBeLessThanOrEqual(1_800_000);
    const unpaid = await amazon.buy(SKU, 1, { pay: false });
    amazon.clock.advance(gapMs - 1);
    expect((await amazon.order(body.orderId)).fulfillment.fulfillmentStatus).toBe("PENDING");
    amazon.clock.advance(1);
    expect((await amazon.order(body.orderId)).fulfillment.fulfillmentStatus).toBe("UNSHIPPED");
    amazon.clock.advance(1_800_000);
    expect((await amazon.order(unpaid)).fulfillment.fulfillmentStatus).toBe("PENDING");
    expect(await act(amazon, unpaid, "pay", { closingGapMs: 0 })).toMatchObject({
      body: { status: "UNSHIPPED" },
    });
    expect(await act(amazon, unpaid, "pay")).toMatchObject({ status: 409, body: { code: "invalid_state" } });
  });

  test("is refused when nothing is left, suppressed or unknown", async () => {
    const amazon = await startTestAmazon();
    await amazon.buy(SKU, 6);
    expect(await amazon.sim("POST", "/orders", { listing: SKU, quantity: 5 })).toMatchObject({
      status: 409,
      body: { accepted: false, reason: "out_of_stock", account: "us-1", listing: SKU, availableQuantity: 4 },
    });
    await amazon.sim("PUT", "/accounts", {
      accounts: [{ account: "us-1", listings: [{ listing: SKU, suppressed: true }] }],
    });
    expect(await amazon.sim("POST", "/orders", { listing: SKU, quantity: 1 })).toMatchObject({
      status: 409,
      body: { reason: "not_active", availableQuantity: 0 },
    });
    expect(await amazon.sim("POST", "/orders", { account: "us-2", listing: SKU, quantity: 1 })).toMatchObject(
      {
        status: 201,
      },
    );
    const unknown = [
      [{ listing: "missing", quantity: 1 }, "unknown_listing"],
      [{ account: "nobody", listing: SKU, quantity: 1 }, "unknown_account"],
      [{ listing: SKU, quantity: 1, replaces: "111-1111111-1111111" }, "unknown_order"],
    ] as const;
    for (const [body, code] of unknown) {
      expect(await amazon.sim("POST", "/orders", body)).toMatchObject({ status: 404, body: { code } });
    }
    for (const quantity of [0, -1, 1.5, "1"]) {
      expect((await amazon.sim("POST", "/orders", { listing: SKU, quantity })).status).toBe(400);
    }
  });

  test("of several items takes from each, or from none", async () => {
    const amazon = await startTestAmazon(twoSkus);
    const id = await amazon.buy(SKU, 2, { items: [{ listing: "KB-L", quantity: 3 }], closingGapMs: 0 });
    expect((await amazon.order(id)).orderItems).toMatchObject([
      { quantityOrdered: 2, product: { sellerSku: SKU } },
      { quantityOrdered: 3, product: { sellerSku: "KB-L" } },
    ]);
    expect(await amazon.live(SKU)).toEqual(units(8));
    expect(await amazon.live("KB-L")).toEqual(units(1));
    const items = [{ listing: "KB-L", quantity: 1 }];
    expect(await amazon.sim("POST", "/orders", { listing: "KB-L", quantity: 1, items })).toMatchObject({
      status: 409,
      body: { listing: "KB-L" },
    });
    expect(await amazon.live("KB-L")).toEqual(units(1));
  });

  test("to replace another takes units again and charges nothing", async () => {
    const amazon = await startTestAmazon();
    const first = await amazon.buy(SKU, 1, { closingGapMs: 0 });
    const second = await amazon.buy(SKU, 1, { replaces: first });
    expect(await amazon.order(second)).toMatchObject({
      associatedOrders: [{ orderId: first, associationType: "REPLACEMENT_ORIGINAL_ID" }],
      orderItems: [{ product: { price: { unitPrice: { amount: "0.00" } } } }],
    });
    expect(await amazon.live(SKU)).toEqual(units(8));
  });
});

test("a preorder waits until it is paid", async () => {
  const amazon = await startTestAmazon();
  const id = await amazon.buy(SKU, 1, { preorder: true });
  const status = async () => (await amazon.order(id)).fulfillment.fulfillmentStatus;
  amazon.clock.advance(1_800_000);
  expect(await status()).toBe("PENDING_AVAILABILITY");
  expect(await amazon.live(SKU)).toEqual(units(9));
  await act(amazon, id, "pay", { closingGapMs: 1_000 });
  expect(await status()).toBe("PENDING");
  amazon.clock.advance(1_000);
  expect(await status()).toBe("UNSHIPPED");
  const dropped = await amazon.buy(SKU, 1, { preorder: true });
  await act(amazon, dropped, "cancel");
  expect((await amazon.order(dropped)).fulfillment.fulfillmentStatus).toBe("CANCELLED");
});

test("an order of another channel can become unfulfillable, an own one cannot", async () => {
  const accounts = [
    { account: "us-1", listings: [{ listing: SKU, fulfilledBy: "AMAZON" as const, availableQuantity: 5 }] },
  ];
  const amazon = await startTestAmazon({ accounts });
  const own = await amazon.buy(SKU, 1, { closingGapMs: 0 });
  const elsewhere = await amazon.buy(SKU, 1, { nonAmazon: true, closingGapMs: 0 });
  expect(await act(amazon, own, "strand")).toMatchObject({ status: 409 });
  expect(await act(amazon, elsewhere, "strand")).toMatchObject({ body: { status: "UNFULFILLABLE" } });
  expect(await amazon.order(elsewhere)).toMatchObject({
    salesChannel: { channelName: "NON_AMAZON" },
    fulfillment: { fulfillmentStatus: "UNFULFILLABLE" },
  });
});

describe("getOrder", () => {
  test("tells status and cancellations only when asked", async () => {
    const amazon = await startTestAmazon();
    const id = await amazon.buy(SKU, 1, { closingGapMs: 0 });
    await act(amazon, id, "cancel");
    const read = async (included: string) => {
      const query = included === "" ? "" : `?includedData=${included}`;
      const answer = await amazon.api<{ order: { orderItems: object[] } }>(
        "GET",
        `/orders/2026-01-01/orders/${id}${query}`,
      );
      return answer.body.order;
    };
    const bare = await read("");
    expect(Object.keys(bare).toSorted()).toEqual([
      "createdTime",
      "lastUpdatedTime",
      "orderId",
      "orderItems",
      "salesChannel",
    ]);
    expect(Object.keys(bare.orderItems[0] ?? {}).toSorted()).toEqual([
      "orderItemId",
      "product",
      "quantityOrdered",
    ]);
    expect(await read("FULFILLMENT")).toMatchObject({ fulfillment: { fulfillmentStatus: "CANCELLED" } });
    expect((await read("FULFILLMENT")).orderItems[0]).not.toHaveProperty("cancellation");
    expect((await read("CANCELLATION")).orderItems[0]).toMatchObject({
      cancellation: { cancellationExecution: { cancelledBy: "BUYER" } },
    });
    expect(await read("PROCEEDS")).toMatchObject({ proceeds: { grandTotal: { amount: "16.50" } } });
  });

  test("refuses wrong ids and data sets, and hides another seller's order", async () => {
    const amazon = await startTestAmazon();
    const id = await amazon.buy(SKU, 1);
    const path = `/orders/2026-01-01/orders/${id}`;
    expect((await amazon.api("GET", path, { token: amazon.second.accessToken })).status).toBe(404);
    expect((await amazon.api("GET", "/orders/2026-01-01/orders/111-1111111-1111111")).status).toBe(404);
    for (const wrong of [
      "/orders/2026-01-01/orders/TEST_CASE_400",
      `${path}?includedData=STATUS`,
      `${path}?x=1`,
    ]) {
      expect(await amazon.api("GET", wrong)).toMatchObject({
        status: 400,
        body: { errors: [{ code: "InvalidInput", message: "Invalid Input" }] },
      });
    }
  });

  test("may run behind, and find nothing at first", async () => {
    const amazon = await startTestAmazon({ settings: { orderReadLagMs: 5_000 } });
    const id = await amazon.buy(SKU, 1, { closingGapMs: 10_000 });
    const status = async () => (await amazon.api("GET", `/orders/2026-01-01/orders/${id}`)).status;
    expect(await status()).toBe(404);
    amazon.clock.advance(5_000);
    expect(await status()).toBe(200);
    amazon.clock.advance(5_000);
    expect((await amazon.order(id)).fulfillment.fulfillmentStatus).toBe("PENDING");
    amazon.clock.advance(5_000);
    expect((await amazon.order(id)).fulfillment.fulfillmentStatus).toBe("UNSHIPPED");
    await amazon.sim("PUT", "/faults", { orderNotFoundMs: 60_000 });
    expect(await status()).toBe(404);
    amazon.clock.advance(45_000);
    expect(await status()).toBe(200);
  });
});

test("the control list names every order after one", async () => {
  const amazon = await startTestAmazon();
  const ids = [await amazon.buy(SKU, 1), await amazon.buy(SKU, 2), await amazon.buy(SKU, 3)];
  const list = async (query: string) =>
    (await amazon.sim<{ orders: { orderId: string }[] }>("GET", `/orders${query}`)).body.orders.map(
      ({ orderId }) => orderId,
    );
  expect(await list("")).toEqual(ids);
  expect(await list(`?after=${ids[0]}&limit=1`)).toEqual([ids[1]]);
});
