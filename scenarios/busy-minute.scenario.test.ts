// 500 orders within a minute over 20 listings of ten pools, with Amazon's queue and its documented rates.
import { setTimeout as delay } from "node:timers/promises";

import { testDatabase } from "@onepool/server/testing/test-database.ts";
import { afterAll, beforeAll, expect, test } from "vitest";

import { oversoldUnits } from "./harness/market-auditor.ts";
import { seededRandom } from "./harness/seeded-random.ts";
import {
  buildTwoMarkets,
  type MarketListing,
  type MarketsPlan,
  type Onepool,
  type TwoMarkets,
} from "./harness/two-markets.ts";
import { untilAudited } from "./harness/until-audited.ts";

const ORDERS = 500;
const MINUTE_MS = 60_000;

const skus = Array.from({ length: 10 }, (_, index) => `BUSY-${index + 1}`);
const listings = skus.flatMap((sku, index): MarketListing[] => [
  { market: "amazon", listing: sku, sku, unitsPerSale: 1 },
  { market: "meli", listing: `MLM${1_000_000_001 + index}`, sku, unitsPerSale: 1 },
]);

const plan: MarketsPlan = {
  seed: 21,
  stock: Object.fromEntries(skus.map((sku) => [sku, 80])),
  listings,
  amazonNews: "queue",
  amazonRates: 1,
};

const database = await testDatabase();
let markets: TwoMarkets;
let onepool: Onepool;

beforeAll(async () => {
  markets = await buildTwoMarkets(database.url, plan);
  onepool = await markets.startServer();
  await markets.seed(onepool);
  await untilAudited(markets, onepool, plan);
});
afterAll(() => markets.close());

test("[I6] a minute of 500 orders ends with every number right", async () => {
  const random = seededRandom(plan.seed);
  const begunAt = performance.now();
  let accepted = 0;
  for (let nth = 0; nth < ORDERS; nth++) {
    await delay(Math.max(0, begunAt + (nth * MINUTE_MS) / ORDERS - performance.now()));
    const listing = listings[Math.floor(random() * listings.length)];
    if (listing !== undefined && (await markets.buy(listing, 1)) !== null) accepted += 1;
  }
  const soldAt = performance.now();
  await untilAudited(markets, onepool, plan);
  const { saleToConfirmed } = markets.truth.report();
  process.stdout.write(
    `${accepted} of ${ORDERS} orders, ${oversoldUnits(markets)} units oversold, quiet ${((performance.now() - soldAt) / 1_000).toFixed(1)} s after the last; sale to confirmed ${JSON.stringify(saleToConfirmed.wallMs)} ms\n`,
  );
  expect(accepted).toBeGreaterThan(ORDERS / 2);
});
