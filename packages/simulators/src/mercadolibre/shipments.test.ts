import { expect, test } from "vitest";

import { LISTING, startMarketplace } from "./test-marketplace.ts";

test("a shipment tells what is in it, when it must leave and where it was", async () => {
  const market = await startMarketplace();
  const id = await market.buy(LISTING, 2, { closingGapMs: 0 });
  const order = await market.api<{ shipping: { id: number } }>("GET", `/orders/${id}`);
  const path = `/shipments/${order.body.shipping.id}`;
  expect(await market.api("GET", `${path}/items`)).toMatchObject({
    body: [{ order_id: id, item_id: LISTING, variation_id: null, quantity: 2 }],
  });
  expect(await market.api("GET", `${path}/sla`)).toMatchObject({
    body: { status: "on_time", expected_date: "2026-11-24T06:20:30.000-04:00" },
  });
  market.clock.advance(3_600_000);
  await market.sim("POST", `/orders/${id}/ship`, {});
  expect(await market.api("GET", `${path}/history`)).toMatchObject({
    body: [
      { status: "ready_to_ship", date: "2026-11-23T06:20:30.000-04:00" },
      { status: "shipped", substatus: "out_for_delivery", date: "2026-11-23T07:20:30.000-04:00" },
    ],
  });
  const { accessToken: token } = market.second;
  for (const part of ["", "/items", "/sla", "/history"]) {
    expect(await market.api("GET", path + part, { token })).toMatchObject({ status: 403 });
    expect(await market.api("GET", `/shipments/1${part}`)).toMatchObject({ status: 404 });
  }
});

test("what is late is delayed, and what is cancelled has no date to keep", async () => {
  const market = await startMarketplace({ settings: { accessTokenTtlMs: 10 * 86_400_000 } });
  const id = await market.buy(LISTING, 1, { closingGapMs: 0 });
  const order = await market.api<{ shipping: { id: number } }>("GET", `/orders/${id}`);
  const path = `/shipments/${order.body.shipping.id}/sla`;
  market.clock.advance(2 * 86_400_000);
  expect(await market.api("GET", path)).toMatchObject({ body: { status: "delayed" } });
  await market.sim("POST", `/orders/${id}/cancel`, {});
  expect(await market.api("GET", path)).toMatchObject({ status: 404 });
});

test("an order may be there before the search finds it", async () => {
  const market = await startMarketplace({ faults: { orderSearchLagMs: 5_000 } });
  const id = await market.buy(LISTING, 1, { closingGapMs: 0, buyer: "ANA" });
  const search = async (query = ""): Promise<number> => {
    const path = `/orders/search?seller=${market.first.userId}${query}`;
    return (await market.api<{ results: unknown[] }>("GET", path)).body.results.length;
  };
  expect(await market.api("GET", `/orders/${id}`)).toMatchObject({ status: 200 });
  expect(await search()).toBe(0);
  market.clock.advance(5_000);
  expect(await search()).toBe(1);
  const { buyer } = (await market.api<{ buyer: { id: number } }>("GET", `/orders/${id}`)).body;
  expect([await search(`&buyer=${buyer.id}`), await search("&buyer=1")]).toEqual([1, 0]);
});
