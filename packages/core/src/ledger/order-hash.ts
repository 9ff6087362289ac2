import { fingerprint } from "./content-hash.ts";
import type { LineReport, OrderReport, Source } from "./order-record.ts";

/**
 * The content of an order state in 53 bits: tells the few dozen states of one order apart. Written out by hand, since a
 * general canonical form of every state costs more than deciding it (4 of 12 µs). Only what is said is written.
 */
export function orderHash(source: Source, report: OrderReport): string {
  const { status, updatedAt, placedAt, closedAt, reservationId, doNotShip } = report;
  const { cancelRequested, cancelReason, correction } = report;
  let text = `${source} ${status}`;
  if (updatedAt !== undefined) text += `\u001fu${updatedAt}`;
  if (placedAt !== undefined) text += `\u001fp${placedAt}`;
  if (closedAt !== undefined) text += `\u001fc${closedAt}`;
  if (reservationId !== undefined) text += `\u001fr${reservationId}`;
  if (doNotShip !== undefined) text += `\u001fd${doNotShip}`;
  if (cancelRequested !== undefined) text += `\u001fk${cancelRequested}`;
  if (cancelReason !== undefined) text += `\u001fw${cancelReason}`;
  if (correction !== undefined) text += `\u001fx${correction}`;
  for (const line of report.lines) text += lineText(line);
  return fingerprint(text);
}

/** Codes hold no control characters, so the separators cannot be forged. */
function lineText(line: LineReport): string {
  const { lineId, sku, listing, quantity, cancelled, shipped, returning, fulfilledBy, location } = line;
  let text = `\u001e${lineId}\u001f${quantity}`;
  if (sku !== undefined) text += `\u001fs${sku}`;
  if (listing !== undefined) text += `\u001fl${listing}`;
  if (cancelled !== undefined) text += `\u001fc${cancelled}`;
  if (shipped !== undefined) text += `\u001fh${shipped}`;
  if (returning !== undefined) text += `\u001fr${returning}`;
  if (fulfilledBy !== undefined) text += `\u001ff${fulfilledBy}`;
  if (location !== undefined) text += `\u001fw${location}`;
  for (const left of line.left ?? []) text += `\u001fo${left.sku}\u001f${left.location}\u001f${left.units}`;
  return text;
}
