// Goods announced to one of the seller's own locations: a target state, as an order is. Told again with the same content it
// changes nothing; what arrives is told by receipts that name it.
import type { PutInbound } from "./command.ts";
import { draft, refuse } from "./draft.ts";
import type { Decision } from "./entry.ts";
import { inboundLegs } from "./inbound-legs.ts";
import type { JsonObject } from "./json.ts";
import { sameJson } from "./merge-json.ts";
import { addUp } from "./recipe.ts";
import type { InboundLine, InboundRecord } from "./records.ts";
import type { Instant } from "./units.ts";
import type { LedgerView } from "./view.ts";

export function decidePutInbound(view: LedgerView, command: PutInbound, now: Instant): Decision {
  const { kind: _, ...said } = command;
  const known = view.inbound(command.inboundId);
  const refusal = checkInbound(view, command, known);
  if (refusal !== null) return refusal;
  const record = stated(known, command);
  if (known !== null && sameJson({ ...known, updatedSeq: 0 }, record))
    return { ok: true, seq: known.updatedSeq, answer: {} };
  const isTransfer = record.from !== null;
  // What a transfer ends without having delivered it, is lost on the way.
  const elsewhere = isTransfer && record.status !== "announced" ? "lost" : "transfer";
  const entry = draft({
    kind: "inbound",
    occurredAt: now,
    body: said as unknown as JsonObject,
    legs: inboundLegs(known, record, isTransfer ? elsewhere : "supplier"),
    changes: [{ table: "inbound", record }],
  });
  return { ok: true, entries: [entry], answer: {} };
}

function checkInbound(
  view: LedgerView,
  { location, lines }: PutInbound,
  known: InboundRecord | null,
): (Decision & { ok: false }) | null {
  const place = view.location(location);
  if (place === null)
    return refuse("unknown_location", "location", `There is no location ${location}: create it first.`);
  if (place.kind === "channel" && known?.location !== location) {
    return refuse(
      "invalid_field",
      "location",
      `${location} is counted by its channel: send units there with a transfer.`,
    );
  }
  if (lines.length === 0)
    return refuse("invalid_field", "lines", "An inbound says what comes: at least one line.");
  const unknown = lines.findIndex(({ sku }) => view.sku(sku) === null);
  if (unknown < 0) return null;
  return refuse(
    "unknown_sku",
    `lines.${unknown}.sku`,
    `There is no SKU ${lines[unknown]?.sku}: create it first.`,
  );
}

/** The inbound as the command states it. What was received stays; a SKU that is not named any more is not expected. */
function stated(known: InboundRecord | null, command: PutInbound): InboundRecord {
  const { inboundId, location, expectedAt, status } = command;
  const expected = new Map(addUp(command.lines).map(({ sku, units }) => [sku, units] as const));
  const kept = (known?.lines ?? []).map((line): InboundLine => {
    const units = expected.get(line.sku) ?? 0;
    expected.delete(line.sku);
    return { ...line, expected: units };
  });
  const added = [...expected].map(([sku, units]): InboundLine => ({ sku, expected: units, received: 0 }));
  const lines = [...kept, ...added];
  return { inboundId, location, from: known?.from ?? null, expectedAt, status, lines, updatedSeq: 0 };
}
