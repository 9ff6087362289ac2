import { describe, expect, test } from "vitest";

import { LISTING, startMarketplace, type TestMarketplace } from "./test-marketplace.ts";

interface OrderBody {
  id: number;
  status: string;
  last_updated: string;
  shipping: { id: number | null };
  tags: string[];
}

const readOrder = async (market: TestMarketplace, id: number): Promise<OrderBody> => {
  const answer = await market.api<OrderBody>("GET", `/orders/${id}`);
  expect(answer.status).toBe(200);
  return answer.body;
};

const available = async (market: TestMarketplace): Promise<unknown> =>
  (await market.api<{ available_quantity: number }>("GET", `/items/${LISTING}`)).body.available_quantity;

const act = (market: TestMarketplace, id: number, name: string, body: unknown = {}) =>
  market.sim("POST", `/orders/${id}/${name}`, body);

describe("buying", () => {
  test("takes the units off the listing when the order closes, not before", async () => {
    const market = await startMarketplace();
    const id = await market.buy(LISTING, 3, { closingGapMs: 41_000, buyer: "ANA" });
    expect(await readOrder(market, id)).toMatchObject({
      status: "confirmed",
      date_created: "2026-11-23T06:20:30.000-04:00",
      date_closed: null,
      shipping: { id: null },
      tags: ["not_paid", "not_delivered"],
      buyer: { nickname: "ANA" },
    });
    expect(await available(market)).toBe(10);
    market.clock.advance(41_000);
    expect(await readOrder(market, id)).toMatchObject({
      status: "paid",
      date_created: "2026-11-23T06:20:30.000-04:00",
      date_closed: "2026-11-23T06:21:11.000-04:00",
      last_updated: "2026-11-23T06:21:11.000-04:00",
      shipping: { id: expect.any(Number) },
      tags: ["not_delivered", "paid"],
      cancel_detail: null,
      status_detail: null,
      pack_id: null,
      payments: [{ status: "approved" }],
      order_items: [
        {
          item: { id: LISTING, variation_id: null, seller_sku: "KB-M", user_product_id: expect.any(String) },
          quantity: 3,
          stock: { store_id: null, node_id: null },
        },
      ],
      seller: { id: market.first.userId },
    });
    expect(await available(market)).toBe(7);
  });

  test("closes after a seeded gap between 2 and 41 seconds", async () => {
    const market = await startMarketplace();
    const answer = await market.sim<{ orderId: number; closesAt: string; acceptedAt: string }>(
      "POST",
      "/orders",
      {
        listing: LISTING,
        quantity: 1,
      },
    );
    const gapMs = Date.parse(answer.body.closesAt) - Date.parse(answer.body.acceptedAt);
    expect(gapMs).toBeGreaterThanOrEqual(2_000);
    expect(gapMs).toBeLessThanOrEqual(41_000);
    market.clock.advance(gapMs - 1);
    expect(await readOrder(market, answer.body.orderId)).toMatchObject({ status: "confirmed" });
    market.clock.advance(1);
    expect(await readOrder(market, answer.body.orderId)).toMatchObject({ status: "paid" });
  });

  test("does not promise the units of an order that has not closed a second time", async () => {
    const market = await startMarketplace();
    await market.buy(LISTING, 6);
    expect(await market.sim("POST", "/orders", { listing: LISTING, quantity: 5 })).toMatchObject({
      status: 409,
      body: { accepted: false, reason: "out_of_stock", availableQuantity: 4 },
    });
    await market.buy(LISTING, 4);
    market.clock.advance(41_000);
    expect(await available(market)).toBe(0);
    expect(await market.api("GET", `/items/${LISTING}`)).toMatchObject({
      body: { status: "paused", sub_status: ["out_of_stock"], sold_quantity: 10 },
    });
  });

  test("is refused where the listing is paused, or does not exist", async () => {
    const market = await startMarketplace();
    await market.api("PUT", `/items/${LISTING}`, { body: { status: "paused" } });
    expect(await market.sim("POST", "/orders", { listing: LISTING, quantity: 1 })).toMatchObject({
      status: 409,
      body: { reason: "not_active", availableQuantity: 0 },
    });
    expect(await market.sim("POST", "/orders", { listing: "MLM1", quantity: 1 })).toMatchObject({
      status: 404,
      body: { code: "unknown_listing" },
    });
    expect(
      await market.sim("POST", "/orders", { account: "mx-2", listing: LISTING, quantity: 1 }),
    ).toMatchObject({ status: 404 });
    for (const quantity of [0, -1, 1.5, "1"]) {
      expect(await market.sim("POST", "/orders", { listing: LISTING, quantity })).toMatchObject({
        status: 400,
        body: { code: "invalid_request" },
      });
    }
  });

  test("a variation takes from that variation", async () => {
    const variations = [
      { variation: 11, sellerSku: "KB-S", availableQuantity: 4 },
      { variation: 12, sellerSku: "KB-L", availableQuantity: 6 },
    ];
    const accounts = [{ account: "mx-1", listings: [{ listing: LISTING, variations }] }];
    const market = await startMarketplace({ accounts });
    const id = await market.buy(LISTING, 4, { variation: 11, closingGapMs: 0 });
    expect(await readOrder(market, id)).toMatchObject({
      order_items: [{ item: { variation_id: 11, seller_sku: "KB-S" } }],
    });
    expect(await market.api("GET", `/items/${LISTING}`)).toMatchObject({
      body: {
        status: "active",
        variations: [
          { id: 11, available_quantity: 0, sold_quantity: 4 },
          { id: 12, available_quantity: 6 },
        ],
      },
    });
    expect(await market.sim("POST", "/orders", { listing: LISTING, quantity: 1 })).toMatchObject({
      status: 404,
    });
  });

  test("without paying leaves the order open until it is paid", async () => {
    const market = await startMarketplace();
    const id = await market.buy(LISTING, 2, { pay: false });
    market.clock.advance(3_600_000);
    expect(await readOrder(market, id)).toMatchObject({ status: "payment_required", date_closed: null });
    expect(await available(market)).toBe(10);
    expect(await act(market, id, "pay", { closingGapMs: 0 })).toMatchObject({
      status: 200,
      body: { status: "paid" },
    });
    expect(await available(market)).toBe(8);
    expect(await act(market, id, "pay")).toMatchObject({ status: 409, body: { code: "invalid_state" } });
  });

  test("keeps the order when the seller wrote 0 in the meantime", async () => {
    const market = await startMarketplace();
    const id = await market.buy(LISTING, 2, { closingGapMs: 5_000 });
    await market.api("PUT", `/items/${LISTING}`, { body: { available_quantity: 0 } });
    market.clock.advance(5_000);
    expect(await readOrder(market, id)).toMatchObject({ status: "paid" });
    expect(await available(market)).toBe(0);
  });
});

