// Some keepers tell of picks without saying for which order, and of the same units again when the order ships. A pick is booked at
// once and taken back when the shipment comes; the two are held against each other in time, whichever comes first.
import type { Instant, Units } from "../../ledger/units.ts";

/** Units of one side that are not held against the other yet, of one SKU at one place. */
export interface OpenUnits {
  readonly factId: string;
  readonly units: Units;
  readonly openUnits: Units;
  readonly occurredAt: Instant;
}

/** Units held against one of them, as a step of its count. */
export interface Linked {
  readonly factId: string;
  readonly from: Units;
  readonly to: Units;
}

/**
 * How much later than its shipment a pick may be and still be held against it, in milliseconds. Which pick belongs to which shipment
 * nobody says; what counts is that all of both are held against each other. Where many leave at once and are told in any order,
 * what is over in the end is a shipment and a somewhat later pick.
 */
const MIXED_UP_MS = 3_600_000;

/**
 * The picks that a shipment of so many units explains. Those before it first, the newest of them first: older ones may belong to
 * shipments before this one that are told later.
 */
export function linkShipment(
  picks: readonly OpenUnits[],
  shipment: { readonly units: Units; readonly occurredAt: Instant },
): readonly Linked[] {
  const sorted = picks.toSorted(byTime);
  const before = sorted.filter(({ occurredAt }) => occurredAt <= shipment.occurredAt);
  const after = sorted.filter(({ occurredAt }) => isSoonAfter(occurredAt, shipment.occurredAt));
  return link([...before.toReversed(), ...after], shipment.units);
}

/**
 * The shipments that a pick belongs to although it is told after them. Those from it on first, the oldest of them first: newer ones
 * may be those of picks after this one.
 */
export function linkPick(
  shipments: readonly OpenUnits[],
  pick: { readonly units: Units; readonly occurredAt: Instant },
): readonly Linked[] {
  const sorted = shipments.toSorted(byTime);
  const after = sorted.filter(({ occurredAt }) => occurredAt >= pick.occurredAt);
  const before = sorted.filter(({ occurredAt }) => isSoonAfter(pick.occurredAt, occurredAt));
  return link([...after, ...before.toReversed()], pick.units);
}

function isSoonAfter(pickedAt: Instant, shippedAt: Instant): boolean {
  return pickedAt > shippedAt && pickedAt - shippedAt <= MIXED_UP_MS;
}

export function linkedUnits(linked: readonly Linked[]): Units {
  return linked.reduce((sum, { from, to }) => sum + to - from, 0);
}

function link(open: readonly OpenUnits[], units: Units): readonly Linked[] {
  let rest = units;
  return open.flatMap((one) => {
    const taken = Math.min(rest, one.openUnits);
    if (taken <= 0) return [];
    rest -= taken;
    const from = one.units - one.openUnits;
    return [{ factId: one.factId, from, to: from + taken }];
  });
}

function byTime(one: OpenUnits, other: OpenUnits): number {
  return one.occurredAt - other.occurredAt || (one.factId < other.factId ? -1 : 1);
}
