import { describe, expect, test } from "vitest";

import type { AccountSetup } from "./account-setup.ts";
import { startCallback, startMarketplace, type TestMarketplace } from "./test-marketplace.ts";

const UP = "MLMU123456789";
const ITEM = "MLM1000000001";

const stores = [
  { store: "123456", networkNodeId: "MXP123451", description: "my store" },
  { store: "123457", networkNodeId: "MXP571615" },
  { store: "900000", networkNodeId: "MXP900000", stockLocation: false },
];

async function withDepots(
  tags: string[],
  more: Partial<AccountSetup> = {},
  options = {},
): Promise<TestMarketplace> {
  const listings = [{ listing: ITEM, userProductId: UP, availableQuantity: 10 }];
  const owner = {
    account: "mx-1",
    tags: ["normal", "user_product_seller", ...tags],
    stores,
    listings,
    ...more,
  };
  const neighbour = {
    account: "mx-2",
    tags: ["normal", "warehouse_management"],
    stores: [{ store: "777", networkNodeId: "MXP777777" }],
  };
  return startMarketplace({
    accounts: [owner, neighbour],
    settings: { orderClosingGapMs: { min: 0, max: 0 }, userProductSpreadMs: { min: 0, max: 0 } },
    ...options,
  });
}

interface Place {
  type: string;
  store_id: string;
  network_node_id: string;
  quantity: number;
}

async function stock(market: TestMarketplace): Promise<{ version: string; locations: Place[] }> {
  const answer = await market.api<{ locations: Place[] }>("GET", `/user-products/${UP}/stock`);
  return { version: answer.headers.get("x-version") ?? "", locations: answer.body.locations };
}

async function put(market: TestMarketplace, locations: unknown) {
  const { version } = await stock(market);
  return market.api("PUT", `/user-products/${UP}/stock/type/seller_warehouse`, {
    body: { locations },
    headers: { "x-version": version },
  });
}

const depot = (store: string, node: string | undefined, quantity: unknown) => ({
  store_id: store,
  network_node_id: node,
  quantity,
});

