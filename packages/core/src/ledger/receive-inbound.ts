import type { Counterpart } from "./bucket.ts";
import { refuse } from "./draft.ts";
import type { Decision, Leg, RecordChange } from "./entry.ts";
import { inboundLegs } from "./inbound-legs.ts";
import type { InboundRecord } from "./records.ts";
import type { Units } from "./units.ts";
import type { LedgerView } from "./view.ts";

export interface ReceivedInbound {
  readonly legs: readonly Leg[];
  readonly changes: readonly RecordChange[];
  /** Where its units come from. */
  readonly counterpart: Counterpart;
}

/**
 * What a receipt does to the inbound it names: received rises, incoming falls as far as it stands. More than was expected, a
 * SKU that nobody announced and another location than announced are facts like any other.
 */
export function receiveInbound(
  view: LedgerView,
  inboundId: string,
  came: { sku: string; units: Units; to: Counterpart },
): ReceivedInbound | (Decision & { ok: false }) {
  const known = view.inbound(inboundId);
  if (known === null)
    return refuse(
      "unknown_inbound",
      "inboundId",
      `There is no inbound ${inboundId}: leave inboundId out for goods that nobody announced.`,
    );
  const record = withReceived(known, came);
  return {
    legs: inboundLegs(known, record, came.to),
    changes: [{ table: "inbound", record }],
    counterpart: known.from === null ? "supplier" : "transfer",
  };
}

function withReceived(known: InboundRecord, { sku, units }: { sku: string; units: Units }): InboundRecord {
  const isAnnounced = known.lines.some((line) => line.sku === sku);
  const lines = isAnnounced ? known.lines : [...known.lines, { sku, expected: 0, received: 0 }];
  return {
    ...known,
    lines: lines.map((line) => (line.sku === sku ? { ...line, received: line.received + units } : line)),
    updatedSeq: 0,
  };
}
