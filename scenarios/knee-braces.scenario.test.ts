// The 40 knee braces of the design: one pool, an ASIN and an MLM listing, sold on both at once.
import { expect, test } from "vitest";

import { oversoldUnits, shownByListing, trueAvailable } from "./harness/market-auditor.ts";
import { stageTwoMarkets } from "./harness/stage-two-markets.ts";
import type { MarketListing, MarketsPlan } from "./harness/two-markets.ts";

const asin: MarketListing = { market: "amazon", listing: "KB-M", sku: "KB-M", unitsPerSale: 1 };
const item: MarketListing = { market: "meli", listing: "MLM1000000001", sku: "KB-M", unitsPerSale: 1 };
const pair: MarketListing = { market: "meli", listing: "MLM1000000002", sku: "KB-M", unitsPerSale: 2 };

const plan: MarketsPlan = {
  seed: 40,
  stock: { "KB-M": 40 },
  listings: [asin, item, pair],
  amazonNews: "push",
  amazonRates: 4,
};

const { markets, quiet } = await stageTwoMarkets(plan);

test("are shown on both marketplaces as one number", async () => {
  await quiet();
  expect(Object.fromEntries(shownByListing(markets))).toEqual({
    "amazon/KB-M": 40,
    "meli/MLM1000000001": 40,
    "meli/MLM1000000002": 20,
  });
});

test("fall everywhere with a sale on either", async () => {
  await quiet();
  expect(await markets.buy(item, 1)).not.toBeNull();
  await quiet();
  expect(shownByListing(markets).get("amazon/KB-M")).toBe(39);
  expect(await markets.buy(asin, 2)).not.toBeNull();
  await quiet();
  expect(await markets.buy(pair, 3)).not.toBeNull();
  await quiet();
  expect(trueAvailable(markets).get("KB-M")).toBe(31);
});

test("come back when an order is cancelled before it left", async () => {
  const orderId = await markets.buy(asin, 4);
  await quiet();
  await markets.control("amazon", "POST", `orders/${String(orderId)}/cancel`, { requestedBy: "buyer" });
  await quiet();
  expect(trueAvailable(markets).get("KB-M")).toBe(31);
});

test("[I6] are sold to the last one, and every number is right after it", async () => {
  while ((trueAvailable(markets).get("KB-M") ?? 0) > 0) {
    const bought = await Promise.all([markets.buy(asin, 1), markets.buy(item, 1)]);
    await quiet();
    expect(bought.some((orderId) => orderId !== null)).toBe(true);
  }
  expect([...shownByListing(markets).values()]).toEqual([0, 0, 0]);
  expect(oversoldUnits(markets)).toBeLessThanOrEqual(1);
});
