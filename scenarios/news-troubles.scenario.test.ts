// Notifications that get lost, come twice, come late and out of order; and writes that take effect after a sale they did not know of.
import { waitUntil } from "@onepool/server/testing/wait-until.ts";
import { afterEach, beforeAll, expect, test } from "vitest";

import { trueAvailable } from "./harness/market-auditor.ts";
import { seededRandom } from "./harness/seeded-random.ts";
import { listedOnBoth, stageTwoMarkets } from "./harness/stage-two-markets.ts";
import type { MarketListing, MarketsPlan } from "./harness/two-markets.ts";

const listings = listedOnBoth(["NEWS-1", "NEWS-2", "NEWS-3"]);
const asin = firstOn("amazon");
const item = firstOn("meli");

const plan: MarketsPlan = {
  seed: 3,
  stock: { "NEWS-1": 90, "NEWS-2": 90, "NEWS-3": 90 },
  listings,
  amazonNews: "push",
  amazonRates: 4,
};

const { markets, onepool, quiet } = await stageTwoMarkets(plan);

beforeAll(quiet);
afterEach(async () => {
  await markets.control("amazon", "PUT", "faults", {});
  await markets.control("meli", "PUT", "faults", {});
});

test("[I2] lost, doubled, late and reordered notifications end in the same numbers", async () => {
  const troubles = { loss: 0.25, duplicate: 0.3, reorder: 0.3, reorderMs: 800 };
  await markets.control("amazon", "PUT", "faults", { notifications: { ...troubles, duplicateNewId: 0.2 } });
  await markets.control("meli", "PUT", "faults", { notifications: { ...troubles, burst: 0.2 } });
  const random = seededRandom(plan.seed);
  const open: { market: MarketListing["market"]; orderId: string }[] = [];
  for (let buyer = 0; buyer < 60; buyer++) {
    const listing = listings[Math.floor(random() * listings.length)] ?? asin;
    const orderId = await markets.buy(listing, 1 + Math.floor(random() * 2));
    if (orderId !== null) open.push({ market: listing.market, orderId });
    const ended = random() < 0.3 ? open.shift() : undefined;
    if (ended !== undefined)
      await markets.control(ended.market, "POST", `orders/${ended.orderId}/cancel`, { requestedBy: "buyer" });
  }
  await markets.control("amazon", "PUT", "faults", {});
  await markets.control("meli", "PUT", "faults", {});
  await quiet();
});

test.each([
  ["amazon", asin, { duplicate: 1, duplicateNewId: 1 }],
  ["meli", item, { burst: 1, burstSize: 5 }],
] as const)(
  "several notifications of one sale at %s take its units off once",
  async (market, listing, notifications) => {
    await quiet();
    const before = trueAvailable(markets).get("NEWS-1") ?? 0;
    await markets.control(market, "PUT", "faults", { notifications });
    expect(await markets.buy(listing, 3)).not.toBeNull();
    await quiet();
    expect(trueAvailable(markets).get("NEWS-1")).toBe(before - 3);
  },
);

test("a write that takes effect after a sale it did not know of is noticed and mended", async () => {
  await quiet();
  const slow = { writeApplyMs: { min: 1_200, max: 1_500 }, writeTail: { share: 0, minMs: 0, maxMs: 0 } };
  await markets.control("amazon", "PUT", "settings", slow);
  const before = await writesThatTookEffect();
  expect(await markets.buy(item, 1)).not.toBeNull();
  // Accepted by Amazon and not yet in effect: then a buyer comes, whose unit the write puts back.
  await waitUntil(async () => (await pushedToAmazon()) !== null);
  expect(await writesThatTookEffect()).toBe(before);
  expect(await markets.buy(asin, 1)).not.toBeNull();
  const soldAt = performance.now();
  await waitUntil(async () => (await writesThatTookEffect()) > before);
  const wrongAt = performance.now();
  await quiet();
  const seconds = (ms: number): string => (ms / 1_000).toFixed(1);
  process.stdout.write(
    `the write took effect ${seconds(wrongAt - soldAt)} s after the sale, and all was right ${seconds(performance.now() - wrongAt)} s later\n`,
  );
});

/** Writes of the first SKU's number at Amazon that buyers see. */
async function writesThatTookEffect(): Promise<number> {
  const { listings: shown } = markets.amazon.truth();
  return shown.find(({ listing }) => listing === asin.listing)?.quantityWrites ?? 0;
}

/** What Onepool has written there and not seen yet; null for nothing. */
async function pushedToAmazon(): Promise<number | null> {
  const { listings: said } = (await onepool.client.get("/v1/skus/NEWS-1/availability")) as {
    listings?: { connection: string; pushed?: number | null }[];
  };
  return said?.find(({ connection }) => connection === "amazon")?.pushed ?? null;
}

function firstOn(market: MarketListing["market"]): MarketListing {
  const found = listings.find((listing) => listing.market === market);
  if (found === undefined) throw new Error(`nothing is listed on ${market}`);
  return found;
}
