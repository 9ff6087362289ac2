// Processes that work on both marketplaces are killed in the middle of everything, again and again.
import { testDatabase } from "@onepool/server/testing/test-database.ts";
import { afterAll, beforeAll, test } from "vitest";

import { seededRandom } from "./harness/seeded-random.ts";
import {
  buildTwoMarkets,
  type MarketListing,
  type MarketsPlan,
  type Onepool,
  type TwoMarkets,
} from "./harness/two-markets.ts";
import { untilAudited } from "./harness/until-audited.ts";

const HOUR_MS = 3_600_000;
const KILLS = 8;
const BUYERS_BETWEEN = 12;

const listings: readonly MarketListing[] = ["KILL-1", "KILL-2", "KILL-3", "KILL-4"].flatMap((sku, index) => [
  { market: "amazon", listing: sku, sku, unitsPerSale: 1 },
  { market: "meli", listing: `MLM${1_000_000_001 + index}`, sku, unitsPerSale: 1 },
]);

const plan: MarketsPlan = {
  seed: 13,
  stock: { "KILL-1": 60, "KILL-2": 60, "KILL-3": 30, "KILL-4": 12 },
  listings,
  amazonNews: "queue",
  amazonRates: 4,
  beginsMsAgo: 2 * HOUR_MS,
};

const database = await testDatabase();
let markets: TwoMarkets;
let working: Onepool[];

beforeAll(async () => {
  markets = await buildTwoMarkets(database.url, plan);
  working = [await markets.startServer(), await markets.startServer()];
  const [first] = working;
  if (first === undefined) throw new Error("two servers were started");
  await markets.seed(first);
  await untilAudited(markets, first, plan);
});
afterAll(() => markets.close());

test("[I6] kill -9 of one worker after the other loses no sale and leaves no listing wrong", async () => {
  const random = seededRandom(plan.seed);
  for (let kill = 0; kill < KILLS; kill++) {
    const buyers = Array.from({ length: BUYERS_BETWEEN }, () => {
      const listing = listings[Math.floor(random() * listings.length)];
      return listing === undefined ? Promise.resolve(null) : markets.buy(listing, 1);
    });
    const orders = await Promise.all(buyers);
    // The news of these sales is just being worked on.
    const victim = working.shift();
    await victim?.kill();
    const next = await markets.startServer();
    working.push(next);
    await markets.notify(next);
    const cancelled = orders.find((orderId) => orderId !== null && random() < 0.3);
    if (cancelled !== undefined && cancelled !== null) await cancel(cancelled);
  }
  const [survivor] = working;
  if (survivor === undefined) throw new Error("two servers work");
  // What was posted to the killed is posted again within the hour.
  await markets.control("meli", "POST", "clock", { advanceMs: HOUR_MS });
  await untilAudited(markets, survivor, plan);
});

/** At whichever marketplace took it: their numbers differ in shape. */
async function cancel(orderId: string): Promise<void> {
  const market = /^\d{3}-\d{7}-\d{7}$/.test(orderId) ? "amazon" : "meli";
  await markets.control(market, "POST", `orders/${orderId}/cancel`, { requestedBy: "buyer" });
}
