import type { Units } from "../ledger/units.ts";

/** What one of the seller's own places holds of a SKU, and whom it may serve. */
export interface PlaceStock {
  readonly location: string;
  readonly sellable: Units;
  /** The channels whose orders it may ship; null for every one. */
  readonly serves: readonly string[] | null;
}

/** What orders of one channel are promised of a SKU. */
export interface ChannelPromise {
  /** Empty for holds that no channel made. Any place can keep those, and the promises of a channel that no place names. */
  readonly channel: string;
  readonly units: Units;
}

/** Distinct sets of places looked at, at the most: sellers have a handful of warehouses, and every further one is a narrower case. */
const UNIONS_MAX = 512;

/**
 * The most units of a SKU that a channel can still sell so that every promise can be kept from a place that may serve it. Sales are
 * kept exactly if, for every group of channels, what is promised to them lies at the places that serve them (Hall's theorem, in
 * its form for transport problems); so it is the least, over the groups with this channel in them, of what those places hold
 * less what those channels are promised. May be below 0: something is promised that cannot be kept from there.
 */
export function deployable(
  channel: string,
  places: readonly PlaceStock[],
  promises: readonly ChannelPromise[],
): Units {
  const placesOf = (code: string): bigint =>
    places.reduce(
      (set, { serves }, index) => (serves === null || serves.includes(code) ? set | bit(index) : set),
      0n,
    );
  const everywhere = bit(places.length) - 1n;
  const promised = promises.map(({ channel: code, units }) => ({
    units,
    places: placesOf(code) || everywhere,
  }));
  let least = Infinity;
  for (const union of unionsWith(placesOf(channel), promised)) {
    let units = 0;
    for (const [index, place] of places.entries()) if ((union & bit(index)) !== 0n) units += place.sellable;
    for (const one of promised) if ((one.places & ~union) === 0n) units -= one.units;
    least = Math.min(least, units);
  }
  return least;
}

function bit(index: number): bigint {
  return 1n << BigInt(index);
}

/** All sets of places that these channels' sets make together with the first one: only they can be the tightest. */
function unionsWith(first: bigint, others: readonly { readonly places: bigint }[]): Set<bigint> {
  const unions = new Set([first]);
  for (const places of new Set(others.map((other) => other.places))) {
    // A set tells those that are added while it is gone through as well: their union with the same places is themselves.
    for (const known of unions) {
      if (unions.size >= UNIONS_MAX) return unions;
      unions.add(known | places);
    }
  }
  return unions;
}
