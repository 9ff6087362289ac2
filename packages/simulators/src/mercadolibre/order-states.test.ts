import { describe, expect, test } from "vitest";

import { LISTING, startCallback, startMarketplace, type TestMarketplace } from "./test-marketplace.ts";

const paid = (market: TestMarketplace, quantity = 2): Promise<number> =>
  market.buy(LISTING, quantity, { closingGapMs: 0 });

const act = (market: TestMarketplace, id: number, name: string, body: unknown = {}) =>
  market.sim("POST", `/orders/${id}/${name}`, body);

const order = (market: TestMarketplace, id: number) => market.api("GET", `/orders/${id}`);

const available = async (market: TestMarketplace): Promise<number> =>
  (await market.api<{ available_quantity: number }>("GET", `/items/${LISTING}`)).body.available_quantity;

describe("who cancelled and why", () => {
  test.each([
    ["buyer_cancel_express", "buyer", "buyer"],
    ["mediations", "meli", "mediations"],
    ["feedback_unavailable_product", "seller", "seller"],
    ["fraud_detected", "meli", "fraud"],
    ["item_not_allowed", "meli", "item"],
    ["shipment_cancelled", "meli", "shipment"],
    ["shipment_not_delivered", "meli", "delivery"],
    ["fiscal_data_missing", "meli", "fiscal"],
  ])("stands in cancel_detail: %s", async (code, requestedBy, group) => {
    const market = await startMarketplace();
    const id = await paid(market);
    await act(market, id, "cancel", { code });
    expect(await order(market, id)).toMatchObject({
      body: {
        status: "cancelled",
        status_detail: null,
        cancel_detail: { code, group, requested_by: requestedBy },
      },
    });
  });

  test("decides whether the marketplace puts its unit back, as set", async () => {
    const after = async (
      requestedBy: string,
      cancellationsRestock: Record<string, boolean> = {},
      more = {},
    ): Promise<number> => {
      const market = await startMarketplace({ settings: { cancellationsRestock } });
      const id = await paid(market);
      await act(market, id, "cancel", { requestedBy, ...more });
      return available(market);
    };
    expect([await after("buyer"), await after("meli"), await after("seller")]).toEqual([10, 10, 8]);
    expect(await after("buyer", { buyer: false })).toBe(8);
    expect(await after("meli", { buyer: false })).toBe(10);
    expect(await after("buyer", { buyer: false }, { restock: true })).toBe(10);
  });
});

describe("states on the way", () => {
  test("a payment is in process, rejected, and made good", async () => {
    const market = await startMarketplace();
    const id = await market.buy(LISTING, 1, { pay: false, waitsAs: "payment_in_process" });
    expect(await order(market, id)).toMatchObject({
      body: { status: "payment_in_process", date_closed: null },
    });
    await act(market, id, "reject");
    expect(await order(market, id)).toMatchObject({
      body: { status: "payment_required", date_closed: null, payments: [{ status: "rejected" }] },
    });
    expect(await available(market)).toBe(10);
    await act(market, id, "pay", { closingGapMs: 0 });
    expect(await order(market, id)).toMatchObject({
      body: { status: "paid", payments: [{ status: "approved" }] },
    });
    expect(await act(market, id, "reject")).toMatchObject({ status: 409 });
  });

  test("any state and tag can be put on an order, and is told", async () => {
    const callback = await startCallback();
    const market = await startMarketplace({ callbackUrl: callback.url, topics: ["orders_v2"] });
    const id = await paid(market);
    market.clock.advance(1_000);
    await callback.count(1);
    await act(market, id, "mark", { addTags: ["fraud_risk_detected"] });
    expect(await order(market, id)).toMatchObject({
      body: { status: "paid", tags: ["not_delivered", "paid", "fraud_risk_detected"] },
    });
    market.clock.advance(1_000);
    await callback.count(2);
    await act(market, id, "mark", { status: "pending_cancel", removeTags: ["fraud_risk_detected"] });
    expect(await order(market, id)).toMatchObject({
      body: { status: "pending_cancel", tags: ["not_delivered", "paid"] },
    });
    expect(await act(market, id, "mark", { status: "gone" })).toMatchObject({ status: 400 });
  });

  test("any state can be put on its parcel, which alone changes", async () => {
    const market = await startMarketplace();
    const id = await paid(market);
    const parcel = async () => {
      const { body } = await market.api<{ shipping: { id: number } }>("GET", `/orders/${id}`);
      return (await market.api("GET", `/shipments/${body.shipping.id}`)).body;
    };
    await act(market, id, "mark", { shipment: { status: "pending", substatus: "buffered" } });
    expect(await parcel()).toMatchObject({ status: "pending", substatus: "buffered" });
    await act(market, id, "mark", { shipment: { status: "not_delivered", substatus: "returned" } });
    expect(await parcel()).toMatchObject({ status: "not_delivered", substatus: "returned" });
    expect(await order(market, id)).toMatchObject({ body: { status: "paid" } });
    const unpaid = await market.buy(LISTING, 1, { pay: false });
    const wrong = await act(market, unpaid, "mark", { shipment: { status: "shipped" } });
    expect(wrong.status).toBe(409);
  });

  test("a sale from the catalogue says so", async () => {
    const listings = [{ listing: LISTING, availableQuantity: 5, catalogListing: true }];
    const market = await startMarketplace({ accounts: [{ account: "mx-1", listings }] });
    expect(await order(market, await paid(market))).toMatchObject({
      body: { tags: expect.arrayContaining(["catalog"]), context: { flows: ["catalog"] } },
    });
  });
});

