import { describe, expect, test } from "vitest";

import { startCallback, startMarketplace, type TestMarketplace } from "./test-marketplace.ts";

const ITEM = "MLM1000000001";
const INVENTORY = "LCQI05831";

async function full(options = {}): Promise<TestMarketplace> {
  return startMarketplace({
    accounts: [
      {
        account: "mx-1",
        listings: [
          { listing: ITEM, availableQuantity: 20, logisticType: "fulfillment", inventoryId: INVENTORY },
          { listing: "MLM1000000002", availableQuantity: 5 },
        ],
      },
      { account: "mx-2" },
    ],
    settings: { orderClosingGapMs: { min: 0, max: 0 }, accessTokenTtlMs: 100 * 86_400_000 },
    ...options,
  });
}

const inventory = (market: TestMarketplace, query = "") =>
  market.api("GET", `/inventories/${INVENTORY}/stock/fulfillment${query}`);

interface Ledger {
  paging: { total: number; scroll: string };
  results: { id: number; type: string; detail: { available_quantity: number } }[];
}

const ledger = (market: TestMarketplace, query = "") =>
  market.api<Ledger>(
    "GET",
    `/stock/fulfillment/operations/search?seller_id=${market.first.userId}&inventory_id=${INVENTORY}${query}`,
  );

const operate = (market: TestMarketplace, body: Record<string, unknown>) =>
  market.sim("POST", "/fulfillment", { inventory: INVENTORY, ...body });

describe("stock in Full", () => {
  test("is not the seller's to write", async () => {
    const market = await full();
    expect(await market.api("PUT", `/items/${ITEM}`, { body: { available_quantity: 3 } })).toMatchObject({
      status: 400,
      body: { cause: [{ code: "item.available_quantity.not_modifiable" }] },
    });
    const { user_product_id: id } = (await market.api<{ user_product_id: string }>("GET", `/items/${ITEM}`))
      .body;
    expect(await market.api("GET", `/user-products/${id}/stock`)).toMatchObject({
      body: { locations: [{ type: "meli_facility", quantity: 20 }] },
    });
  });

  test("is read with what is not for sale, and why", async () => {
    const market = await full();
    await operate(market, { type: "ADJUSTMENT", available: -3, unavailable: { lost: 1, damaged: 2 } });
    expect(await inventory(market)).toMatchObject({
      status: 200,
      body: {
        inventory_id: INVENTORY,
        total: 20,
        available_quantity: 17,
        not_available_quantity: 3,
        not_available_detail: [
          { status: "damaged", quantity: 2 },
          { status: "lost", quantity: 1 },
        ],
        external_references: [{ type: "item", id: ITEM }],
      },
    });
    expect(await inventory(market, "?include_attributes=conditions")).toMatchObject({
      body: { not_available_detail: [{ conditions: [{ condition: "damaged_in_full", quantity: 2 }] }, {}] },
    });
    expect(await market.api("GET", `/items/${ITEM}`)).toMatchObject({ body: { available_quantity: 17 } });
  });

  test("is refused in its own words", async () => {
    const market = await full();
    const at = (id: string, more = {}) => market.api("GET", `/inventories/${id}/stock/fulfillment`, more);
    expect(await at("ESZJ28232")).toMatchObject({
      status: 404,
      body: { error: "seller_product_not_found", message: "Inventory not found with id: ESZJ28232" },
    });
    expect(await at("a%20b")).toMatchObject({ status: 400, body: { error: "validation_error" } });
    expect(await at(INVENTORY, { token: market.second.accessToken })).toMatchObject({
      status: 403,
      body: {
        error: "forbidden",
        message: `User ${market.second.userId} cannot access to seller_product ${INVENTORY}`,
      },
    });
    const limited = { perMinute: 60, burst: 1 };
    const endpoints = { "GET /inventories/:id/stock/fulfillment": limited };
    await market.sim("PUT", "/settings", { limits: { endpoints } });
    const second = async () => [(await inventory(market)).status, await inventory(market)];
    expect(await second()).toMatchObject([200, { status: 429, body: { error: "too_many_request" } }]);
  });
});

