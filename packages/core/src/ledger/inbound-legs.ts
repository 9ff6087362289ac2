// What an inbound has `incoming` stand for at its location: of each SKU what is expected and not received, while it is
// announced. Every change posts the difference, so a repeat posts nothing.
import type { Counterpart } from "./bucket.ts";
import type { Leg } from "./entry.ts";
import type { InboundLine, InboundRecord } from "./records.ts";
import type { Units } from "./units.ts";

/** Units of one line that are still to come. */
export function openUnits({ status }: Pick<InboundRecord, "status">, line: InboundLine): Units {
  return status === "announced" ? Math.max(0, line.expected - line.received) : 0;
}

/** The legs that bring `incoming` from one state of an inbound to the next. `counterpart` says where the units go or come from. */
export function inboundLegs(
  before: InboundRecord | null,
  after: InboundRecord,
  counterpart: Counterpart,
): Leg[] {
  const isMoved = before !== null && before.location !== after.location;
  const gone = before === null || !isMoved ? [] : changes(before, { ...before, lines: [] }, "transfer");
  return [...gone, ...changes(isMoved ? null : before, after, isMoved ? "transfer" : counterpart)];
}

function changes(before: InboundRecord | null, after: InboundRecord, counterpart: Counterpart): Leg[] {
  const units = new Map<string, Units>();
  for (const line of before?.lines ?? []) units.set(line.sku, before === null ? 0 : -openUnits(before, line));
  for (const line of after.lines) units.set(line.sku, (units.get(line.sku) ?? 0) + openUnits(after, line));
  return [...units]
    .filter(([, change]) => change !== 0)
    .map(([sku, change]) => ({
      sku,
      location: after.location,
      bucket: "incoming",
      units: change,
      counterpart,
    }));
}