describe("reading an order", () => {
  test("of somebody else is refused, and one that does not exist is 404", async () => {
    const market = await startMarketplace();
    const id = await market.buy(LISTING, 1);
    const token = market.second.accessToken;
    expect(await market.api("GET", `/orders/${id}`, { token })).toMatchObject({
      status: 403,
      body: { error: "access_denied", code: "FORBIDDEN" },
    });
    expect(await market.api("GET", "/orders/1")).toMatchObject({ status: 404, body: { status: 404 } });
    expect(await market.api("GET", "/orders/abc")).toMatchObject({ status: 404 });
  });

  test("may come too early", async () => {
    const market = await startMarketplace({ faults: { orderNotFoundMs: 3_000 } });
    const id = await market.buy(LISTING, 1);
    expect(await market.api("GET", `/orders/${id}`)).toMatchObject({ status: 404 });
    market.clock.advance(3_000);
    expect(await market.api("GET", `/orders/${id}`)).toMatchObject({ status: 200 });
  });
});

describe("cancelling", () => {
  test("by the buyer puts the unit back and says who and why in cancel_detail", async () => {
    const market = await startMarketplace();
    const id = await market.buy(LISTING, 10, { closingGapMs: 0 });
    expect(await act(market, id, "cancel")).toMatchObject({
      status: 200,
      body: { status: "cancelled", shipmentStatus: "cancelled" },
    });
    expect(await readOrder(market, id)).toMatchObject({
      status: "cancelled",
      status_detail: null,
      cancel_detail: {
        code: "buyer_cancel_express",
        group: "buyer",
        requested_by: "buyer",
        application_id: null,
        date: "2026-11-23T06:20:30.000-04:00",
      },
      tags: ["not_delivered", "not_paid"],
      paid_amount: 0,
      payments: [{ status: "refunded" }],
    });
    expect(await market.api("GET", `/items/${LISTING}`)).toMatchObject({
      body: { available_quantity: 10, status: "active", sub_status: [] },
    });
    expect(await act(market, id, "cancel")).toMatchObject({ status: 409 });
  });

  test("by the seller for want of stock puts nothing back", async () => {
    const market = await startMarketplace();
    const id = await market.buy(LISTING, 2, { closingGapMs: 0 });
    await act(market, id, "cancel", { requestedBy: "seller" });
    expect(await readOrder(market, id)).toMatchObject({
      cancel_detail: {
        code: "feedback_unavailable_product",
        requested_by: "seller",
        application_id: market.first.clientId,
      },
    });
    expect(await available(market)).toBe(8);
  });

  test("with a code of one's own", async () => {
    const market = await startMarketplace();
    const id = await market.buy(LISTING, 2, { closingGapMs: 0 });
    await act(market, id, "cancel", {
      requestedBy: "meli",
      code: "pack_splitted",
      group: "internal",
      restock: false,
    });
    expect(await readOrder(market, id)).toMatchObject({
      cancel_detail: { code: "pack_splitted", group: "internal", requested_by: "meli" },
    });
    expect(await available(market)).toBe(8);
  });

  test("before it closed never takes the units at all", async () => {
    const market = await startMarketplace();
    const id = await market.buy(LISTING, 2, { closingGapMs: 5_000 });
    await act(market, id, "cancel");
    market.clock.advance(5_000);
    expect(await readOrder(market, id)).toMatchObject({ status: "cancelled", date_closed: null });
    expect(await available(market)).toBe(10);
    await market.buy(LISTING, 10);
  });

  test("refunded to the wallet stays paid, with a tag", async () => {
    const market = await startMarketplace();
    const id = await market.buy(LISTING, 2, { closingGapMs: 0 });
    await act(market, id, "cancel", { wallet: true });
    expect(await readOrder(market, id)).toMatchObject({
      status: "paid",
      cancel_detail: null,
      tags: ["not_delivered", "paid", "unfulfilled"],
      payments: [{ tags: ["refund_account_money"] }],
    });
    expect(await act(market, id, "cancel")).toMatchObject({ status: 409 });
  });
});
