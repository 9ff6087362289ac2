import type { PutListing } from "./command.ts";
import { draft, refuse } from "./draft.ts";
import type { Decision } from "./entry.ts";
import type { JsonObject } from "./json.ts";
import { mergeJson, sameJson } from "./merge-json.ts";
import { withOversoldAlerts } from "./oversold.ts";
import { postWaiting } from "./post-waiting.ts";
import { addUp } from "./recipe.ts";
import type { Component, ListingRecord } from "./records.ts";
import type { Instant } from "./units.ts";
import type { LedgerView } from "./view.ts";

/**
 * Maps or changes a listing. Order lines that waited for it are posted in the same transaction; claims that were posted
 * under an older recipe keep it (an explicit remap mends them).
 */
export function decidePutListing(view: LedgerView, command: PutListing, now: Instant): Decision {
  const { connection, externalId } = command;
  if (view.connection(connection) === null) {
    return refuse(
      "unknown_connection",
      "connection",
      `There is no connection ${connection}: create it first.`,
    );
  }
  const known = view.listing(connection, externalId);
  const sold = command.components ?? known?.components ?? [];
  const refusal = checkComponents(view, sold);
  if (refusal !== null) return refusal;
  const components = addUp(sold);
  const settings = mergeJson(known?.settings ?? {}, command.settings ?? {});
  if (known !== null && sameJson([known.components, known.settings], [components, settings])) {
    return { ok: true, seq: known.updatedSeq, answer: {} };
  }
  const record: ListingRecord = { connection, externalId, components, settings, updatedSeq: 0 };
  const body = { connection, externalId, components, settings } as unknown as JsonObject;
  const entry = draft({
    kind: "listing",
    occurredAt: now,
    channel: connection,
    body,
    changes: [{ table: "listing", record }],
  });
  const waiting = known === null ? view.unmappedLines("listing", externalId, connection) : [];
  const posted = postWaiting(view, waiting, components, now);
  return { ok: true, entries: withOversoldAlerts(view, [entry, ...posted]), answer: {} };
}

function checkComponents(
  view: LedgerView,
  components: readonly Component[],
): (Decision & { ok: false }) | null {
  if (components.length === 0) {
    return refuse(
      "invalid_field",
      "components",
      "A listing says what it sells: at least one component with sku and units.",
    );
  }
  for (const [index, { sku }] of components.entries()) {
    if (view.sku(sku) === null)
      return refuse("unknown_sku", `components.${index}.sku`, `There is no SKU ${sku}: create it first.`);
  }
  return null;
}
