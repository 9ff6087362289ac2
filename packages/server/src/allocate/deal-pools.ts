// From what is stored of scarce listings to who gets which units. No I/O.
import type { ConnectorKind } from "@onepool/connectors/contract/connector.ts";
import { type DealtListing, dealQuotas } from "@onepool/core/allocate/deal-quotas.ts";
import { type Demand, demandDuring, paceInUnits } from "@onepool/core/allocate/demand.ts";
import { endGameThreshold, expectedOversold, isEndGame } from "@onepool/core/allocate/end-game.ts";
import type { Units } from "@onepool/core/ledger/units.ts";
import { exposureOf } from "@onepool/core/publish/exposure.ts";
import { exposedUnits } from "@onepool/core/publish/may-write.ts";

import type { LatencyOutlook } from "./latency-outlook.ts";
import { desiredOf } from "./listing-pools.ts";
import { poolsOf, type ScarceListing } from "./scarce-listings.ts";

/** A pool in the end game, as it was when it was dealt. */
export interface ScarcePool {
  readonly sku: string;
  readonly available: Units;
  /** All that buyers may still take; null while that is not known of one of the listings. */
  readonly exposure: Units | null;
  readonly threshold: Units;
  readonly latencyMs: number;
  readonly expectedOversold: number;
}

export interface Deal {
  readonly scarce: readonly ScarcePool[];
  /** By the listing's key; null for a listing none of whose pools is scarce. */
  readonly quotas: ReadonlyMap<string, Units | null>;
}

export interface DealAsk {
  readonly skus: readonly string[];
  readonly listings: readonly ScarceListing[];
  /** SKUs that were in the end game before. */
  readonly active: ReadonlySet<string>;
  readonly outlook: LatencyOutlook;
  /** The probability of overselling that the seller accepts per latency. */
  readonly risk: number;
  readonly kinds: ReadonlyMap<string, ConnectorKind>;
}

/** Finds the pools that are scarce now and deals them out. */
export function dealPools(ask: DealAsk): Deal {
  const pools = poolsOf(ask.listings, ask.skus);
  const scarce = [...pools].flatMap(([sku, available]) => scarcePool(ask, sku, available) ?? []);
  const isScarce = new Set(scarce.map(({ sku }) => sku));
  const dealt = ask.listings.filter(({ components }) => components.some(({ sku }) => isScarce.has(sku)));
  const quotas = dealQuotas(
    new Map(scarce.map(({ sku, available }) => [sku, available] as const)),
    dealt.map((listing) => dealtListing(ask, listing)),
  );
  return { scarce, quotas: new Map(ask.listings.map(({ key }) => [key, quotas.get(key) ?? null] as const)) };
}

function scarcePool(ask: DealAsk, sku: string, available: Units): ScarcePool | null {
  const sellers = ask.listings.filter(({ components }) => components.some((part) => part.sku === sku));
  const latencies = sellers.map((listing) => latencyOf(ask, sellers, listing));
  const demands = sellers.map((listing, nth) => demandOf(listing, sku, latencies[nth] ?? 0));
  const threshold = endGameThreshold(demands, ask.risk);
  const isAlone = sellers.length < 2;
  if (isAlone || !isEndGame({ available, threshold }, ask.active.has(sku))) return null;
  const exposure = exposedUnits(sellers, sku);
  return {
    sku,
    available,
    exposure: Number.isFinite(exposure) ? exposure : null,
    threshold,
    latencyMs: Math.max(...latencies),
    expectedOversold: expectedOversold({ available, exposure }, demands),
  };
}

/** A sale there is heard first, and then shown by the slowest of the others. In milliseconds. */
function latencyOf({ outlook }: DealAsk, sellers: readonly ScarceListing[], listing: ScarceListing): number {
  const others = sellers.filter(({ key }) => key !== listing.key);
  const shownMs = Math.max(0, ...others.map(({ connection }) => outlook.showMs(connection)));
  return outlook.hearMs(listing.connection) + shownMs;
}

/** In units of the pool. */
function demandOf({ components, pace }: ScarceListing, sku: string, latencyMs: number): Demand {
  const units = components.find((part) => part.sku === sku)?.units ?? 0;
  return demandDuring(paceInUnits(pace, units), latencyMs);
}

function dealtListing({ kinds }: DealAsk, listing: ScarceListing): DealtListing {
  const { key, components, exposure, isCompared, mode, problemCode, pools, settings, pace, heldBack } =
    listing;
  const channelMax = kinds.get(listing.kind)?.capability.quantityMax ?? 0;
  const limit = desiredOf(
    { components: pools, settings, openSales: 0, quota: null, heldBack },
    channelMax,
  ).quantity;
  // A write that is out is what it will show.
  const shown = Math.max(0, (exposure.pushed ?? exposure.observed ?? 0) - exposure.openSales);
  return {
    key,
    components,
    exposure: exposureOf(exposure) ?? 0,
    // It has most likely just sold what the pool lost, and will be read before it is written: then it is dealt anew.
    shown: listing.isStale ? Math.min(shown, limit) : shown,
    isCompared,
    isOurs: mode === "live" && problemCode !== "refused",
    limit,
    rate: pace.rate,
    value: 1,
  };
}
