import type { AdjustmentReason } from "./keeper-fact.ts";

/** The first that is found decides: "damaged, found at cycle count" is damage. */
const WORDS: readonly (readonly [words: RegExp, reason: AdjustmentReason])[] = [
  [/damag|broken|defect/i, "damaged"],
  [/expir|shelf.?life|best.?before/i, "expired"],
  [/recall/i, "recall"],
  [/destr(?:oy|uct)|dispos|dump|donat|thrown/i, "destroyed"],
  [/cycle.?count|spot.?check|physical.?count|stock.?take|\bcounted?\b|\baudit/i, "cycle_count"],
  [/\blost\b|missing|shrink|stolen|theft/i, "lost"],
  [/\bfound\b|located|overage/i, "found"],
  [/releas\w* (?:from )?hold|off hold|unhold|unquarantin/i, "release_hold"],
  [/quarantin|\bhold\b|on.?hold/i, "hold"],
  [/\bkit(?:ting|ted|s)?\b|\bassembl|work order/i, "kitting"],
  [/transfer|replenish|\bmoved?\b|relocat/i, "transfer"],
  [/restock|\breturn/i, "return_restock"],
  [/receiv|purchase order|\bpo\b/i, "received"],
  [/correct|adjust|manual|edit|product page/i, "correction"],
];

/** What a keeper's own words about a change of stock come down to. */
export function reasonOfWords(words: string): AdjustmentReason {
  return WORDS.find(([found]) => found.test(words))?.[1] ?? "other";
}
