import type { Leg, RecordChange } from "./entry.ts";
import type { ClaimLine } from "./order-record.ts";
import type { AlertRecord, UnmappedLine } from "./records.ts";
import type { Units } from "./units.ts";
import type { LedgerView } from "./view.ts";

/** The waiting rows of a line that names nothing known: one per name, so that either name's arrival posts it. */
export function waitingRows(channel: string, orderId: string, line: ClaimLine): UnmappedLine[] {
  const rows: UnmappedLine[] = [];
  const wait = (names: "sku" | "listing", code: string | null): void => {
    if (code !== null) rows.push({ names, code, channel, orderId, lineId: line.lineId });
  };
  wait("listing", line.listing);
  wait("sku", line.sku);
  return rows;
}

/** An alert's subject for one order line. */
export function lineSubject(channel: string, orderId: string, lineId: string): string {
  return `${channel}/${orderId}/${lineId}`;
}

/** What changes when a line is found to name nothing known. History before the cut-over waits without an alarm. */
export function startWaiting(
  channel: string,
  orderId: string,
  line: ClaimLine,
  sale: { units: Units; isAlarming: boolean },
): RecordChange[] {
  const changes = waitingRows(channel, orderId, line).map((row): RecordChange => ({
    table: "unmapped_line",
    change: "add",
    line: row,
  }));
  if (sale.isAlarming)
    changes.push({ table: "alert", change: "open", alert: unmappedSale(channel, orderId, line, sale.units) });
  return changes;
}

/** What changes when a waiting line is mapped. */
export function stopWaiting(
  view: LedgerView,
  channel: string,
  orderId: string,
  line: ClaimLine,
): RecordChange[] {
  const changes = waitingRows(channel, orderId, line).map((row): RecordChange => ({
    table: "unmapped_line",
    change: "remove",
    line: row,
  }));
  const subject = lineSubject(channel, orderId, line.lineId);
  if (view.openAlert("unmapped_sale", subject) !== null)
    changes.push({ table: "alert", change: "resolve", kind: "unmapped_sale", subject });
  return changes;
}

function unmappedSale(channel: string, orderId: string, line: ClaimLine, units: Units): AlertRecord {
  const name = line.listing === null ? `SKU ${line.sku}` : `listing ${line.listing}`;
  return {
    kind: "unmapped_sale",
    subject: lineSubject(channel, orderId, line.lineId),
    severity: "critical",
    sku: line.sku,
    channel,
    orderId,
    lineId: line.lineId,
    units,
    message: `Order ${orderId} of ${channel} sold ${units} of ${name}, which nobody mapped: map it and the units are posted.`,
  };
}

/** Net units by which legs lower a pool's promises: what a cancellation gave back. */
export function promisesReleased(legs: readonly Leg[]): Units {
  return legs.reduce(
    (sum, leg) => (leg.bucket === "reserved" || leg.bucket === "committed" ? sum - leg.units : sum),
    0,
  );
}
