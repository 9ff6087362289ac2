// The last unit of a pool that sells well, wanted on both marketplaces within the same second.
import { expect, test } from "vitest";

import { oversoldUnits, trueAvailable } from "./harness/market-auditor.ts";
import { stageTwoMarkets } from "./harness/stage-two-markets.ts";
import type { MarketListing, MarketsPlan } from "./harness/two-markets.ts";

/** All but the last one sell within seconds: what sells so fast is dealt out when it runs low. */
const OPENING_UNITS = 6;

const skus = Array.from({ length: 12 }, (_, index) => `LAST-${index + 1}`);
const asin = (sku: string): MarketListing => ({ market: "amazon", listing: sku, sku, unitsPerSale: 1 });
const item = (sku: string, index: number): MarketListing => ({
  market: "meli",
  listing: `MLM${1_000_000_001 + index}`,
  sku,
  unitsPerSale: 1,
});

const plan: MarketsPlan = {
  seed: 1,
  stock: Object.fromEntries(skus.map((sku) => [sku, OPENING_UNITS])),
  listings: [...skus.map(asin), ...skus.map(item)],
  amazonNews: "push",
  amazonRates: 4,
};

const { markets, quiet } = await stageTwoMarkets(plan);

test("[I7] goes to one buyer, the other is refused by the marketplace", async () => {
  await quiet();
  for (let nth = 1; nth < OPENING_UNITS; nth++)
    await Promise.all(skus.map((sku, index) => markets.buy(nth % 2 === 0 ? asin(sku) : item(sku, index), 1)));
  await quiet();
  expect(new Set(trueAvailable(markets).values())).toEqual(new Set([1]));
  const sold = await Promise.all(
    skus.map(async (sku, index) => {
      const orders = await Promise.all([markets.buy(asin(sku), 1), markets.buy(item(sku, index), 1)]);
      return orders.filter((orderId) => orderId !== null).length;
    }),
  );
  expect(sold).toEqual(skus.map(() => 1));
  await quiet();
  expect(oversoldUnits(markets)).toBe(0);
  expect(new Set(trueAvailable(markets).values())).toEqual(new Set([0]));
});
