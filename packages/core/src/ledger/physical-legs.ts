import { isCounted, type Counterpart, type PhysicalBucket } from "./bucket.ts";
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
 * The legs of a physical movement. A count states what lay there as of its time, so a movement that turns up after the
 * count of its bucket but happened before it nets to zero against the first such count (DESIGN §3).
 */
export function physicalLegs(view: LedgerView, move: PhysicalMove): Leg[] {
  const { sku, location, bucket, occurredAt } = move;
  const counted = isCounted(bucket) ? view.firstCountFrom({ sku, location, bucket }, occurredAt) : null;
  return counted === null ? [move] : netted(move, counted);
}

/** A movement that a count already saw, with what cancels it. What comes stands first: but for sellable no bucket falls below zero. */
export function netted(move: PhysicalMove, asOf: Instant): Leg[] {
  const cancelling = countedAlready(move, asOf);
  return move.bucket !== "sellable" && move.units < 0 ? [cancelling, move] : [move, cancelling];
}

function countedAlready(move: PhysicalMove, asOf: Instant): Leg {
  return {
    ...move,
    units: -move.units,
    counterpart: "variance",
    occurredAt: asOf,
    reason: "already in the count",
  };
}
