import type { PutSku } from "./command.ts";
import { draft } from "./draft.ts";
import type { Decision } from "./entry.ts";
import { mergeJson, sameJson } from "./merge-json.ts";
import { withOversoldAlerts } from "./oversold.ts";
import { postWaiting } from "./post-waiting.ts";
import type { SkuRecord } from "./records.ts";
import type { Instant } from "./units.ts";
import type { LedgerView } from "./view.ts";

/** Makes or changes a SKU. Order lines that waited for it are posted in the same transaction. */
export function decidePutSku(view: LedgerView, command: PutSku, now: Instant): Decision {
  const { sku } = command;
  const known = view.sku(sku);
  const attributes = mergeJson(known?.attributes ?? {}, command.attributes);
  if (known !== null && sameJson(known.attributes, attributes))
    return { ok: true, seq: known.updatedSeq, answer: {} };
  const record: SkuRecord = { sku, attributes, updatedSeq: 0 };
  const body = { sku, attributes: command.attributes };
  const entry = draft({ kind: "sku", occurredAt: now, body, changes: [{ table: "sku", record }] });
  const waiting = known === null ? view.unmappedLines("sku", sku, null) : [];
  const posted = postWaiting(view, waiting, [{ sku, units: 1 }], now);
  return { ok: true, entries: withOversoldAlerts(view, [entry, ...posted]), answer: {} };
}
