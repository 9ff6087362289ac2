import { describe, expect, test } from "vitest";

import { startMarketplace } from "./test-marketplace.ts";
import {
  CATALOG,
  CLASSIC,
  fullAndFlex,
  putStock,
  sharing,
  shown,
  stock,
  twoItems,
  UP,
} from "./test-user-product.ts";

describe("a user product", () => {
  test("is read with its stock, and the version in a header", async () => {
    const market = await sharing();
    const { version, body } = await stock(market);
    expect(version).toMatch(/^\d+$/);
    expect(body).toEqual({
      id: UP,
      user_id: market.first.userId,
      locations: [{ type: "selling_address", quantity: 10 }],
      last_updated: expect.stringMatching(/^2026-11-23T10:20:30Z$/),
      available_sites: ["MLA"],
      product_release_date: null,
      stock_mode: "countable",
    });
    expect(await market.api("GET", `/user-products/${UP}`)).toMatchObject({
      status: 200,
      body: { id: UP, user_id: market.first.userId, family_id: null },
    });
  });

  test("of nobody or somebody else is refused, and unset stock is not there", async () => {
    const market = await startMarketplace({ accounts: [twoItems(), { account: "ar-2", siteId: "MLA" }] });
    expect(await market.api("GET", "/user-products/MLAU1/stock")).toMatchObject({ status: 404 });
    const { accessToken: token } = market.second;
    expect(await market.api("GET", `/user-products/${UP}/stock`, { token })).toMatchObject({ status: 403 });
    const accounts = [{ account: "ar-1", userProducts: [{ userProduct: UP, locations: [] }] }];
    await market.sim("PUT", "/accounts", { accounts });
    const notFound = { status: 404, body: { message: "stock-locations not found" } };
    expect(await market.api("GET", `/user-products/${UP}/stock`)).toMatchObject(notFound);
    expect(await putStock(market, "selling_address", { quantity: 1 }, "1")).toMatchObject(notFound);
    await market.api("PUT", `/items/${CLASSIC}`, { body: { available_quantity: 3 } });
    expect((await stock(market)).body.locations).toEqual([{ type: "selling_address", quantity: 3 }]);
  });

  test("is found by its items, and its items by it", async () => {
    const market = await sharing();
    const path = `/users/${market.first.userId}/items/search?user_product_id=${UP}`;
    expect(await market.api("GET", path)).toMatchObject({ body: { results: [CLASSIC, CATALOG] } });
  });
});

describe("stock shared by several items", () => {
  test("written through one of them reaches the other within a minute", async () => {
    const market = await sharing();
    await market.api("PUT", `/items/${CLASSIC}`, { body: { available_quantity: 25 } });
    expect((await stock(market)).body.locations).toEqual([{ type: "selling_address", quantity: 25 }]);
    expect([await shown(market, CLASSIC), await shown(market, CATALOG)]).toEqual([25, 10]);
    market.clock.advance(60_000);
    expect(await shown(market, CATALOG)).toBe(25);
  });

  test("sold through one of them is gone for buyers of both, although the other still shows it", async () => {
    const market = await sharing();
    await market.buy(CLASSIC, 8);
    expect([await shown(market, CLASSIC), await shown(market, CATALOG)]).toEqual([2, 10]);
    const refused = await market.sim("POST", "/orders", { listing: CATALOG, quantity: 3 });
    expect(refused).toMatchObject({ status: 409, body: { reason: "out_of_stock", availableQuantity: 2 } });
    await market.buy(CATALOG, 2);
    market.clock.advance(60_000);
    expect([await shown(market, CLASSIC), await shown(market, CATALOG)]).toEqual([0, 0]);
    expect(await market.api("GET", `/items/${CATALOG}`)).toMatchObject({
      body: { status: "paused", sub_status: ["out_of_stock"] },
    });
  });

  test("promised to a buyer of one who has not paid yet is not for a buyer of the other", async () => {
    const market = await sharing();
    await market.buy(CLASSIC, 8, { closingGapMs: 9_000 });
    expect(await market.sim("POST", "/orders", { listing: CATALOG, quantity: 3 })).toMatchObject({
      status: 409,
    });
    expect(await market.sim("GET", "/truth")).toMatchObject({
      body: { listings: [{ shows: 2 }, { shows: 2 }] },
    });
  });

  test("that comes back from a cancelled order is for both again", async () => {
    const market = await sharing();
    const id = await market.buy(CLASSIC, 8);
    await market.sim("POST", `/orders/${id}/cancel`, {});
    market.clock.advance(60_000);
    expect([await shown(market, CLASSIC), await shown(market, CATALOG)]).toEqual([10, 10]);
    expect((await stock(market)).body.locations).toEqual([{ type: "selling_address", quantity: 10 }]);
  });
});

test("when the items follow is drawn from the seed, and is never the same for all", async () => {
  const follows = async (seed: number): Promise<number> => {
    const market = await startMarketplace({ seed, accounts: [twoItems()] });
    await market.api("PUT", `/items/${CLASSIC}`, { body: { available_quantity: 25 } });
    let second = 0;
    for (; second < 60 && (await shown(market, CATALOG)) !== 25; second += 1) market.clock.advance(1_000);
    expect(await shown(market, CATALOG)).toBe(25);
    return second;
  };
  const drawn = [await follows(1), await follows(2), await follows(3)];
  expect(await follows(1)).toBe(drawn[0]);
  expect(new Set(drawn).size).toBeGreaterThan(1);
});

