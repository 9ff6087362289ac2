// Facts are recorded even when they drive available below zero. The alert that says so is written with the entry that did
// it, and resolved with the entry that brings the SKU back.
import type { EntryDraft, Leg, RecordChange } from "./entry.ts";
import type { AlertRecord } from "./records.ts";
import type { Units } from "./units.ts";
import type { LedgerView } from "./view.ts";

/** The entries with their oversold alerts opened, brought up to date or resolved. */
export function withOversoldAlerts(view: LedgerView, entries: readonly EntryDraft[]): readonly EntryDraft[] {
  // What earlier entries of this decision left, which the view does not know yet.
  const left = new Map<string, Units>();
  return entries.map((entry) => {
    if (entry.legs.length === 0) return entry;
    const changes: RecordChange[] = [];
    for (const { sku, units } of availableChanges(view, entry.legs)) {
      const before = left.get(sku) ?? view.available(sku);
      const after = before + units;
      if (after < 0) changes.push({ table: "alert", change: "open", alert: oversold(entry, sku, -after) });
      else if (before < 0 && (left.has(sku) || view.openAlert("oversold", sku) !== null))
        changes.push({ table: "alert", change: "resolve", kind: "oversold", subject: sku });
      if (entries.length > 1) left.set(sku, after);
    }
    return changes.length === 0 ? entry : { ...entry, changes: [...entry.changes, ...changes] };
  });
}

/** By how much an entry's legs change available, per SKU. */
function availableChanges(view: LedgerView, legs: readonly Leg[]): readonly { sku: string; units: Units }[] {
  const changes: { sku: string; units: Units }[] = [];
  const places = legs.length > 1 ? new Map<string, number>() : null;
  for (const leg of legs) {
    const units = availableChange(view, leg);
    if (units === 0) continue;
    const known = changes[places?.get(leg.sku) ?? -1];
    if (known === undefined) places?.set(leg.sku, changes.length);
    if (known === undefined) changes.push({ sku: leg.sku, units });
    else known.units += units;
  }
  return changes;
}

function availableChange(view: LedgerView, leg: Leg): Units {
  switch (leg.bucket) {
    case "sellable":
      return view.location(leg.location)?.kind === "channel" ? 0 : leg.units;
    case "reserved":
    case "committed":
      return -leg.units;
    default:
      return 0;
  }
}

function oversold(entry: EntryDraft, sku: string, units: Units): AlertRecord {
  const { channel, orderId } = entry;
  const cause = orderId === null ? `recorded by a ${entry.kind}` : `with order ${orderId} of ${channel}`;
  return {
    kind: "oversold",
    subject: sku,
    severity: "critical",
    sku,
    channel,
    orderId,
    lineId: null,
    units,
    message: `${sku} is oversold by ${units}, ${cause}: find ${units} more or give up an order that is not shipped.`,
  };
}
