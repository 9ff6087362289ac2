import type { Instant } from "@onepool/core/ledger/units.ts";

import type { DueListing } from "./due-store.ts";

/**
 * When a listing that shows what it should, by a reading asked for at `readAt`, is looked at again although nothing moved:
 * an open sale is no longer counted then, or a write that was overtaken can no longer land. Null: never.
 */
export function lookAgainAt(
  { overtakenUntil, openSalesEndAt }: Pick<DueListing, "overtakenUntil" | "openSalesEndAt">,
  readAt: Instant,
): Instant | null {
  if (overtakenUntil === null || overtakenUntil <= readAt) return openSalesEndAt;
  return Math.min(overtakenUntil, openSalesEndAt ?? Infinity);
}
