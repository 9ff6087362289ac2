import type { ReportOrder } from "./command.ts";
import { refuse } from "./draft.ts";
import type { Decision } from "./entry.ts";
import type { LineReport, OrderRecord, OrderReport, Source } from "./order-record.ts";
import { resolveRecipe } from "./recipe.ts";
import { MAX_FUTURE_MS, type Instant } from "./units.ts";
import type { LedgerView } from "./view.ts";

/** The refusal an order state deserves, or null. Facts are only refused when they cannot be meant. */
export function checkOrder(
  view: LedgerView,
  { order: report, source }: ReportOrder,
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
  return checkLines(view, report.lines, source);
}

function checkLines(
  view: LedgerView,
  lines: readonly LineReport[],
  source: Source,
): (Decision & { ok: false }) | null {
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
    const refusal = checkPlaces(view, line, { index, source });
    if (refusal !== null) return refusal;
  }
  return null;
}

function checkPlaces(
  view: LedgerView,
  { location, left = [] }: LineReport,
  { index, source }: { index: number; source: Source },
): (Decision & { ok: false }) | null {
  if (location !== undefined && !isOwn(view, location))
    return refuseLocation(`lines.${index}.location`, location);
  if (left.length > 0 && source !== "keeper")
    return refuse(
      "invalid_field",
      `lines.${index}.left`,
      "Only who keeps the goods counts the parts that left.",
    );
  for (const [place, counted] of left.entries())
    if (!isOwn(view, counted.location))
      return refuseLocation(`lines.${index}.left.${place}.location`, counted.location);
  return null;
}

function isOwn(view: LedgerView, code: string): boolean {
  const kind = view.location(code)?.kind;
  return kind === "warehouse" || kind === "3pl";
}

function refuseLocation(field: string, code: string): Decision & { ok: false } {
  return refuse("unknown_location", field, `${code} is no location of yours that ships: create it first.`);
}

/** The refusal of parts that left for a line which does not sell them. A line that nobody mapped yet may sell anything. */
export function checkParts(
  view: LedgerView,
  { channel, lines }: OrderReport,
  known: OrderRecord | null,
): (Decision & { ok: false }) | null {
  for (const [index, reported] of lines.entries()) {
    if (reported.left === undefined) continue;
    const { lineId, sku = null, listing = null } = reported;
    const line = known?.lines.find((other) => other.lineId === lineId);
    const recipe = line?.recipe ?? resolveRecipe(view, channel, line ?? { sku, listing });
    const odd = reported.left.find(
      (left) => recipe?.some((component) => component.sku === left.sku) === false,
    );
    if (odd === undefined) continue;
    return refuse(
      "invalid_field",
      `lines.${index}.left`,
      `Line ${lineId} does not sell ${odd.sku}: name the SKU that left, or remap the line.`,
    );
  }
  return null;
}
