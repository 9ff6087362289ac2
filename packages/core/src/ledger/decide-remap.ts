import type { RemapOrder } from "./command.ts";
import { refuse } from "./draft.ts";
import type { Decision } from "./entry.ts";
import { sameJson } from "./merge-json.ts";
import type { ClaimLine, OrderRecord } from "./order-record.ts";
import { withOversoldAlerts } from "./oversold.ts";
import { postRecipes, type LineRecipe } from "./post-line.ts";
import { addUp, resolveRecipe } from "./recipe.ts";
import type { Component } from "./records.ts";
import type { Instant } from "./units.ts";
import type { LedgerView } from "./view.ts";

/** A wrong or missing recipe is mended: what stood under the old one is taken back, the new one is posted in full. */
export function decideRemap(view: LedgerView, command: RemapOrder, now: Instant): Decision {
  const order = view.order(command.channel, command.orderId);
  if (order === null)
    return refuse("unknown_order", "orderId", `There is no order ${command.orderId} of ${command.channel}.`);
  const recipes: LineRecipe[] = [];
  for (const [index, asked] of (command.lines ?? order.lines.map(({ lineId }) => ({ lineId }))).entries()) {
    const line = order.lines.find(({ lineId }) => lineId === asked.lineId);
    if (line === undefined)
      return refuse(
        "unknown_line",
        `lines.${index}.lineId`,
        `Order ${order.orderId} has no line ${asked.lineId}.`,
      );
    const found = newRecipe(view, order, line, {
      index,
      components: "components" in asked ? asked.components : undefined,
    });
    if ("ok" in found) return found;
    if (!sameJson(found.recipe, line.recipe)) recipes.push({ lineId: line.lineId, recipe: found.recipe });
  }
  if (recipes.length === 0) return { ok: true, seq: order.seen.at(-1)?.[1] ?? 0, answer: {} };
  return {
    ok: true,
    entries: withOversoldAlerts(view, [postRecipes(view, order, recipes, { kind: "remap", now })]),
    answer: {},
  };
}

function newRecipe(
  view: LedgerView,
  order: OrderRecord,
  line: ClaimLine,
  asked: { index: number; components: readonly Component[] | undefined },
): { recipe: readonly Component[] } | (Decision & { ok: false }) {
  const { index, components } = asked;
  if (components === undefined) {
    const recipe = resolveRecipe(view, order.channel, line);
    if (recipe !== null) return { recipe };
    return refuse(
      "unknown_listing",
      `lines.${index}`,
      `Line ${line.lineId} names nothing known: map its listing, or give its components.`,
    );
  }
  const unknown = components.findIndex(({ sku }) => view.sku(sku) === null);
  if (unknown >= 0)
    return refuse(
      "unknown_sku",
      `lines.${index}.components.${unknown}.sku`,
      `There is no SKU ${components[unknown]?.sku}: create it first.`,
    );
  if (components.length === 0)
    return refuse("invalid_field", `lines.${index}.components`, "A recipe has at least one component.");
  return { recipe: addUp(components) };
}
