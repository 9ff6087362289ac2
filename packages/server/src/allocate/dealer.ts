import type { ConnectorKind } from "@onepool/connectors/contract/connector.ts";
import type { Units } from "@onepool/core/ledger/units.ts";
import type pg from "pg";

import { inTransaction } from "../connections/in-transaction.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { dealPools } from "./deal-pools.ts";
import {
  movedSkus,
  type QuotaChange,
  readDealt,
  saveScarce,
  sellersInEndGame,
  writeQuotas,
} from "./deal-store.ts";
import { LatencyOutlooks } from "./latency-outlook.ts";
import { lockDeal, moveDeal, readPoolListings } from "./scarce-listings.ts";
import { withhold, withholdings } from "./withhold.ts";

export interface DealerOptions {
  readonly pool: pg.Pool;
  readonly kinds: ReadonlyMap<string, ConnectorKind>;
  readonly ledger: Pick<Ledger, "submit">;
  readonly clock: { now(): number };
  /** The probability of overselling accepted per latency; 1 never deals. */
  readonly oversellRisk: number;
}

/**
 * Watches for pools that could be sold out elsewhere before a listing hears of it, and deals their last units out: who may
 * show how many; what they may still sell is withheld from reservations. Follows the ledger on its own, so that nothing here stands in the way of marking what moved; looks at pools
 * that are dealt out already whenever it is asked.
 */
export class Dealer {
  private readonly options: DealerOptions;
  private readonly outlooks = new LatencyOutlooks();

  constructor(options: DealerOptions) {
    this.options = options;
  }

  /** Of these sellers, those with pools that are dealt out: time alone may change how. */
  sellers(sellerIds: readonly number[]): Promise<number[]> {
    return sellersInEndGame(this.options.pool, sellerIds);
  }

  /** Deals anew where something moved. Answers the connections whose listings got another quota. */
  async deal(sellerId: number): Promise<readonly string[]> {
    const { pool, kinds, ledger, clock, oversellRisk: risk } = this.options;
    const now = clock.now();
    const outlook = await this.outlooks.of(pool, sellerId, now);
    return inTransaction(pool, async (client) => {
      const from = await lockDeal(client, sellerId);
      const moved = await movedSkus(client, sellerId, { from, now, latencyMs: outlook.longestMs, risk });
      const { active, withheld } = await readDealt(client, sellerId);
      const skus = [...new Set([...moved.skus, ...active, ...withheld.keys()])];
      if (moved.through > from) await moveDeal(client, sellerId, moved.through);
      if (skus.length === 0) return [];
      const context = { sellerId, kinds };
      const listings = await readPoolListings(client, context, { skus, now });
      const deal = dealPools({ skus, listings, active, outlook, risk, kinds });
      await saveScarce(client, sellerId, deal.scarce, { seq: moved.through, now });
      const changes = listings.flatMap((listing): QuotaChange[] => {
        const quota: Units | null = deal.quotas.get(listing.key) ?? null;
        return quota === listing.quota ? [] : [{ ...listing, quota, was: listing.quota }];
      });
      await writeQuotas(client, sellerId, changes, now);
      // What had no quota could be written without the lock until here: then it may show more than was read.
      const isBegun = changes.some(({ was }) => was === null);
      const shown = isBegun ? await readPoolListings(client, context, { skus, now }) : listings;
      const scarce = new Set(deal.scarce.map(({ sku }) => sku));
      await withhold(ledger, sellerId, withholdings(scarce, shown, withheld));
      return [...new Set(changes.map(({ connection }) => connection))];
    });
  }
}
