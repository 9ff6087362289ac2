import type { Units } from "../ledger/units.ts";
import { poissonReaches } from "./poisson.ts";

/** A listing among those that share pools in the end game. Units are the listing's own unless it says otherwise. */
export interface DealtListing {
  readonly key: string;
  readonly components: readonly { readonly sku: string; readonly units: Units }[];
  /** The most that buyers may still take. */
  readonly exposure: Units;
  /** What it shows, less known orders that the channel has yet to take off. */
  readonly shown: Units;
  /** A write there is refused if anything moved since the reading. */
  readonly isCompared: boolean;
  /** We may write it: live, connected, not refused. What others show is theirs to sell. */
  readonly isOurs: boolean;
  /** The most it may show by its own policy. */
  readonly limit: Units;
  /** Listing units per millisecond. */
  readonly rate: number;
  /** What a sale there is worth beside the others. */
  readonly value: number;
}

/** The pools in the end game: available units per SKU. Other SKUs limit nothing here. */
export type DealtPools = ReadonlyMap<string, Units>;

/** How far ahead the likelier sale is looked for, in milliseconds: about as long as it takes to deal anew. */
const HORIZON_MS = 60_000;

/** A listing that never sold still gets a unit when nobody else wants it: one sale in 30 days. */
const FAINT_RATE = 1 / (30 * 24 * 3_600_000);

/** A unit that lies somewhere is only moved to where it sells this much likelier. */
const STAY = 2;

/**
 * Deals the units of scarce pools one by one to the listing where the next sale is likeliest and most valuable, so that all
 * quotas together never exceed what is available.
 *
 * A listing without compare-and-set cannot be lowered to another number than 0 without risking to show again what it has
 * just sold: what it shows is one block, kept as it is or taken to 0. It can be given units once it shows none.
 */
export function dealQuotas(pools: DealtPools, listings: readonly DealtListing[]): Map<string, Units> {
  const left = new Map(pools);
  const quotas = new Map<string, Units>();
  for (const listing of listings) {
    quotas.set(listing.key, 0);
    // Nothing can be taken from there: it is as good as sold.
    if (!listing.isOurs) takeFrom(left, listing, listing.exposure);
  }
  const waiting = listings.filter(({ isOurs, limit }) => isOurs && limit > 0).map(nextOf);
  for (let best = bestOf(waiting); best !== undefined; best = bestOf(waiting)) {
    const { listing, units } = best;
    const had = quotas.get(listing.key) ?? 0;
    const isGiven = fits(left, listing, units) && had + units <= listing.limit;
    waiting.splice(waiting.indexOf(best), 1, ...(isGiven ? nextAfter(best, had) : []));
    if (!isGiven) continue;
    takeFrom(left, listing, units);
    quotas.set(listing.key, had + units);
  }
  return quotas;
}

/** The next units that a listing may get: how many, and how likely and valuable their sale is. */
interface Next {
  readonly listing: DealtListing;
  readonly units: Units;
  readonly score: number;
}

/**
 * A block costs what it shows, not its exposure: what may be sold and unseen stays so when the listing is taken to 0. It only
 * keeps others from being given anything until the orders are known.
 */
function nextOf(listing: DealtListing): Next {
  return { listing, units: isBlock(listing) ? listing.shown : 1, score: scoreOf(listing, 1) };
}

function nextAfter({ listing }: Next, had: Units): Next[] {
  return isBlock(listing) ? [] : [{ listing, units: 1, score: scoreOf(listing, had + 2) }];
}

function isBlock({ isCompared, shown }: DealtListing): boolean {
  return !isCompared && shown > 0;
}

/**
 * Of the unit that would be its `nth`, as if units were bought one by one: where orders are large, the next one would else
 * be given everything, and the other listings would stand empty for buyers of a few.
 */
function scoreOf({ rate, value, shown }: DealtListing, nth: Units): number {
  const likely = poissonReaches(Math.max(rate, FAINT_RATE) * HORIZON_MS, nth);
  return likely * value * (nth <= shown ? STAY : 1);
}

function bestOf(waiting: readonly Next[]): Next | undefined {
  let best: Next | undefined;
  for (const next of waiting) {
    if (best === undefined || next.score > best.score) best = next;
    else if (next.score === best.score && next.listing.key < best.listing.key) best = next;
  }
  return best;
}

function fits(left: ReadonlyMap<string, Units>, { components }: DealtListing, sales: Units): boolean {
  return components.every(({ sku, units }) => (left.get(sku) ?? Infinity) >= units * sales);
}

function takeFrom(left: Map<string, Units>, { components }: DealtListing, sales: Units): void {
  for (const { sku, units } of components) {
    const has = left.get(sku);
    if (has !== undefined) left.set(sku, has - units * sales);
  }
}
