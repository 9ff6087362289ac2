// Processes that work on both marketplaces are killed in the middle of everything, again and again.
import { beforeAll, test } from "vitest";

import { seededRandom } from "./harness/seeded-random.ts";
import { listedOnBoth, stageTwoMarkets } from "./harness/stage-two-markets.ts";
import type { MarketsPlan } from "./harness/two-markets.ts";
import { untilAudited } from "./harness/until-audited.ts";

const HOUR_MS = 3_600_000;
const KILLS = 8;
const BUYERS_BETWEEN = 12;

const listings = listedOnBoth(["KILL-1", "KILL-2", "KILL-3", "KILL-4"]);

const plan: MarketsPlan = {
  seed: 13,
  stock: { "KILL-1": 60, "KILL-2": 60, "KILL-3": 30, "KILL-4": 12 },
  listings,
  amazonNews: "queue",
  amazonRates: 4,
  beginsMsAgo: 2 * HOUR_MS,
};

const { markets, onepool, quiet } = await stageTwoMarkets(plan);
const working = [onepool, await markets.startServer()];

beforeAll(quiet);

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
