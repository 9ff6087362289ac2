// How a listing's quantity comes from the pool, step by step, as sentences.
import type { ListingReason } from "../../../api/contract.ts";
import type { Language } from "../../../locales/language.tsx";

type Step = ListingReason["steps"][number];
type Words = Pick<Language, "t" | "format">;

/** One line per step; the last one ends at what the listing should show. */
export function reckoning(steps: readonly Step[], words: Words): readonly string[] {
  return steps.map((step) => stepText(step, words));
}

function stepText(step: Step, words: Words): string {
  const { t, format } = words;
  const units = (value: number | undefined) => format.units(value ?? 0);
  switch (step.step) {
    case "component":
      return componentText(step, words);
    case "scarcest":
      return t("why.scarcest", { sku: step.sku ?? "?", quantity: units(step.quantity) });
    case "cap":
      return t("why.cap", { limit: units(step.limit) });
    case "quota":
      return t("why.quota", { limit: units(step.limit) });
    case "channel_max":
      return t("why.channelMax", { limit: units(step.limit) });
    case "open_sales":
      return t("why.openSales", { units: step.units ?? 0, quantity: units(step.quantity) });
  }
}

/** What one pool carries: its available, less what is held back, cut to whole sales. */
function componentText(
  { sku = "?", available = 0, deployable = available, heldBack = 0, unitsPerSale = 1, sales = 0 }: Step,
  words: Words,
) {
  const { t, format } = words;
  const parts = [t("why.available", { sku, available: format.units(available) })];
  if (deployable < available) parts.push(t("why.deployable", { units: format.units(deployable) }));
  if (heldBack > 0) parts.push(t("why.heldBack", { units: format.units(heldBack) }));
  if (unitsPerSale > 1) parts.push(t("why.perSale", { units: format.units(unitsPerSale) }));
  // Where nothing was taken away, the result has been said.
  if (sales !== available) parts.push(t("why.sales", { sales: format.units(sales) }));
  return parts.join(", ");
}
