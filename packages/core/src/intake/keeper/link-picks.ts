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
 * The picks that a shipment of so many units explains; none that came after it. The newest first: older ones may belong to
 * shipments before this one that are told later, and those have no others to take.
 */
export function linkShipment(
  picks: readonly OpenUnits[],
  shipment: { readonly units: Units; readonly occurredAt: Instant },
): readonly Linked[] {
  const before = picks.filter(({ occurredAt }) => occurredAt <= shipment.occurredAt);
  return link(before.toSorted(byTime).toReversed(), shipment.units);
}

/**
 * The shipments that a pick belongs to although it is told after them; none from before it. The oldest first: newer ones may be
 * those of picks after this one.
 */
export function linkPick(
  shipments: readonly OpenUnits[],
  pick: { readonly units: Units; readonly occurredAt: Instant },
): readonly Linked[] {
  const after = shipments.filter(({ occurredAt }) => occurredAt >= pick.occurredAt);
  return link(after.toSorted(byTime), pick.units);
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
