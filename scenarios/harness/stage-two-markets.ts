import { type TestDatabase, testDatabase } from "@onepool/server/testing/test-database.ts";
import { afterAll } from "vitest";

import {
  buildTwoMarkets,
  type MarketListing,
  type MarketsPlan,
  type Onepool,
  type TwoMarkets,
} from "./two-markets.ts";
import { untilAudited } from "./until-audited.ts";

/** Both marketplaces, sold on by one server, on a database of its own. */
export interface MarketStage {
  readonly database: TestDatabase;
  readonly markets: TwoMarkets;
  readonly onepool: Onepool;
  /** Waits until the auditor finds nothing wrong. */
  readonly quiet: () => Promise<void>;
}

/** To be awaited at the top of a scenario; taken down after it. */
export async function stageTwoMarkets(plan: MarketsPlan): Promise<MarketStage> {
  const database = await testDatabase();
  const markets = await buildTwoMarkets(database.url, plan);
  afterAll(() => markets.close());
  const onepool = await markets.startServer();
  await markets.seed(onepool);
  return { database, markets, onepool, quiet: () => untilAudited(markets, onepool, plan) };
}

/** Each SKU as a listing of one unit on either marketplace, one after the other. */
export function listedOnBoth(skus: readonly string[]): MarketListing[] {
  return skus.flatMap((sku, index) => [
    { market: "amazon", listing: sku, sku, unitsPerSale: 1 },
    { market: "meli", listing: `MLM${1_000_000_001 + index}`, sku, unitsPerSale: 1 },
  ]);
}