describe("the seller's feedback", () => {
  const noStock = {
    fulfilled: false,
    rating: "neutral",
    message: "Operation not completed",
    reason: "OUT_OF_STOCK",
    restock_item: false,
  };
  const give = (market: TestMarketplace, id: number, more: Record<string, unknown> = {}) =>
    market.api("POST", `/orders/${id}/feedback`, { body: { ...noStock, ...more } });

  test("without stock cancels the order, and nothing is put back", async () => {
    const market = await startMarketplace();
    const id = await paid(market);
    expect(await give(market, id)).toMatchObject({
      status: 201,
      body: { order_id: id, reason: "OUT_OF_STOCK" },
    });
    expect(await order(market, id)).toMatchObject({
      body: {
        status: "cancelled",
        cancel_detail: { code: "feedback_unavailable_product", group: "seller", requested_by: "seller" },
        feedback: { seller: { id: expect.any(Number) } },
      },
    });
    expect(await available(market)).toBe(8);
    expect(await market.api("GET", `/orders/${id}/feedback`)).toMatchObject({
      body: { sale: { fulfilled: false, restock_item: false }, purchase: null },
    });
  });

  test("puts the units back when asked to, but not on a closed item", async () => {
    const market = await startMarketplace();
    const first = await paid(market);
    const second = await paid(market);
    await give(market, first, { restock_item: true, reason: "BUYER_REGRETS" });
    expect(await available(market)).toBe(8);
    await market.api("PUT", `/items/${LISTING}`, { body: { status: "closed" } });
    await give(market, second, { restock_item: true });
    expect(await available(market)).toBe(8);
  });

  test("is given once, in time, and complete", async () => {
    const market = await startMarketplace({ settings: { accessTokenTtlMs: 60 * 86_400_000 } });
    const id = await paid(market);
    for (const wrong of [
      { fulfilled: "no" },
      { reason: undefined },
      { rating: "positive" },
      { reason: "BORED" },
    ]) {
      expect(await give(market, id, wrong)).toMatchObject({ status: 400 });
    }
    expect(await order(market, id)).toMatchObject({ body: { status: "paid" } });
    await give(market, id);
    expect(await give(market, id)).toMatchObject({ status: 400 });
    const late = await paid(market);
    market.clock.advance(29 * 86_400_000);
    expect(await give(market, late)).toMatchObject({
      status: 400,
      body: {
        error: "not_fulfilled_feedback_in_order_expired",
        message: "You can't submit a not fulfilled feedback after order has expired.",
      },
    });
  });

  test("of a sale that went well changes nothing but the order", async () => {
    const market = await startMarketplace();
    const id = await paid(market);
    const good = { fulfilled: true, rating: "positive", reason: undefined };
    expect(await give(market, id, good)).toMatchObject({ status: 201 });
    expect(await order(market, id)).toMatchObject({ body: { status: "paid", fulfilled: true } });
  });
});
