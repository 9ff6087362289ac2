import type { EntryDraft } from "./entry.ts";
import type { OrderRecord } from "./order-record.ts";
import { postRecipes } from "./post-line.ts";
import type { Component, UnmappedLine } from "./records.ts";
import type { Instant } from "./units.ts";
import type { LedgerView } from "./view.ts";

/** Posts the lines that waited for a mapping, one entry per order. A line mapped by its other name meanwhile is left alone. */
export function postWaiting(
  view: LedgerView,
  waiting: readonly UnmappedLine[],
  recipe: readonly Component[],
  now: Instant,
): EntryDraft[] {
  const byOrder = new Map<OrderRecord, string[]>();
  for (const { channel, orderId, lineId } of waiting) {
    const order = view.order(channel, orderId);
    const line = order?.lines.find((candidate) => candidate.lineId === lineId);
    if (order === null || line === undefined || line.recipe !== null) continue;
    byOrder.set(order, [...(byOrder.get(order) ?? []), lineId]);
  }
  return [...byOrder].map(([order, lineIds]) => {
    const recipes = lineIds.map((lineId) => ({ lineId, recipe }));
    return postRecipes(view, order, recipes, { kind: "mapped", now });
  });
}
