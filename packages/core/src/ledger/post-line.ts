import { claimLegs } from "./claim-legs.ts";
// Posting the claims of an order's lines under (possibly new) recipes: when a mapping arrives, and at an explicit remap.
import { EMPTY_CLAIM, claimOf } from "./claim.ts";
import { draft } from "./draft.ts";
import type { EntryDraft, Leg, RecordChange } from "./entry.ts";
import type { JsonObject } from "./json.ts";
import { mergeSources } from "./merged-facts.ts";
import type { ClaimLine, OrderRecord } from "./order-record.ts";
import type { Component } from "./records.ts";
import { heldFacts } from "./source-facts.ts";
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
    const posted = withRecipe(view, line, recipe, entry.now);
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
    changes: [...changes, { table: "order", record: { ...order, lines }, stateHash: null }],
  });
}

/** A line under a recipe, with the legs that bring its postings there. */
function withRecipe(
  view: LedgerView,
  line: ClaimLine,
  recipe: readonly Component[],
  occurredAt: Instant,
): { line: ClaimLine; legs: Leg[] } {
  const merged = mergeSources(line.sources, heldFacts);
  const { received } = line;
  const claim = merged === null ? EMPTY_CLAIM : claimOf(merged, recipe, received);
  const before = line.recipe === null ? null : { recipe: line.recipe, claim: line.posted, received };
  const legs = claimLegs(view, {
    lineId: line.lineId,
    before,
    after: { recipe, claim, received },
    occurredAt,
  });
  return { line: { ...line, recipe, posted: claim }, legs };
}
