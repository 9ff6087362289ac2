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

describe("shipping", () => {
  async function sold(): Promise<{ market: TestMarketplace; id: number; shipmentPath: string }> {
    const market = await startMarketplace();
    const id = await market.buy(LISTING, 2, { closingGapMs: 0 });
    const { shipping } = await readOrder(market, id);
    return { market, id, shipmentPath: `/shipments/${shipping.id}` };
  }
  const headers = { "x-format-new": "true" };

  test("is told in the new shape only when asked for it", async () => {
    const { market, id, shipmentPath } = await sold();
    const fresh = await market.api("GET", shipmentPath, { headers });
    expect(fresh.body).toMatchObject({
      status: "ready_to_ship",
      substatus: "ready_to_print",
      logistic: { mode: "me2", type: "cross_docking", direction: "forward" },
    });
    expect(fresh.body).not.toHaveProperty("logistic_type");
    const old = await market.api("GET", shipmentPath);
    expect(old.body).toMatchObject({ logistic_type: "cross_docking", order_id: id });
    expect(old.body).not.toHaveProperty("logistic");
    expect(await market.api("GET", shipmentPath, { token: market.second.accessToken })).toMatchObject({
      status: 403,
    });
    expect(await market.api("GET", "/shipments/1")).toMatchObject({ status: 404 });
  });

  test("goes from picked up to delivered", async () => {
    const { market, id, shipmentPath } = await sold();
    const steps = [
      ["ship", { pickedUp: true }, { status: "ready_to_ship", substatus: "picked_up" }],
      ["ship", {}, { status: "shipped", substatus: "out_for_delivery" }],
      ["deliver", {}, { status: "delivered", substatus: null }],
    ] as const;
    for (const [name, body, shipment] of steps) {
      market.clock.advance(60_000);
      expect(await act(market, id, name, body)).toMatchObject({ status: 200 });
      expect(await market.api("GET", shipmentPath, { headers })).toMatchObject({ body: shipment });
    }
    expect(await readOrder(market, id)).toMatchObject({
      status: "paid",
      fulfilled: true,
      last_updated: "2026-11-23T06:23:30.000-04:00",
    });
    expect(await act(market, id, "ship")).toMatchObject({ status: 409 });
  });

  test("that fails cancels the order while the goods travel, and opens no claim", async () => {
    const { market, id, shipmentPath } = await sold();
    await act(market, id, "ship");
    await act(market, id, "deliver", { failed: true });
    expect(await readOrder(market, id)).toMatchObject({
      status: "cancelled",
      cancel_detail: { group: "delivery", requested_by: "meli" },
      mediations: [],
    });
    expect(await market.api("GET", shipmentPath, { headers })).toMatchObject({
      body: { status: "not_delivered", substatus: "returning_to_sender" },
    });
    expect(await available(market)).toBe(8);
  });

  test("comes back as a claim with a return, quantities as strings", async () => {
    const { market, id } = await sold();
    expect(await act(market, id, "return")).toMatchObject({ status: 409 });
    await act(market, id, "ship");
    await act(market, id, "deliver");
    const opened = await market.sim<{ claimId: number }>("POST", `/orders/${id}/return`, {});
    const { claimId } = opened.body;
    expect(await readOrder(market, id)).toMatchObject({ mediations: [{ id: claimId }] });
    const claim = `/post-purchase/v1/claims/${claimId}`;
    const returns = `/post-purchase/v2/claims/${claimId}/returns`;
    expect(await market.api("GET", claim)).toMatchObject({
      body: { status: "opened", type: "mediations", related_entities: ["return"], resource_id: id },
    });
    expect(await market.api("GET", returns)).toMatchObject({
      body: {
        status: "shipped",
        shipments: [{ status: "shipped", type: "return", destination: { name: "seller_address" } }],
        orders: [{ order_id: id, item_id: LISTING, total_quantity: "2.0", return_quantity: "2.0" }],
      },
    });
    await act(market, id, "return", { received: true });
    expect(await market.api("GET", returns)).toMatchObject({ body: { status: "delivered" } });
    expect(await readOrder(market, id)).toMatchObject({
      status: "cancelled",
      cancel_detail: { code: "mediations" },
    });
    expect(await market.api("GET", `/orders/${id}/shipments`)).toMatchObject({
      status: 200,
      body: [{ type: "forward" }, { type: "return" }],
    });
    expect(await market.api("GET", "/post-purchase/v1/claims/1")).toMatchObject({
      status: 404,
      body: { code: 404, error: "not_found_error", cause: null },
    });
  });

  test("has no shipment yet before the order closes", async () => {
    const market = await startMarketplace();
    const id = await market.buy(LISTING, 1);
    expect(await market.api("GET", `/orders/${id}/shipments`)).toMatchObject({ status: 204, text: "" });
    expect(await act(market, id, "ship")).toMatchObject({ status: 409 });
    expect(await act(market, 1, "ship")).toMatchObject({ status: 404, body: { code: "unknown_order" } });
    expect(await act(market, id, "fly")).toMatchObject({ status: 404, body: { code: "unknown_act" } });
  });
});