describe("the ledger of Full", () => {
  test("tells receptions, sales and cancellations, the last after two days", async () => {
    const callback = await startCallback();
    const market = await full({ callbackUrl: callback.url, topics: ["fbm_stock_operations"] });
    await operate(market, { available: 30, reference: { type: "inbound_id", value: "0001" } });
    const id = await market.buy(ITEM, 4);
    const order = await market.api<{ shipping: { id: number } }>("GET", `/orders/${id}`);
    const shipment = order.body.shipping.id;
    expect(await market.api("GET", `/shipments/${shipment}`)).toMatchObject({
      body: { logistic_type: "fulfillment" },
    });
    await market.sim("POST", `/orders/${id}/cancel`, {});
    expect(await inventory(market)).toMatchObject({ body: { available_quantity: 46 } });
    market.clock.advance(2 * 86_400_000);
    expect(await inventory(market)).toMatchObject({ body: { available_quantity: 50 } });
    const reference = [{ type: "shipment_id", value: String(shipment) }];
    const { body } = await ledger(market);
    expect(body).toMatchObject({
      paging: { total: 3, scroll: "" },
      results: [
        { type: "SALE_CANCELATION", detail: { available_quantity: 4 }, external_references: reference },
        {
          type: "SALE_CONFIRMATION",
          detail: { available_quantity: -4, not_available_detail: [] },
          result: { total: 46, available_quantity: 46 },
          external_references: reference,
        },
        { type: "INBOUND_RECEPTION", result: { available_quantity: 50 }, seller_id: market.first.userId },
      ],
    });
    market.clock.advance(1_000);
    const told = (await callback.count(3)).map(({ resource }) => resource).toSorted();
    expect(told).toEqual(body.results.map((row) => `/stock/fulfillment/operations/${row.id}`).toSorted());
    expect(await market.api("GET", told[0] ?? "")).toMatchObject({
      status: 200,
      body: { inventory_id: INVENTORY },
    });
    const other = { token: market.second.accessToken };
    expect(await market.api("GET", told[0] ?? "", other)).toMatchObject({ status: 404 });
    expect((await ledger(market, "&type=sale_confirmation")).body.results).toHaveLength(1);
    expect((await ledger(market, `&external_references.shipment_id=${shipment}`)).body.results).toHaveLength(
      2,
    );
  });

  test("says nothing of sales from the seller's own stock", async () => {
    const market = await full();
    const id = await market.buy("MLM1000000002", 1);
    await market.sim("POST", `/orders/${id}/cancel`, {});
    expect((await ledger(market)).body.results).toEqual([]);
    expect(await market.api("GET", "/items/MLM1000000002")).toMatchObject({
      body: { available_quantity: 5 },
    });
  });

  test("is searched 15 days back, at most 60 at once, by its own seller", async () => {
    const market = await full();
    await operate(market, { available: 1 });
    market.clock.advance(16 * 86_400_000);
    await operate(market, { available: 2 });
    expect((await ledger(market)).body.paging.total).toBe(1);
    expect((await ledger(market, "&date_from=2026-11-01&date_to=2026-12-30")).body.paging.total).toBe(2);
    expect((await ledger(market, "&date_from=2026-11-23&date_to=2026-11-23")).body.paging.total).toBe(1);
    expect(await ledger(market, "&date_from=2026-10-01&date_to=2026-12-31")).toMatchObject({
      status: 400,
      body: { error: "validation_error" },
    });
    expect(await ledger(market, "&date_from=yesterday")).toMatchObject({ status: 400 });
    expect(await market.api("GET", "/stock/fulfillment/operations/search?seller_id=1")).toMatchObject({
      status: 403,
    });
  });

  test("goes on by scroll, for five minutes", async () => {
    const market = await full();
    for (let reception = 1; reception <= 5; reception += 1) await operate(market, { available: reception });
    const first = (await ledger(market, "&limit=3")).body;
    expect(first.results.map((row) => row.detail.available_quantity)).toEqual([5, 4, 3]);
    const next = `&limit=3&scroll=${encodeURIComponent(first.paging.scroll)}`;
    const second = (await ledger(market, next)).body;
    expect(second.results.map((row) => row.detail.available_quantity)).toEqual([2, 1]);
    expect(second.paging.scroll).toBe("");
    market.clock.advance(300_000);
    expect(await ledger(market, next)).toMatchObject({ status: 400 });
  });
});

test("nothing happens in Full to what is not there", async () => {
  const market = await full();
  expect(await operate(market, { inventory: "NONE" })).toMatchObject({ status: 404 });
  const listings = [{ listing: "MLM1000000002", inventoryId: "HOME00001" }];
  await market.sim("PUT", "/accounts", { accounts: [{ account: "mx-1", listings }] });
  expect(await operate(market, { inventory: "HOME00001" })).toMatchObject({ status: 409 });
});
