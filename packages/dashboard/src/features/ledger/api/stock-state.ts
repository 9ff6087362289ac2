import type { SkuNumbers } from "../../../api/contract.ts";

/** How much of a SKU is left, in the words of the screen. */
export type StockState = "oversold" | "soldOut" | "lastUnits" | "inStock";

/** From this many units down a SKU reads "last units", until the server says where its end game begins. */
export const LAST_UNITS = 5;

export function stockState({ available }: Pick<SkuNumbers, "available">): StockState {
  if (available < 0) return "oversold";
  if (available === 0) return "soldOut";
  return available <= LAST_UNITS ? "lastUnits" : "inStock";
}
