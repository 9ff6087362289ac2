import { fingerprint } from "./content-hash.ts";
import type { LineReport, OrderReport, Source } from "./order-record.ts";

/**
 * The content of an order state in 53 bits: tells the few dozen states of one order apart. Written out by hand, since a
 * general canonical form of every state costs more than deciding it (4 of 12 µs).
 */
export function orderHash(source: Source, report: OrderReport): string {
  const { status, updatedAt, placedAt, closedAt, reservationId, doNotShip, cancelReason, correction } =
    report;
  let text = `${source}\u001f${status}\u001f${updatedAt}\u001f${placedAt}\u001f${closedAt}\u001f${reservationId}\u001f${doNotShip}\u001f${cancelReason}\u001f${correction}`;
  for (const line of report.lines) text += lineText(line);
  return fingerprint(text);
}

/** Codes hold no control characters, so the separators cannot be forged. */
function lineText(line: LineReport): string {
  const { lineId, sku, listing, quantity, cancelled, shipped, returning, fulfilledBy, location } = line;
  return `\u001e${lineId}\u001f${sku}\u001f${listing}\u001f${quantity}\u001f${cancelled}\u001f${shipped}\u001f${returning}\u001f${fulfilledBy}\u001f${location}`;
}
