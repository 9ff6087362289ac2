import { describe, expect, test } from "vitest";

import { LISTING, startMarketplace, type TestMarketplace } from "./test-marketplace.ts";

interface Delivered {
  market: TestMarketplace;
  id: number;
}

async function delivered(quantity = 3): Promise<Delivered> {
  const market = await startMarketplace();
  const id = await market.buy(LISTING, quantity, { closingGapMs: 0 });
  await market.sim("POST", `/orders/${id}/ship`, {});
  await market.sim("POST", `/orders/${id}/deliver`, {});
  return { market, id };
}

interface Opened {
  claimId: number;
  returnId: number;
}

async function sendBack({ market, id }: Delivered, body: Record<string, unknown> = {}): Promise<Opened> {
  const answer = await market.sim<Opened>("POST", `/orders/${id}/return`, body);
  expect(answer.status).toBe(200);
  return answer.body;
}

const claim = (market: TestMarketplace, { claimId }: Opened) =>
  market.api("GET", `/post-purchase/v1/claims/${claimId}`);

const returned = (market: TestMarketplace, { claimId }: Opened) =>
  market.api("GET", `/post-purchase/v2/claims/${claimId}/returns`);

const reviews = (market: TestMarketplace, { returnId }: Opened) =>
  market.api("GET", `/post-purchase/v1/returns/${returnId}/reviews`);

const order = ({ market, id }: Delivered) => market.api("GET", `/orders/${id}`);

describe("a return", () => {
  test("of some units says so in strings, and leaves the order standing", async () => {
    const sold = await delivered();
    const opened = await sendBack(sold, { quantity: 1 });
    expect(await returned(sold.market, opened)).toMatchObject({
      body: {
        subtype: "return_partial",
        status: "shipped",
        status_money: "retained",
        orders: [{ context_type: "partial", total_quantity: "3.0", return_quantity: "1.0" }],
      },
    });
    await sendBack(sold, { received: true });
    expect(await order(sold)).toMatchObject({
      body: {
        status: "partially_refunded",
        payments: [{ status: "approved", transaction_amount_refunded: 100 }],
      },
    });
    expect(await claim(sold.market, opened)).toMatchObject({
      body: { status: "closed", resolution: { reason: "item_returned" } },
    });
  });

  test("checked by the marketplace is delivered there first, and to the seller later", async () => {
    const sold = await delivered();
    const opened = await sendBack(sold, { triage: true });
    const { market, id } = sold;
    expect(await market.sim("POST", `/orders/${id}/return`, { received: true })).toMatchObject({
      status: 409,
    });
    expect(await reviews(market, opened)).toMatchObject({
      status: 404,
      body: { code: 404, message: "return review not found", cause: null },
    });
    await sendBack(sold, { triaged: { condition: "unsaleable", missingQuantity: 1 } });
    // Delivered, and yet not at the seller's.
    expect(await returned(market, opened)).toMatchObject({
      body: {
        status: "delivered",
        intermediate_check: true,
        related_entities: ["reviews"],
        shipments: [
          { type: "return", status: "delivered", destination: { name: "warehouse" } },
          { type: "return_from_triage", status: "shipped", destination: { name: "seller_address" } },
        ],
      },
    });
    expect(await reviews(market, opened)).toMatchObject({
      body: {
        reviews: [
          {
            method: "triage",
            resource_id: id,
            resource_reviews: [
              {
                product_condition: "unsaleable",
                product_destination: "seller",
                missing_quantity: 1,
                status: "failed",
              },
            ],
          },
        ],
      },
    });
    expect(await order(sold)).toMatchObject({ body: { status: "paid" } });
    await sendBack(sold, { received: true });
    expect(await returned(market, opened)).toMatchObject({
      body: { shipments: [{ status: "delivered" }, { status: "delivered" }], status_money: "refunded" },
    });
    expect(await order(sold)).toMatchObject({
      body: { status: "cancelled", cancel_detail: { code: "mediations" } },
    });
  });

  test("that the marketplace keeps never reaches the seller", async () => {
    const sold = await delivered();
    const opened = await sendBack(sold, { triage: true });
    await sendBack(sold, { triaged: { condition: "discard", destination: "meli" } });
    expect(await returned(sold.market, opened)).toMatchObject({
      body: { shipments: [{ type: "return", destination: { name: "warehouse" } }] },
    });
    expect(await claim(sold.market, opened)).toMatchObject({
      body: { status: "closed", resolution: { reason: "warehouse_decision" } },
    });
    expect(await order(sold)).toMatchObject({ body: { status: "cancelled" } });
  });

  test("of low cost is refunded without a parcel", async () => {
    const sold = await delivered();
    const opened = await sendBack(sold, { lowCost: true });
    expect(await returned(sold.market, opened)).toMatchObject({
      body: { subtype: "low_cost", refund_at: "n/a", shipments: [] },
    });
    expect(await claim(sold.market, opened)).toMatchObject({ body: { resolution: { reason: "low_cost" } } });
    expect(await order(sold)).toMatchObject({ body: { status: "cancelled" } });
  });

  test.each(["expired", "cancelled", "not_delivered", "failed"])(
    "that is %s leaves the sale as it is",
    async (ending) => {
      const sold = await delivered();
      const opened = await sendBack(sold);
      await sendBack(sold, { ending });
      expect(await returned(sold.market, opened)).toMatchObject({
        body: { status: ending, status_money: "available", shipments: [{ type: "return" }] },
      });
      expect(await claim(sold.market, opened)).toMatchObject({ body: { status: "closed" } });
      expect(await order(sold)).toMatchObject({ body: { status: "paid" } });
      const again = await sold.market.sim("POST", `/orders/${sold.id}/return`, { received: true });
      expect(again.status).toBe(409);
    },
  );

  test("is of no more than was bought", async () => {
    const { market, id } = await delivered(2);
    expect(await market.sim("POST", `/orders/${id}/return`, { quantity: 3 })).toMatchObject({ status: 409 });
  });
});

