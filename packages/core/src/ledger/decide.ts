import type { Command } from "./command.ts";
import { decideMovement } from "./decide-movement.ts";
import { decideOrder } from "./decide-order.ts";
import { decidePutConnection } from "./decide-put-connection.ts";
import { decidePutListing } from "./decide-put-listing.ts";
import { decidePutLocation } from "./decide-put-location.ts";
import { decidePutSku } from "./decide-put-sku.ts";
import { decideRemap } from "./decide-remap.ts";
import { decideEndReservation, decideReserve } from "./decide-reservation.ts";
import { refuse } from "./draft.ts";
import type { Decision } from "./entry.ts";
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
    case "put_sku":
      return decidePutSku(view, command, now);
    case "put_location":
      return decidePutLocation(view, command, now);
    case "put_connection":
      return decidePutConnection(view, command, now);
    case "put_listing":
      return decidePutListing(view, command, now);
    case "remap":
      return decideRemap(view, command, now);
    default:
      return command satisfies never;
  }
}

/** Refuses what would carry a balance beyond the integers a computer counts exactly (9,007,199,254,740,991). */
function withinRange(view: LedgerView, decision: Decision): Decision {
  if (!decision.ok || !("entries" in decision)) return decision;
  const balances = new Map<string, Units>();
  for (const leg of decision.entries.flatMap((entry) => entry.legs)) {
    const account = `${leg.sku}\u001f${leg.location}\u001f${leg.bucket}`;
    const units = (balances.get(account) ?? view.balance(leg.sku, leg.location, leg.bucket)) + leg.units;
    if (!Number.isSafeInteger(units) || !Number.isSafeInteger(leg.units)) {
      return refuse(
        "invalid_field",
        "units",
        `This would carry ${leg.bucket} of ${leg.sku} beyond the largest number that can be kept exactly.`,
      );
    }
    balances.set(account, units);
  }
  return decision;
}
