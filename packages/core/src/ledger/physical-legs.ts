import type { Counterpart, PhysicalBucket } from "./bucket.ts";
import type { Leg } from "./entry.ts";
import type { Instant, Units } from "./units.ts";
import type { LedgerView } from "./view.ts";

export interface PhysicalMove {
  readonly sku: string;
  readonly location: string;
  readonly bucket: PhysicalBucket;
  /** Signed, never 0. */
  readonly units: Units;
  readonly counterpart: Counterpart;
  readonly occurredAt: Instant;
  readonly reason?: string;
  readonly lineId?: string;
}

/**
 * The legs of a physical movement. A count states what lay there as of its time, so a sellable movement that turns up
 * after the count but happened before it nets to zero against the first such count (DESIGN §3).
 */
export function physicalLegs(view: LedgerView, move: PhysicalMove): Leg[] {
  const counted =
    move.bucket === "sellable" ? view.firstCountFrom(move.sku, move.location, move.occurredAt) : null;
  return counted === null ? [move] : [move, countedAlready(move, counted)];
}

/** The leg by which a count that already saw a movement cancels it. */
export function countedAlready(move: PhysicalMove, asOf: Instant): Leg {
  return {
    ...move,
    units: -move.units,
    counterpart: "variance",
    occurredAt: asOf,
    reason: "already in the count",
  };
}