describe("the seller's review", () => {
  const review = (market: TestMarketplace, { returnId }: Opened, body: unknown, token?: string) =>
    market.api("POST", `/post-purchase/v1/returns/${returnId}/return-review`, {
      body,
      ...(token && { token }),
    });

  test("is open once the goods are there, and given once", async () => {
    const sold = await delivered();
    const { market } = sold;
    const opened = await sendBack(sold);
    expect(await review(market, opened, {})).toMatchObject({ status: 400 });
    await sendBack(sold, { received: true });
    expect(await claim(market, opened)).toMatchObject({
      body: {
        players: [{ available_actions: [{ action: "return_review_ok" }, { action: "return_review_fail" }] }],
      },
    });
    expect(await review(market, opened, {}, market.second.accessToken)).toMatchObject({ status: 404 });
    expect(await review(market, opened, [{ reason: "BROKEN", order_id: sold.id }])).toMatchObject({
      status: 400,
    });
    const wrong = [{ reason: "SRF2", message: "Broken", attachments: [], order_id: sold.id }];
    expect(await review(market, opened, wrong)).toMatchObject({ status: 200 });
    expect(await reviews(market, opened)).toMatchObject({
      body: {
        reviews: [
          {
            method: "none",
            resource_reviews: [{ seller_status: "claimed", seller_reason: "SRF2", status: null }],
          },
        ],
      },
    });
    expect(await review(market, opened, {})).toMatchObject({ status: 400 });
  });

  test("says with nothing that all is well", async () => {
    const sold = await delivered();
    const opened = await sendBack(sold);
    await sendBack(sold, { received: true });
    expect(await review(sold.market, opened, {})).toMatchObject({ status: 200 });
    expect(await reviews(sold.market, opened)).toMatchObject({
      body: { reviews: [{ resource_reviews: [{ seller_status: "success", seller_reason: null }] }] },
    });
  });
});
