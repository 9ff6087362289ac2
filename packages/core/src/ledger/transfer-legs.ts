// Units from one location to another: at once between the seller's own, or under way until a receipt says they arrived.
import type { Movement } from "./command.ts";
import { grantable } from "./decide-withhold.ts";
import { refuse } from "./draft.ts";
import type { Decision, RecordChange } from "./entry.ts";
import { effect, insufficient, lackingUnits, reasonOf, type MovementEffect } from "./movement-legs.ts";
import { physicalLegs } from "./physical-legs.ts";
import type { InboundRecord, LocationRecord } from "./records.ts";
import type { Instant } from "./units.ts";
import type { LedgerView } from "./view.ts";

type Transfer = Extract<Movement, { movement: "transfer" }>;

/**
 * A transfer that leaves the pool, to a channel's location or under way, may only take what nobody was promised and no buyer
 * can still take.
 */
export function transferLegs(view: LedgerView, movement: Transfer, occurredAt: Instant): MovementEffect {
  const { sku, location, toLocation, units } = movement;
  const to = view.location(toLocation);
  const refusal = checkTransfer(view, movement, to);
  if (refusal !== null) return refusal;
  const moved = { sku, counterpart: "transfer", occurredAt, ...reasonOf(movement) } as const;
  const leaving = physicalLegs(view, { ...moved, location, bucket: "sellable", units: -units });
  if (isOnItsWay(movement, to)) {
    const available = grantable(view, sku);
    if (units > available) return insufficient(movement, "available", available);
    return effect(
      [...leaving, { sku, location: toLocation, bucket: "incoming", units, counterpart: "transfer" }],
      onItsWay(movement),
    );
  }
  const arriving = physicalLegs(view, { ...moved, location: toLocation, bucket: "sellable", units });
  return effect([...leaving, ...arriving]);
}

function checkTransfer(
  view: LedgerView,
  movement: Transfer,
  to: LocationRecord | null,
): (Decision & { ok: false }) | null {
  const { location, toLocation, units, expectedAt, externalId } = movement;
  if (to === null)
    return refuse("unknown_location", "toLocation", `There is no location ${toLocation}: create it first.`);
  if (toLocation === location)
    return refuse("invalid_field", "toLocation", "A transfer goes to another location.");
  if (expectedAt !== undefined && !isOnItsWay(movement, to)) {
    return refuse(
      "invalid_field",
      "expectedAt",
      "This transfer arrives at once: with inTransit it arrives by a receipt.",
    );
  }
  if (isFollowed(movement) && view.inbound(externalId) !== null) {
    return refuse(
      "external_id_conflict",
      "externalId",
      `There is an inbound ${externalId} already: use a new externalId.`,
    );
  }
  return lackingUnits(view, movement, "sellable", units);
}

/** A channel tells itself what arrived, so units to it are always under way. */
function isOnItsWay({ inTransit }: Transfer, to: LocationRecord | null): boolean {
  return inTransit === true || to?.kind === "channel";
}

/** Whether what is under way is kept as an inbound, which a receipt can name and a date belongs to. */
function isFollowed({ inTransit, expectedAt }: Transfer): boolean {
  return inTransit === true || expectedAt !== undefined;
}

function onItsWay(movement: Transfer): RecordChange[] {
  if (!isFollowed(movement)) return [];
  const { externalId: inboundId, location: from, toLocation: location, sku, units, expectedAt } = movement;
  const lines = [{ sku, expected: units, received: 0 }];
  const record: InboundRecord = {
    inboundId,
    location,
    from,
    expectedAt: expectedAt ?? null,
    status: "announced",
    lines,
    updatedSeq: 0,
  };
  return [{ table: "inbound", record }];
}
