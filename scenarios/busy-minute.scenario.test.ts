// 500 orders within a minute over 20 listings of ten pools, with Amazon's queue and its documented rates.
import { setTimeout as delay } from "node:timers/promises";

import { beforeAll, expect, test } from "vitest";

import { oversoldUnits } from "./harness/market-auditor.ts";
import { seededRandom } from "./harness/seeded-random.ts";
import { listedOnBoth, stageTwoMarkets } from "./harness/stage-two-markets.ts";
import type { MarketsPlan } from "./harness/two-markets.ts";

const ORDERS = 500;
const MINUTE_MS = 60_000;

const skus = Array.from({ length: 10 }, (_, index) => `BUSY-${index + 1}`);
const listings = listedOnBoth(skus);

const plan: MarketsPlan = {
  seed: 21,
  stock: Object.fromEntries(skus.map((sku) => [sku, 80])),
  listings,
  amazonNews: "queue",
  amazonRates: 1,
};

const { markets, quiet } = await stageTwoMarkets(plan);

beforeAll(quiet);

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
  await quiet();
  const { saleToConfirmed } = markets.truth.report();
  process.stdout.write(
    `${accepted} of ${ORDERS} orders, ${oversoldUnits(markets)} units oversold, quiet ${((performance.now() - soldAt) / 1_000).toFixed(1)} s after the last; sale to confirmed ${JSON.stringify(saleToConfirmed.wallMs)} ms\n`,
  );
  expect(accepted).toBeGreaterThan(ORDERS / 2);
});
