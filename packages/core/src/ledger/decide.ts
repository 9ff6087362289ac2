import type { Command } from "./command.ts";
import { decideMovement } from "./decide-movement.ts";
import { decideOrder } from "./decide-order.ts";
import { decidePutConnection } from "./decide-put-connection.ts";
import { decidePutInbound } from "./decide-put-inbound.ts";
import { decidePutListing } from "./decide-put-listing.ts";
import { decidePutLocation } from "./decide-put-location.ts";
import { decidePutSku } from "./decide-put-sku.ts";
import { decideRemap } from "./decide-remap.ts";
import { decideEndReservation, decideReserve } from "./decide-reservation.ts";
import { decideWithhold } from "./decide-withhold.ts";
import { refuse } from "./draft.ts";
import type { Decision, Leg } from "./entry.ts";
import type { Instant, Units } from "./units.ts";
import type { LedgerView } from "./view.ts";

/**
 * The one entrance to the rules: what a command does to a seller's ledger, as a value. Pure: reads nothing but the view,
 * changes nothing. `now` is the recorded time of the batch.
 */
export function decide(view: LedgerView, command: Command, now: Instant): Decision {
  return withinRange(view, decisionOn(view, command, now));
}

function decisionOn(view: LedgerView, command: Command, now: Instant): Decision {
  switch (command.kind) {
    case "order":
      return decideOrder(view, command, now);
    case "movement":
      return decideMovement(view, command, now);
    case "reserve":
      return decideReserve(view, command, now);
    case "end_reservation":
      return decideEndReservation(view, command, now);
    case "withhold":
      return decideWithhold(view, command, now);
    case "put_sku":
      return decidePutSku(view, command, now);
    case "put_location":
      return decidePutLocation(view, command, now);
    case "put_connection":
      return decidePutConnection(view, command, now);
    case "put_listing":
      return decidePutListing(view, command, now);
    case "put_inbound":
      return decidePutInbound(view, command, now);
    case "remap":
      return decideRemap(view, command, now);
    default:
      return command satisfies never;
  }
}

/** Far enough from the largest exact integer that one decision's legs cannot reach it together (1,000 lines of 1e12). */
const FAR_FROM_LIMIT = 1e15;

const LARGEST_LEG = 1e12;

/** Refuses what would carry a balance beyond the integers a computer counts exactly (9,007,199,254,740,991). */
function withinRange(view: LedgerView, decision: Decision): Decision {
  if (!decision.ok || !("entries" in decision)) return decision;
  const changes = new Map<string, Units>();
  for (const { legs } of decision.entries) {
    for (const leg of legs) {
      const held = view.balance(leg.sku, leg.location, leg.bucket);
      if (Math.abs(leg.units) <= LARGEST_LEG && Math.abs(held) <= FAR_FROM_LIMIT) continue;
      const account = `${leg.sku}\u001f${leg.location}\u001f${leg.bucket}`;
      const change = (changes.get(account) ?? 0) + leg.units;
      if (!Number.isSafeInteger(leg.units) || !Number.isSafeInteger(held + change))
        return refuseTooLarge(leg);
      changes.set(account, change);
    }
  }
  return decision;
}

function refuseTooLarge({ sku, bucket }: Leg): Decision {
  const message = `This would carry ${bucket} of ${sku} beyond the largest number that can be kept exactly.`;
  return refuse("invalid_field", "units", message);
}
