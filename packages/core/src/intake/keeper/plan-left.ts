// What left for an order, told to the ledger: per line as a keeper's cumulative count, and what no line sold as an adjustment.
import type { Command } from "../../ledger/command.ts";
import type { OrderReport } from "../../ledger/order-record.ts";
import type { Instant, Units } from "../../ledger/units.ts";
import { adjustmentOf, bare, type Origin, type Place, placeKey } from "./booking.ts";
import { distributeLeft, type OpenLine, type PlacedUnits } from "./distribute-left.ts";
import { EMPTY_ORDER, leftOf, type OrderDocument } from "./merge-order.ts";

/** An order at the keeper as it was last told to the ledger. */
export interface OrderState {
  readonly document: OrderDocument;
  readonly placed: readonly PlacedUnits[];
  /** The place of the last report among the keeper's states; null before the first. */
  readonly reportedAt: Instant | null;
}

export const EMPTY_ORDER_STATE: OrderState = { document: EMPTY_ORDER, placed: [], reportedAt: null };

/** A line as the ledger has it: under its own id and name. */
export interface NamedLine extends OpenLine {
  readonly sku: string | null;
  readonly listing: string | null;
}

export interface LeftPlan {
  readonly state: OrderState;
  readonly commands: readonly Command[];
  /** Units more than before, by SKU and place: what may have been told as picks without an order. */
  readonly more: readonly (Place & { readonly units: Units })[];
}

/** `others`: the same order as given another time, or to another keeper; the ledger counts them together. */
export function planLeft(
  origin: Origin,
  order: { readonly channel: string; readonly orderId: string; readonly lines: readonly NamedLine[] },
  before: OrderState & { readonly others: readonly OrderState[] },
  document: OrderDocument,
): LeftPlan {
  const elsewhere = before.others.flatMap((other) => other.placed);
  const placed = distributeLeft(order.lines, before.placed, leftOf(document), elsewhere);
  const steps = changes(before.placed, placed);
  const onLines = steps.filter(({ lineId }) => lineId !== null);
  const latest = Math.max(...[before, ...before.others].map(({ reportedAt }) => reportedAt ?? 0));
  if (steps.length === 0) {
    const { reportedAt } = before;
    return { state: { document, placed: before.placed, reportedAt }, commands: [], more: [] };
  }
  const isLess = onLines.some(({ from, to }) => to < from);
  const reportedAt = Math.max(origin.occurredAt, latest + (isLess ? 1 : 0));
  const report: OrderReport = {
    channel: order.channel,
    orderId: order.orderId,
    status: "paid",
    updatedAt: reportedAt,
    closedAt: origin.occurredAt,
    lines: linesOf(order.lines, before.placed, [...placed, ...elsewhere]),
    ...(isLess ? { correction: true } : {}),
  };
  const astray = steps.flatMap(({ lineId, from, to, ...place }): Command[] => {
    if (lineId !== null) return [];
    const reason = `left ${origin.connection} for order ${order.orderId} of ${order.channel}, which did not sell it`;
    return [
      adjustmentOf(origin, place, {
        bucket: "sellable",
        units: from - to,
        step: `astray/${from}-${to}`,
        reason,
      }),
    ];
  });
  const reports: Command[] = onLines.length === 0 ? [] : [{ kind: "order", source: "keeper", order: report }];
  return { state: { document, placed, reportedAt }, commands: [...reports, ...astray], more: moreOf(steps) };
}

interface Step extends Place {
  readonly lineId: string | null;
  readonly from: Units;
  readonly to: Units;
}

function changes(before: readonly PlacedUnits[], after: readonly PlacedUnits[]): readonly Step[] {
  const steps = new Map<string, Step>();
  const keyOf = (part: PlacedUnits): string => JSON.stringify([part.lineId, part.sku, part.location]);
  for (const part of before)
    steps.set(keyOf(part), { ...bare(part), lineId: part.lineId, from: part.units, to: 0 });
  for (const part of after) {
    const from = steps.get(keyOf(part))?.from ?? 0;
    steps.set(keyOf(part), { ...bare(part), lineId: part.lineId, from, to: part.units });
  }
  return [...steps.values()].filter(({ from, to }) => from !== to);
}

/** Every line that units left for, or were said to: a correction takes the place of all that was said before. */
function linesOf(
  lines: readonly NamedLine[],
  before: readonly PlacedUnits[],
  after: readonly PlacedUnits[],
): OrderReport["lines"] {
  return lines.flatMap(({ lineId, sku, listing, quantity }) => {
    const its = after.filter((part) => part.lineId === lineId);
    if (its.length === 0 && !before.some((part) => part.lineId === lineId)) return [];
    const left = its.map((part) => ({ ...bare(part), units: part.units }));
    return [
      {
        lineId,
        ...(listing === null ? { sku: sku ?? "" } : { listing, ...(sku === null ? {} : { sku }) }),
        quantity,
        left,
      },
    ];
  });
}

function moreOf(steps: readonly Step[]): LeftPlan["more"] {
  const sums = new Map<string, Place & { units: Units }>();
  for (const { sku, location, from, to } of steps) {
    const key = placeKey({ sku, location });
    const sum = sums.get(key) ?? { sku, location, units: 0 };
    sums.set(key, { ...sum, units: sum.units + to - from });
  }
  return [...sums.values()].filter(({ units }) => units > 0);
}
