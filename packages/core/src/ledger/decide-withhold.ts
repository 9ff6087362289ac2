// What buyers may still take of a scarce pool on marketplaces is out of reach for requests. The ledger keeps it, so that a
// request and a raise of it come one after the other: whichever comes second is weighed against the first.
import type { Withhold } from "./command.ts";
import { draft, refuse } from "./draft.ts";
import type { Decision } from "./entry.ts";
import type { Instant, Units } from "./units.ts";
import type { LedgerView } from "./view.ts";

export function decideWithhold(view: LedgerView, command: Withhold, now: Instant): Decision {
  const { sku, units, was } = command;
  const known = view.sku(sku);
  if (known === null) return refuse("unknown_sku", "sku", `There is no SKU ${sku}: create it first.`);
  const withheld = view.withheld(sku);
  const before = withheld?.units ?? 0;
  const isOvertaken = units < before && was !== before;
  if (units === before || isOvertaken)
    return { ok: true, seq: withheld?.updatedSeq ?? known.updatedSeq, answer: {} };
  const isRequest = units > before && command.as === "request";
  if (isRequest && units > view.available(sku)) return beyondAvailable(view, sku, units);
  const entry = draft({
    kind: "withheld",
    occurredAt: now,
    body: { sku, units, was: before },
    changes: [{ table: "withheld", record: { sku, units, updatedSeq: 0 } }],
  });
  return { ok: true, entries: [entry], answer: {} };
}

/** What a request may take out of a pool: available, less what buyers may still take of it elsewhere. */
export function grantable(view: LedgerView, sku: string): Units {
  return view.available(sku) - (view.withheld(sku)?.units ?? 0);
}

function beyondAvailable(view: LedgerView, sku: string, units: Units): Decision {
  const available = Math.max(0, view.available(sku));
  const message = `${units} of ${sku} were to be withheld and ${available} are available.`;
  return refuse("insufficient_stock", "units", message, { lines: [{ sku, requested: units, available }] });
}
