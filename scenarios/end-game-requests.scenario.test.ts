// The last units of pools that sell well, wanted by buyers on both marketplaces and by a shop of the seller's own, all at once.
import { waitUntil } from "@onepool/server/testing/wait-until.ts";
import { beforeAll, expect, test } from "vitest";

import { oversoldUnits, shownByListing, trueAvailable } from "./harness/market-auditor.ts";
import { reserve } from "./harness/reserve.ts";
import { stageTwoMarkets } from "./harness/stage-two-markets.ts";
import type { MarketListing, MarketsPlan } from "./harness/two-markets.ts";

/** All but these are bought within seconds. */
const LAST_UNITS = 3;
const OPENING_UNITS = 40 + LAST_UNITS;

const singles = ["ONE-1", "ONE-2", "ONE-3", "ONE-4"];
/** Three are one pair and one that no marketplace can sell. */
const pairs = ["PAIR-1", "PAIR-2", "PAIR-3", "PAIR-4"];
const skus = [...singles, ...pairs];

const listings = skus.flatMap((sku, index): MarketListing[] => {
  const unitsPerSale = pairs.includes(sku) ? 2 : 1;
  const item = `MLM${1_000_000_001 + index}`;
  return [
    { market: "amazon", listing: sku, sku, unitsPerSale },
    { market: "meli", listing: item, sku, unitsPerSale },
  ];
});

const plan: MarketsPlan = {
  seed: 5,
  stock: Object.fromEntries(skus.map((sku) => [sku, OPENING_UNITS])),
  listings,
  amazonNews: "push",
  amazonRates: 4,
  // Less than the last one is dealt out only by who is more careful than most.
  oversellRisk: 0.000_001,
};

const { markets, onepool, quiet } = await stageTwoMarkets(plan);
/** Two servers deal, write and take requests side by side. */
const servers = [onepool, await markets.startServer()];

const listingsOf = (sku: string) => listings.filter((listing) => listing.sku === sku);

/** Units of the SKU that buyers can take on the marketplaces. */
function shownUnits(sku: string): number {
  const shown = shownByListing(markets);
  return listingsOf(sku).reduce(
    (sum, { market, listing, unitsPerSale }) => sum + (shown.get(`${market}/${listing}`) ?? 0) * unitsPerSale,
    0,
  );
}

async function withheld(sku: string): Promise<number> {
  return Number((await onepool.client.get(`/v1/skus/${sku}/availability`))["withheld"]);
}

/** Each of so many buyers takes `quantity` in the same moment; answers how many units of the pool they got. */
async function bought(listing: MarketListing, buyers: number, quantity = 1): Promise<number> {
  const orders = await Promise.all(Array.from({ length: buyers }, () => markets.buy(listing, quantity)));
  return orders.filter((orderId) => orderId !== null).length * quantity * listing.unitsPerSale;
}

/** Units that the shop holds, by SKU. */
const held = new Map(skus.map((sku) => [sku, 0]));
let holds = 0;

/** The shop asks for one; answers whether it got it. */
async function shopAsks(sku: string): Promise<boolean> {
  holds += 1;
  const server = servers[holds % servers.length] ?? onepool;
  const isHeld = await reserve(server, { reservationId: `cart-${holds}`, sku, units: 1 });
  if (isHeld) held.set(sku, (held.get(sku) ?? 0) + 1);
  return isHeld;
}

/** The marketplaces' books are told what the shop got, and everything has to agree with them. */
async function agreed(): Promise<void> {
  await markets.supply(Object.fromEntries(skus.map((sku) => [sku, OPENING_UNITS - (held.get(sku) ?? 0)])));
  await quiet();
  expect(oversoldUnits(markets)).toBe(0);
}

beforeAll(async () => {
  await quiet();
  for (let nth = 0; nth < 4; nth++)
    await Promise.all(
      skus.map(async (sku) => {
        const listing = listingsOf(sku)[nth % 2];
        if (listing === undefined) throw new Error("each SKU has two listings");
        expect(await bought(listing, 1, 10 / listing.unitsPerSale)).toBe(10);
      }),
    );
  await quiet();
  expect(new Set(trueAvailable(markets).values())).toEqual(new Set([LAST_UNITS]));
});

test("[I5] in the end game a reservation gets at most what buyers cannot take elsewhere", async () => {
  for (const sku of skus) await waitUntil(async () => (await withheld(sku)) === shownUnits(sku));
  for (const sku of pairs) expect(shownUnits(sku)).toBe(2);
  for (const sku of skus) {
    const isGiven = await reserve(onepool, {
      reservationId: `too-many-${sku}`,
      sku,
      units: LAST_UNITS - shownUnits(sku) + 1,
    });
    expect(isGiven).toBe(false);
  }
});

test("[I5] [I7] the last units are wanted everywhere at once, and each is had once", async () => {
  const sold = await Promise.all(
    skus.map(async (sku) => {
      const units = await Promise.all([
        ...listingsOf(sku).map((listing) => bought(listing, LAST_UNITS)),
        ...Array.from({ length: 6 }, async () => ((await shopAsks(sku)) ? 1 : 0)),
      ]);
      return units.reduce((sum, one) => sum + one, 0);
    }),
  );
  for (const units of sold) expect(units).toBeLessThanOrEqual(LAST_UNITS);
  await agreed();
});

test("[I5] what no marketplace can sell is the shop's, and nobody gets one more", async () => {
  for (const sku of pairs) {
    await waitUntil(async () => (held.get(sku) ?? 0) === 1 || (await shopAsks(sku)));
    expect(await shopAsks(sku)).toBe(false);
  }
  for (const sku of singles) {
    // What was still being dealt out in the race is bought now.
    await waitUntil(async () => {
      for (const listing of listingsOf(sku)) await bought(listing, 1);
      return trueAvailable(markets).get(sku) === 0;
    });
    expect(await shopAsks(sku)).toBe(false);
  }
  await agreed();
  expect(new Set(trueAvailable(markets).values())).toEqual(new Set([0]));
});