describe("the version", () => {
  const versions = async (salesBumpVersion: boolean): Promise<boolean[]> => {
    const market = await sharing();
    await market.sim("PUT", "/settings", { salesBumpVersion });
    const steps = [
      () => market.api("PUT", `/items/${CLASSIC}`, { body: { available_quantity: 7 } }),
      () =>
        market.sim("PUT", "/accounts", {
          accounts: [{ account: "ar-1", listings: [{ listing: CATALOG, availableQuantity: 9 }] }],
        }),
      () => market.buy(CLASSIC, 1),
    ];
    const bumped: boolean[] = [];
    for (const step of steps) {
      const before = (await stock(market)).version;
      await step();
      bumped.push((await stock(market)).version !== before);
    }
    return bumped;
  };

  test("is another after every other writer and every sale", async () => {
    expect(await versions(true)).toEqual([true, true, true]);
  });

  test("stays after a sale where that is so set", async () => {
    expect(await versions(false)).toEqual([true, true, false]);
  });
});

describe("writing the seller's own part of a Full and Flex item", () => {
  test("is answered 204 and reaches the item late; the version must be the last one", async () => {
    const market = await fullAndFlex();
    const item = "MLA1000000001";
    expect(await shown(market, item)).toBe(10);
    const { version } = await stock(market);
    const missing = await putStock(market, "selling_address", { quantity: 1 });
    expect(missing).toMatchObject({ status: 400, body: { message: "Missing X-Version header" } });
    const written = await putStock(market, "selling_address", { quantity: 30 }, version);
    expect(written).toMatchObject({ status: 204, text: "" });
    expect((await stock(market)).body.locations).toEqual([
      { type: "meli_facility", quantity: 4 },
      { type: "selling_address", quantity: 30 },
    ]);
    expect(await putStock(market, "selling_address", { quantity: 1 }, version)).toMatchObject({
      status: 409,
      body: { message: "Version mismatch" },
    });
    expect(await shown(market, item)).toBe(10);
    market.clock.advance(60_000);
    expect(await shown(market, item)).toBe(34);
  });

  test("a lower number binds buyers at once", async () => {
    const market = await fullAndFlex();
    await putStock(market, "selling_address", { quantity: 0 }, (await stock(market)).version);
    expect(await market.sim("POST", "/orders", { listing: "MLA1000000001", quantity: 5 })).toMatchObject({
      status: 409,
      body: { availableQuantity: 4 },
    });
    expect(await market.sim("GET", "/truth")).toMatchObject({ body: { listings: [{ quantityWrites: 1 }] } });
  });

  test("is blocked on sites that do not keep the two apart", async () => {
    const market = await fullAndFlex("MLM");
    const { version } = await stock(market);
    expect(await putStock(market, "selling_address", { quantity: 1 }, version)).toMatchObject({
      status: 400,
      body: { message: "the site is blocked for modifications to the selling address" },
    });
  });

  test.each([
    [{ logisticType: "fulfillment", shippingTags: [] }, /fulfillment only or no items are associated/],
    [{ logisticType: "cross_docking", inventoryId: null }, /in items without inventory id/],
    [{ logisticType: "cross_docking", inventoryId: "LCQI05831" }, /you have to do a full inbound first/],
  ])("is refused for what is not both: %j", async (fields, message) => {
    const market = await sharing(twoItems({}, fields));
    const { version } = await stock(market);
    expect(await putStock(market, "selling_address", { quantity: 1 }, version)).toMatchObject({
      status: 400,
      body: { message: expect.stringMatching(message) },
    });
  });

  test("takes only whole numbers, and never Full's own part", async () => {
    const market = await fullAndFlex();
    const { version } = await stock(market);
    for (const quantity of [-1, 1.5, "3", null, 100_000]) {
      expect(await putStock(market, "selling_address", { quantity }, version)).toMatchObject({ status: 400 });
    }
    expect(await putStock(market, "meli_facility", { quantity: 1 }, version)).toMatchObject({ status: 404 });
  });

  test("leaves a sale where it came from: Full first, then the seller", async () => {
    const market = await fullAndFlex();
    const first = await market.buy("MLA1000000001", 3);
    const second = await market.buy("MLA1000000001", 3);
    expect((await stock(market)).body.locations).toEqual([
      { type: "meli_facility", quantity: 1 },
      { type: "selling_address", quantity: 3 },
    ]);
    const travel = async (id: number): Promise<unknown> => {
      const order = await market.api<{ shipping: { id: number }; order_items: { stock: unknown }[] }>(
        "GET",
        `/orders/${id}`,
      );
      const path = `/shipments/${order.body.shipping.id}`;
      const shipment = await market.api<{ logistic_type: string }>("GET", path);
      return [order.body.order_items[0]?.stock, shipment.body.logistic_type];
    };
    expect(await travel(first)).toEqual([{ store_id: null, node_id: "ARBA01" }, "fulfillment"]);
    expect(await travel(second)).toEqual([{ store_id: null, node_id: null }, "self_service"]);
  });
});

describe("the documented limit of 100 a minute", () => {
  test("holds for reading the stock of all user products together", async () => {
    const market = await sharing();
    const read = async (): Promise<number> => (await market.api("GET", `/user-products/${UP}/stock`)).status;
    const statuses = new Set<number>();
    for (let call = 0; call < 100; call += 1) statuses.add(await read());
    expect([...statuses]).toEqual([200]);
    expect(await read()).toBe(429);
    market.clock.advance(60_000);
    expect(await read()).toBe(200);
  });
});
