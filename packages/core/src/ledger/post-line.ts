// Posting the claims of an order's lines under (possibly new) recipes: when a mapping arrives, and at an explicit remap.
import { draft } from "./draft.ts";
import type { EntryDraft, Leg, RecordChange } from "./entry.ts";
import type { JsonObject } from "./json.ts";
import { postLine } from "./line-posting.ts";
import type { OrderRecord } from "./order-record.ts";
import { statusOf } from "./order-status.ts";
import type { Component } from "./records.ts";
import type { Instant } from "./units.ts";
import { stopWaiting } from "./unmapped.ts";
import type { LedgerView } from "./view.ts";

export interface LineRecipe {
  readonly lineId: string;
  readonly recipe: readonly Component[];
}

/** The entry that posts lines of one order under new recipes, in full, and takes back what stood under the old ones. */
export function postRecipes(
  view: LedgerView,
  order: OrderRecord,
  recipes: readonly LineRecipe[],
  entry: { kind: "mapped" | "remap"; now: Instant },
): EntryDraft {
  const byLine = new Map(recipes.map(({ lineId, recipe }) => [lineId, recipe] as const));
  const legs: Leg[] = [];
  const changes: RecordChange[] = [];
  const lines = order.lines.map((line) => {
    const recipe = byLine.get(line.lineId);
    if (recipe === undefined) return line;
    if (line.recipe === null) changes.push(...stopWaiting(view, order.channel, order.orderId, line));
    const { channel } = order;
    const posted = postLine(view, { channel, before: line, after: line, recipe, occurredAt: entry.now });
    legs.push(...posted.legs);
    return posted.line;
  });
  const { channel, orderId } = order;
  const body = { lines: recipes } as unknown as JsonObject;
  return draft({
    kind: entry.kind,
    occurredAt: entry.now,
    channel,
    orderId,
    body,
    legs,
    changes: [
      ...changes,
      { table: "order", record: { ...order, lines, status: statusOf(lines) }, stateHash: null },
    ],
  });
}
