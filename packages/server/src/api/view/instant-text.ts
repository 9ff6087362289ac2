import type { Instant } from "@onepool/core/ledger/units.ts";

/** An instant as ISO 8601 in UTC; null stays null. */
export function instantText(instant: Instant): string;
export function instantText(instant: Instant | null): string | null;
export function instantText(instant: Instant | null): string | null {
  return instant === null ? null : new Date(instant).toISOString();
}
