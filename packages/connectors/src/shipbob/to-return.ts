import type { Instant } from "@onepool/core/ledger/units.ts";

import type { Dispositions, ReturnFact } from "../contract/keeper/keeper-fact.ts";
import { stateFactId } from "../contract/keeper/state-fact-id.ts";
import { itemOf } from "./to-item.ts";
import type { WireReturn } from "./wire.ts";

/** A return; one line may be split over several dispositions. `orderReference` where the return itself does not name its order. */
export function toReturn(told: WireReturn, orderReference: string | null): ReturnFact {
  const status = statusOf(told.status);
  const state = {
    occurredAt: occurredAtOf(told),
    // It says when it arrived and was completed, not when it changed: its counts only rise.
    updatedAt: null,
    keeperReturnId: told.id,
    reference: told.reference_id || null,
    orderReference: told.store_order_id || orderReference,
    status,
    lines: told.inventory.map((line) => lineOf(line, told.fulfillment_center.id, status)),
  } satisfies Omit<ReturnFact, "kind" | "factId">;
  return { kind: "return", factId: stateFactId("return", told.id, state), ...state };
}

/** "Awaiting Arrival" in answers, `AwaitingArrival` in filters. */
function statusOf(status: string): ReturnFact["status"] {
  const word = status.replaceAll(/\s/g, "").toLowerCase();
  if (word === "completed") return "closed";
  if (word === "cancelled") return "cancelled";
  return word === "awaitingarrival" ? "announced" : "open";
}

function lineOf(
  line: WireReturn["inventory"][number],
  facility: string,
  status: ReturnFact["status"],
): ReturnFact["lines"][number] {
  const requested = line.action_requested?.action;
  const counts = { restocked: 0, quarantined: 0, disposed: 0 };
  let received = 0;
  for (const { action, quantity_processed: units } of line.action_taken ?? []) {
    received += units;
    const disposition = dispositionOf(action, requested);
    if (disposition !== null) counts[disposition] += units;
  }
  // An arrived parcel says nothing of what is in it: units count when they were processed.
  const missing = status === "closed" ? Math.max(0, line.quantity - received) : 0;
  return {
    item: itemOf(line.id, line.sku),
    facility,
    quantity: line.quantity,
    received,
    dispositions: { ...counts, missing },
  };
}

type Graded = Exclude<keyof Dispositions, "missing">;

const DISPOSITIONS: ReadonlyMap<string, Graded> = new Map([
  ["Restock", "restocked"],
  ["Quarantine", "quarantined"],
  ["Dispose", "disposed"],
]);

/** `Default` is what was asked for, where that is told; otherwise the units wait for a disposition. */
function dispositionOf(
  action: string | null | undefined,
  requested: string | null | undefined,
): Graded | null {
  const meant = action === "Default" ? requested : action;
  return DISPOSITIONS.get(meant ?? "") ?? null;
}

function occurredAtOf(told: WireReturn): Instant {
  return (
    told.completed_date ??
    told.cancelled_date ??
    told.processing_date ??
    told.arrived_date ??
    told.insert_date
  );
}
