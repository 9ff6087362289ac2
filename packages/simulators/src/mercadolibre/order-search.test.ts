import { describe, expect, test } from "vitest";

import { LISTING, startMarketplace, type TestMarketplace } from "./test-marketplace.ts";

interface Row {
  id: number;
  last_updated: string;
  date_last_updated: string;
  order_items: { item: Record<string, unknown> }[];
}

interface Found {
  results: Row[];
  paging: { total: number; offset: number; limit: number; scroll_id?: string };
}

const search = (market: TestMarketplace, query: Record<string, string>) =>
  market.api<Found>(
    "GET",
    `/orders/search?${new URLSearchParams({ seller: String(market.first.userId), ...query }).toString()}`,
  );

const ids = async (market: TestMarketplace, query: Record<string, string>) =>
  (await search(market, query)).body.results.map(({ id }) => id);

/** Three orders, at 10:20, 10:50 and 11:20 UTC. */
async function threeOrders(): Promise<{ market: TestMarketplace; orders: [number, number, number] }> {
  const market = await startMarketplace();
  const first = await market.buy(LISTING, 1, { closingGapMs: 0 });
  market.clock.advance(30 * 60_000);
  const second = await market.buy(LISTING, 1, { closingGapMs: 0 });
  market.clock.advance(30 * 60_000);
  const third = await market.buy(LISTING, 1, { closingGapMs: 0 });
  return { market, orders: [first, second, third] };
}

describe("searching orders", () => {
  test("throws away the minutes of its dates, at both ends", async () => {
    const { market, orders } = await threeOrders();
    const [first, second, third] = orders;
    const from = { "order.date_last_updated.from": "2026-11-23T10:59:59.000Z" };
    expect(await ids(market, from)).toEqual([first, second, third]);
    const later = { "order.date_last_updated.from": "2026-11-23T07:15:00.000-04:00" };
    expect(await ids(market, later)).toEqual([third]);
    const to = { "order.date_last_updated.to": "2026-11-23T11:59:59.000Z" };
    expect(await ids(market, to)).toEqual([first, second]);
    expect(await search(market, { "order.date_created.from": "yesterday" })).toMatchObject({ status: 400 });
  });

  test("ignores a filter that looks right", async () => {
    const { market, orders } = await threeOrders();
    expect(await ids(market, { "order.last_updated.from": "2030-01-01T00:00:00.000Z" })).toEqual(orders);
  });

  test("gives both times of change, and no user product", async () => {
    const { market } = await threeOrders();
    const [row] = (await search(market, {})).body.results;
    expect(row).toMatchObject({ last_updated: "2026-11-23T06:20:30.000-04:00" });
    expect(row?.date_last_updated).toMatch(/^2026-11-23T06:20:3\d\.000-04:00$/);
    expect(row?.order_items[0]?.item).toMatchObject({ id: LISTING, seller_sku: "KB-M" });
    expect(row?.order_items[0]?.item).not.toHaveProperty("user_product_id");
  });

  test("sorts, pages, and finds cancelled ones too", async () => {
    const { market, orders } = await threeOrders();
    const [first, second, third] = orders;
    await market.sim("POST", `/orders/${second}/cancel`, {});
    expect(await ids(market, { sort: "date_desc" })).toEqual([third, second, first]);
    expect(await ids(market, { limit: "1", offset: "1" })).toEqual([second]);
    expect(await ids(market, { "order.status": "cancelled" })).toEqual([second]);
    expect(await ids(market, { "order.status": "paid" })).toEqual([first, third]);
    expect(await ids(market, { tags: "paid" })).toEqual([first, third]);
    expect(await ids(market, { "tags.not": "paid" })).toEqual([second]);
    expect(await ids(market, { q: String(third) })).toEqual([third]);
    expect(await ids(market, { item: "MLM1" })).toEqual([]);
  });

  test("has limits", async () => {
    const market = await startMarketplace();
    expect(await search(market, {})).toMatchObject({ body: { paging: { limit: 50, offset: 0, total: 0 } } });
    expect(await search(market, { offset: "10000" })).toMatchObject({
      status: 400,
      body: { error: "limit.maximum_exceeded", message: "Limit must be a lower or equal than 10000" },
    });
    expect(await search(market, { offset: "9999" })).toMatchObject({ status: 200 });
    expect(await search(market, { limit: "52" })).toMatchObject({
      status: 400,
      body: { error: "limit.maximum_exceeded" },
    });
    expect(await market.api("GET", "/orders/search")).toMatchObject({ status: 400 });
  });

  test("of another seller is refused", async () => {
    const market = await startMarketplace();
    expect(await search(market, { seller: String(market.second.userId) })).toMatchObject({ status: 403 });
  });

  test("scans", async () => {
    const { market, orders } = await threeOrders();
    const page = await search(market, { search_type: "scan", limit: "2" });
    expect(page.body.results.map(({ id }) => id)).toEqual(orders.slice(0, 2));
    const rest = await search(market, {
      search_type: "scan",
      limit: "2",
      scroll_id: page.body.paging.scroll_id ?? "",
    });
    expect(rest.body.results.map(({ id }) => id)).toEqual(orders.slice(2));
  });
});
