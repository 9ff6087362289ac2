// The legs of each kind of movement that stands alone (DESIGN §3). Returns and gradings, which may name an order line,
// have their own file. Facts are always recorded; requests (transfer, grade) are refused when they do not fit.
import type { PhysicalBucket } from "./bucket.ts";
import type { Movement } from "./command.ts";
import { refuse } from "./draft.ts";
import type { Decision, Leg, RecordChange } from "./entry.ts";
import { netted, physicalLegs, type PhysicalMove } from "./physical-legs.ts";
import { receiveInbound } from "./receive-inbound.ts";
import type { Instant, Units } from "./units.ts";
import type { LedgerView } from "./view.ts";

export type MovementEffect =
  | { readonly legs: readonly Leg[]; readonly changes: readonly RecordChange[] }
  | (Decision & { ok: false });

type OfKind<K extends Movement["movement"]> = Extract<Movement, { movement: K }>;

export function receiptLegs(
  view: LedgerView,
  movement: OfKind<"receipt">,
  occurredAt: Instant,
): MovementEffect {
  const { sku, location, units, inboundId } = movement;
  const inbound =
    inboundId === undefined ? null : receiveInbound(view, inboundId, { sku, units, to: "sellable" });
  if (inbound !== null && "ok" in inbound) return inbound;
  const arrived = physicalLegs(view, {
    sku,
    location,
    bucket: "sellable",
    units,
    counterpart: inbound?.counterpart ?? "supplier",
    occurredAt,
    ...reasonOf(movement),
  });
  return inbound === null ? effect(arrived) : effect([...inbound.legs, ...arrived], inbound.changes);
}

export function adjustmentLegs(
  view: LedgerView,
  movement: OfKind<"adjustment">,
  occurredAt: Instant,
): MovementEffect {
  const { sku, location, units } = movement;
  const bucket = movement.bucket ?? "sellable";
  const legs = physicalLegs(view, {
    sku,
    location,
    bucket,
    units,
    counterpart: "variance",
    occurredAt,
    ...reasonOf(movement),
  });
  const isNetted = legs.length > 1;
  const lacking = bucket === "sellable" || isNetted ? null : lackingUnits(view, movement, bucket, -units);
  return lacking ?? effect(legs);
}

export function damageLegs(
  view: LedgerView,
  movement: OfKind<"damage">,
  occurredAt: Instant,
): MovementEffect {
  return effect(betweenBuckets(view, movement, { from: "sellable", to: "damaged", occurredAt }));
}

/**
 * A count is absolute: the difference to what lay in its bucket as of its time is booked at that time. Fewer damaged units than
 * have left the bucket since cannot have been there: then all that is left goes, and the next count puts it right.
 */
export function countLegs(view: LedgerView, movement: OfKind<"count">): MovementEffect {
  const { sku, location, units, asOf, bucket = "sellable" } = movement;
  const account = { sku, location, bucket };
  const held = view.balance(sku, location, bucket);
  const later = view.firstCountFrom(account, asOf + 1);
  const expected = held - view.movedSince(account, asOf);
  const least = bucket === "sellable" || later !== null ? -Infinity : -held;
  const variance = Math.max(units - expected, least);
  const changes: RecordChange[] = [{ table: "stock_count", account, asOf, units }];
  if (variance === 0) return { legs: [], changes };
  const move: PhysicalMove = {
    sku,
    location,
    bucket,
    units: variance,
    counterpart: "variance",
    occurredAt: asOf,
    ...reasonOf(movement),
  };
  return { legs: later === null ? [move] : netted(move, later), changes };
}

/** Units from one bucket of a location to another. */
export function betweenBuckets(
  view: LedgerView,
  movement: Movement,
  way: { from: PhysicalBucket; to: PhysicalBucket; occurredAt: Instant },
): Leg[] {
  const { sku, location, units } = movement;
  const { from, to, occurredAt } = way;
  const common = { sku, location, occurredAt, ...reasonOf(movement) };
  return [
    ...physicalLegs(view, { ...common, bucket: from, units: -units, counterpart: to }),
    ...physicalLegs(view, { ...common, bucket: to, units, counterpart: from }),
  ];
}

/** The refusal when a bucket holds fewer units than asked for, or null. */
export function lackingUnits(
  view: LedgerView,
  movement: Movement,
  bucket: PhysicalBucket,
  units: Units,
): (Decision & { ok: false }) | null {
  const held = view.balance(movement.sku, movement.location, bucket);
  return units > held ? insufficient(movement, bucket, held) : null;
}

export function insufficient(movement: Movement, bucket: string, held: Units): Decision & { ok: false } {
  const { sku, location } = movement;
  const units = Math.abs(movement.units);
  const message = `${units} of ${sku} were to leave ${bucket} at ${location}, which holds ${held}: check the units, or count first.`;
  return refuse("insufficient_units", "units", message, {
    sku,
    location,
    bucket,
    requested: units,
    available: held,
  });
}

export function effect(legs: readonly Leg[], changes: readonly RecordChange[] = []): MovementEffect {
  return { legs, changes };
}

export function reasonOf(movement: Movement): { reason?: string } {
  return movement.reason === undefined ? {} : { reason: movement.reason };
}
