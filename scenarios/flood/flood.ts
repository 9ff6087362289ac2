// Thousands of Amazon listings change at once, under Amazon's documented five writes a second; some of them have nothing left.
// 10,000 of them, 100 emptied, on two cores that others used as well: the last empty one shows 0 after 106 writes and 24 seconds (20 are
// the least at five a second), all are right after 37 minutes (33 are the least).
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";

import { buildTwoMarkets, type MarketsPlan, type Onepool, type TwoMarkets } from "../harness/two-markets.ts";
import { untilAudited } from "../harness/until-audited.ts";

export interface FloodPlan {
  readonly listings: number;
  /** Of them, those whose pool is emptied. */
  readonly emptied: number;
  /** Amazon's rates, times this. */
  readonly rates: number;
}

export interface FloodReport extends FloodPlan {
  /** Writes that Amazon took between the moment the pools were empty and the last empty listing showing 0. */
  readonly writesUntilEmpty: number;
  readonly secondsUntilEmpty: number;
  readonly secondsUntilAll: number;
}

const OPENING_UNITS = 50;
const LOOK_MS = 50;

/** Plays the flood on an empty database and answers in which order it was written off. */
export async function flood(databaseUrl: string, plan: FloodPlan): Promise<FloodReport> {
  const world = worldOf(plan);
  const markets = await buildTwoMarkets(databaseUrl, world);
  try {
    const onepool = await markets.startServer();
    await markets.seed(onepool);
    await untilAudited(markets, onepool, world);
    return await playFlood(markets, onepool, { plan, world });
  } finally {
    await markets.close();
  }
}

function worldOf({ listings, rates }: FloodPlan): MarketsPlan {
  const skus = Array.from({ length: listings }, (_, nth) => `FLOOD-${String(nth).padStart(5, "0")}`);
  return {
    seed: 5,
    stock: Object.fromEntries(skus.map((sku) => [sku, OPENING_UNITS])),
    listings: skus.map((sku) => ({ market: "amazon", listing: sku, sku, unitsPerSale: 1 })),
    amazonNews: "push",
    amazonRates: rates,
    openingShown: OPENING_UNITS,
    settings: { amazon: { writeTail: { share: 0, minMs: 0, maxMs: 0 } } },
  };
}

async function playFlood(
  markets: TwoMarkets,
  { client }: Onepool,
  { plan, world }: { plan: FloodPlan; world: MarketsPlan },
): Promise<FloodReport> {
  const skus = Object.keys(world.stock);
  // Spread over the codes, so that no order of names favours them.
  const step = Math.max(1, Math.floor(skus.length / plan.emptied));
  const empty = skus.filter((_, nth) => nth % step === 0).slice(0, plan.emptied);
  const others = skus.filter((sku) => !empty.includes(sku));
  await adjust(client, others, -1);
  await adjust(client, empty, -OPENING_UNITS);
  const begunAt = performance.now();
  const before = writes(markets);
  const isEmpty = (): boolean => {
    const shown = new Map(markets.amazon.truth().listings.map(({ listing, shows }) => [listing, shows]));
    return empty.every((sku) => shown.get(sku) === 0);
  };
  while (!isEmpty()) await delay(LOOK_MS);
  const emptyAt = performance.now();
  const writesUntilEmpty = writes(markets) - before;
  await markets.control("meli", "PUT", "physical", { groups: groupsAfter(world, empty) });
  await untilAudited(markets, { client }, world);
  const seconds = (at: number): number => Math.round((at - begunAt) / 100) / 10;
  return {
    ...plan,
    writesUntilEmpty,
    secondsUntilEmpty: seconds(emptyAt),
    secondsUntilAll: seconds(performance.now()),
  };
}

async function adjust(client: Onepool["client"], skus: readonly string[], units: number): Promise<void> {
  for (let start = 0; start < skus.length; start += 1_000) {
    const movements = skus.slice(start, start + 1_000).map((sku) => ({
      kind: "adjustment",
      sku,
      location: "main",
      units,
      externalId: `flood/${sku}`,
      reason: "counted anew",
    }));
    await client.post("/v1/movements", { movements });
  }
}

/** The same units are gone in the world. */
function groupsAfter({ stock, listings }: MarketsPlan, empty: readonly string[]) {
  return listings.map(({ market, listing, sku, unitsPerSale }) => ({
    id: sku,
    units: empty.includes(sku) ? 0 : (stock[sku] ?? 0) - 1,
    listings: [{ account: market, listing, unitsPerSale }],
  }));
}

function writes({ truth }: TwoMarkets): number {
  return truth.report().totals.quantityWrites;
}

// `node scenarios/flood/flood.ts [LISTINGS] [RATES]`, on a database named by DATABASE_URL or one of its own.
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { createTestDatabase } = await import("@onepool/server/testing/create-test-database.ts");
  const [listings = 10_000, rates = 1] = process.argv.slice(2).map(Number);
  const created = await createTestDatabase();
  try {
    const report = await flood(created.url, { listings, emptied: 100, rates });
    process.stdout.write(`${JSON.stringify(report)}\n`);
  } finally {
    await created.drop();
  }
}