describe("a seller with depots", () => {
  test("finds them by search, those for stock alone if asked", async () => {
    const market = await withDepots(["warehouse_management", "multiwarehouse"]);
    const path = `/users/${market.first.userId}/stores/search`;
    const found = await market.api("GET", `${path}?tags=stock_location`);
    expect(found).toMatchObject({
      status: 200,
      body: {
        paging: { total: 2 },
        results: [
          {
            id: "123456",
            description: "my store",
            network_node_id: "MXP123451",
            services: { stock_location: ["cross_docking", "xd_drop_off"] },
          },
          { id: "123457" },
        ],
      },
    });
    expect(await market.api("GET", path)).toMatchObject({ body: { paging: { total: 3 } } });
    const other = `/users/${market.second.userId}/stores/search`;
    expect(await market.api("GET", other)).toMatchObject({ status: 403 });
  });

  test("writes to /items in vain: answered 200, nothing changes", async () => {
    const market = await withDepots(["warehouse_management"]);
    const answer = await market.api("PUT", `/items/${ITEM}`, { body: { available_quantity: 3 } });
    expect(answer).toMatchObject({ status: 200, body: { available_quantity: 10 } });
    expect((await stock(market)).locations).toMatchObject([{ type: "seller_warehouse", quantity: 10 }]);
  });

  test("writes each depot, and the item shows the sum", async () => {
    const market = await withDepots(["warehouse_management", "multiwarehouse"]);
    const answer = await put(market, [depot("123456", "MXP123451", 10), depot("123457", "MXP571615", 5)]);
    expect(answer).toMatchObject({
      status: 200,
      body: {
        id: UP,
        user_id: market.first.userId,
        locations: [
          { type: "seller_warehouse", store_id: "123456", network_node_id: "MXP123451", quantity: 10 },
          { type: "seller_warehouse", store_id: "123457", network_node_id: "MXP571615", quantity: 5 },
        ],
      },
    });
    expect(await market.api("GET", `/items/${ITEM}`)).toMatchObject({ body: { available_quantity: 15 } });
    await put(market, [depot("123456", "MXP123451", 0), depot("123457", "MXP571615", 0)]);
    expect(await market.api("GET", `/items/${ITEM}`)).toMatchObject({
      body: { available_quantity: 0, status: "paused", sub_status: ["out_of_stock"] },
    });
  });

  test.each([
    ["keep", 25],
    ["empty", 5],
  ] as const)("leaves unnamed depots as set: %s", async (unlistedWarehouses, total) => {
    const market = await withDepots(["warehouse_management", "multiwarehouse"]);
    await market.sim("PUT", "/settings", { unlistedWarehouses });
    await put(market, [depot("123456", "MXP123451", 20), depot("123457", "MXP571615", 9)]);
    await put(market, [depot("123457", "MXP571615", 5)]);
    expect(await market.api("GET", `/items/${ITEM}`)).toMatchObject({ body: { available_quantity: total } });
  });

  test("sells from the depot with the most, which the order names", async () => {
    const market = await withDepots(["warehouse_management", "multiwarehouse"]);
    await put(market, [depot("123456", "MXP123451", 2), depot("123457", "MXP571615", 5)]);
    const id = await market.buy(ITEM, 1);
    expect(await market.api("GET", `/orders/${id}`)).toMatchObject({
      body: { order_items: [{ stock: { store_id: "123457", node_id: "MXP571615" } }] },
    });
    expect((await stock(market)).locations.map(({ quantity }) => quantity)).toEqual([2, 4]);
  });

  test("is told what is wrong with a depot", async () => {
    const market = await withDepots(["warehouse_management", "multiwarehouse"]);
    const refusals: [unknown, RegExp][] = [
      [[], /locations cannot be null or empty/],
      [[depot("", "MXP123451", 1)], /^store cannot be null or empty$/],
      [[depot("1", "MXP123451", 1)], /^store not found: 1$/],
      [[depot("777", "MXP777777", 1)], /^store does not belong to seller: 777$/],
      [[depot("900000", "MXP900000", 1)], /^store is not configured to be a stock location$/],
      [[depot("123456", "MXP571615", 1)], /network node/],
      [[depot("123456", "MXP123451", -1)], /quantity/],
    ];
    for (const [locations, message] of refusals) {
      expect(await put(market, locations)).toMatchObject({
        status: 400,
        body: { message: expect.stringMatching(message) },
      });
    }
    const before = await stock(market);
    expect(before.locations).toMatchObject([{ quantity: 10 }]);
  });

  test("with one depot cannot write to two", async () => {
    const market = await withDepots(["warehouse_management"]);
    const across = "seller with a single warehouse cannot update stock across multiple network nodes";
    for (const locations of [
      [depot("123456", "MXP123451", 1), depot("123457", "MXP571615", 1)],
      // Together with where its units lie already.
      [depot("123457", "MXP571615", 1)],
    ]) {
      expect(await put(market, locations)).toMatchObject({ status: 400, body: { message: across } });
    }
    expect(await put(market, [depot("123456", "MXP123451", 1)])).toMatchObject({ status: 200 });
  });

  test("cannot write to a selling address that is not there", async () => {
    const market = await withDepots(["warehouse_management"]);
    const { version } = await stock(market);
    const answer = await market.api("PUT", `/user-products/${UP}/stock/type/selling_address`, {
      body: { quantity: 1 },
      headers: { "x-version": version },
    });
    expect(answer).toMatchObject({
      status: 400,
      body: { message: "seller with a single warehouse cannot update selling address stock" },
    });
  });
});

test("a seller without depots cannot write any", async () => {
  const market = await withDepots([]);
  expect(await put(market, [depot("123456", "MXP123451", 1)])).toMatchObject({ status: 400 });
});

test("taking up depots moves the units there", async () => {
  const market = await withDepots([]);
  expect((await stock(market)).locations).toEqual([{ type: "selling_address", quantity: 10 }]);
  const accounts = [{ account: "mx-1", tags: ["normal", "warehouse_management"] }];
  await market.sim("PUT", "/accounts", { accounts });
  expect((await stock(market)).locations).toMatchObject([
    { type: "seller_warehouse", store_id: "123456", quantity: 10 },
  ]);
});

test("a write is told as a change of the stock and of the items that follow", async () => {
  const callback = await startCallback();
  const topics = ["items", "stock-locations"];
  const market = await withDepots(["warehouse_management"], {}, { callbackUrl: callback.url, topics });
  await market.sim("PUT", "/settings", { userProductSpreadMs: { min: 0, max: 0 } });
  await put(market, [depot("123456", "MXP123451", 4)]);
  market.clock.advance(61_000);
  const told = (await callback.count(2)).map(({ topic, resource }) => `${topic} ${resource}`);
  expect(told.toSorted()).toEqual([`items /items/${ITEM}`, `stock-locations /user-products/${UP}/stock`]);
});
