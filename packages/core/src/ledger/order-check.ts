import { refuse } from "./draft.ts";
import type { Decision } from "./entry.ts";
import type { LineReport, OrderReport } from "./order-record.ts";
import { MAX_FUTURE_MS, type Instant } from "./units.ts";
import type { LedgerView } from "./view.ts";

/** The refusal an order state deserves, or null. Facts are only refused when they cannot be meant. */
export function checkOrder(
  view: LedgerView,
  report: OrderReport,
  now: Instant,
): (Decision & { ok: false }) | null {
  for (const field of ["updatedAt", "placedAt", "closedAt"] as const) {
    const instant = report[field];
    if (instant !== undefined && instant > now + MAX_FUTURE_MS) {
      return refuse(
        "occurred_in_future",
        field,
        `${field} lies more than 5 minutes in the future: check the sender's clock.`,
      );
    }
  }
  if (report.correction === true && report.updatedAt === undefined) {
    return refuse(
      "invalid_field",
      "updatedAt",
      "A correction needs updatedAt, so that it has its place among the order's states.",
    );
  }
  if (report.lines.length === 0) return refuse("invalid_field", "lines", "An order has at least one line.");
  return checkLines(view, report.lines);
}

function checkLines(view: LedgerView, lines: readonly LineReport[]): (Decision & { ok: false }) | null {
  const seen = new Set<string>();
  for (const [index, line] of lines.entries()) {
    if (seen.has(line.lineId))
      return refuse(
        "invalid_field",
        `lines.${index}.lineId`,
        `Line ${line.lineId} is named twice: add its quantities up.`,
      );
    seen.add(line.lineId);
    if (line.sku === undefined && line.listing === undefined) {
      return refuse("invalid_field", `lines.${index}.sku`, "A line names a sku or a listing.");
    }
    if (
      line.location !== undefined &&
      view.location(line.location)?.kind !== "warehouse" &&
      view.location(line.location)?.kind !== "3pl"
    ) {
      return refuse(
        "unknown_location",
        `lines.${index}.location`,
        `${line.location} is no location of yours that ships: create it first.`,
      );
    }
  }
  return null;
}
