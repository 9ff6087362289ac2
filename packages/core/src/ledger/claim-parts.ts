// What left as a keeper counts it: units of component SKUs, per location. It stands beside `shipped`, which counts listing
// units the way a channel does. Both may tell of the same parcel, so per SKU the larger of the two holds.
import type { MergedFacts } from "./merged-facts.ts";
import { STATUS_RANK, type Claim, type LeftUnits, type PartClaim } from "./order-record.ts";
import type { Component } from "./records.ts";
import type { Units } from "./units.ts";

/** Listing units that left whole: what was said of them, or what all parts that a keeper counted make together. */
export function shippedWhole(facts: MergedFacts, recipe: readonly Component[] | null): Units {
  const { left } = facts;
  if (left === undefined || recipe === null || recipe.length === 0) return facts.shipped;
  const whole = Math.min(...recipe.map(({ sku, units }) => Math.floor(countedOf(left, sku) / units)));
  return Math.max(facts.shipped, whole);
}

/**
 * The claim of a line whose keeper counted parts. `said` are listing units that left by anyone else's word, `rest` is where
 * those leave from that no keeper named. A SKU that the recipe lacks holds nothing here until a remap adds it.
 */
export function claimByParts(
  facts: MergedFacts,
  recipe: readonly Component[],
  { said, rest }: { said: Units; rest: string },
): Claim {
  const { quantity, cancelled } = facts;
  const shipped = Math.max(said, shippedWhole(facts, recipe));
  const open = Math.max(0, quantity - cancelled - shipped);
  const isPending = facts.rank === STATUS_RANK.pending;
  const parts = recipe.map((component): PartClaim => {
    const { sku, units } = component;
    const beyondWhole = Math.max(0, countedOf(facts.left ?? [], sku) - shipped * units);
    const promised = Math.max(0, open * units - beyondWhole);
    return {
      sku,
      reserved: isPending ? promised : 0,
      committed: isPending ? 0 : promised,
      shipped: leftByLocation(facts, component, { said, rest }),
      returning: returningOf(facts, component, said),
    };
  });
  const whole = { reserved: isPending ? open : 0, committed: isPending ? 0 : open };
  return inWholeUnits(whole, recipe, parts) ?? { ...whole, shipped: {}, returning: facts.returning, parts };
}

/** Units of a SKU per location that left after the cut-over: as the keeper named them, and the rest from the line's own. */
function leftByLocation(
  facts: MergedFacts,
  { sku, units }: Component,
  { said, rest }: { said: Units; rest: string },
): Readonly<Record<string, Units>> {
  const { left = [], history } = facts;
  const before = history.left ?? [];
  const out = Math.max(said * units, countedOf(left, sku));
  let toPlace = Math.max(0, out - Math.max(history.shipped * units, countedOf(before, sku)));
  const placed = new Map<string, Units>();
  const place = (location: string, most: Units): void => {
    const here = Math.min(most, toPlace);
    if (here <= 0) return;
    toPlace -= here;
    placed.set(location, (placed.get(location) ?? 0) + here);
  };
  for (const named of left) {
    if (named.sku !== sku) continue;
    const old = before.find((was) => was.sku === sku && was.location === named.location)?.units ?? 0;
    place(named.location, named.units - old);
  }
  place(rest, toPlace);
  return Object.fromEntries(placed);
}

/**
 * What is on its way back of one SKU. More than was ordered is a parcel packed wrongly, not a cancellation, so a keeper's
 * count is looked at up to what was ordered.
 */
function returningOf(facts: MergedFacts, { sku, units }: Component, said: Units): Units {
  const { quantity, cancelled, history, left = [] } = facts;
  const ordered = quantity * units;
  const out = Math.max(said * units, Math.min(ordered, countedOf(left, sku)));
  const outBefore = Math.max(history.shipped * units, Math.min(ordered, countedOf(history.left ?? [], sku)));
  const cancelledAfterLeaving =
    overlap(ordered, cancelled * units, out) - overlap(ordered, history.cancelled * units, outBefore);
  return Math.max(facts.returning * units, cancelledAfterLeaving);
}

/** Units that both left and were cancelled. */
export function overlap(quantity: Units, cancelled: Units, shipped: Units): Units {
  return Math.max(0, Math.min(shipped, cancelled + shipped - quantity));
}

function countedOf(left: readonly LeftUnits[], sku: string): Units {
  return left.reduce((sum, counted) => (counted.sku === sku ? sum + counted.units : sum), 0);
}

/** The same claim in listing units, where the parts make whole ones everywhere; null where they do not. */
function inWholeUnits(
  promised: Pick<Claim, "reserved" | "committed">,
  recipe: readonly Component[],
  parts: readonly PartClaim[],
): Claim | null {
  const [first] = parts;
  const perUnit = recipe[0]?.units ?? 1;
  if (first === undefined) return null;
  const shipped = Object.entries(first.shipped).map(
    ([location, units]) => [location, units / perUnit] as const,
  );
  const claim: Claim = {
    ...promised,
    shipped: Object.fromEntries(shipped),
    returning: first.returning / perUnit,
  };
  const counts = [claim.returning, ...shipped.map(([, units]) => units)];
  if (!counts.every((count) => Number.isInteger(count))) return null;
  return parts.every((part, place) => isTimes(part, claim, recipe[place]?.units ?? 1)) ? claim : null;
}

function isTimes(part: PartClaim, claim: Claim, units: Units): boolean {
  const places = Object.entries(claim.shipped);
  return (
    part.reserved === claim.reserved * units &&
    part.committed === claim.committed * units &&
    part.returning === claim.returning * units &&
    Object.keys(part.shipped).length === places.length &&
    places.every(([location, shipped]) => part.shipped[location] === shipped * units)
  );
}
