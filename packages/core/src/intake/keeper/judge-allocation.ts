import type { Units } from "../../ledger/units.ts";

/** How often in a row a keeper had another number of units promised to orders than it was given orders for. */
export interface AllocationCheck {
  /** What we gave it orders for and what has not left; null where that is not known. */
  readonly ours: Units | null;
  readonly strikes: number;
}

/** From so many on it is said: a single difference is an order under way between the two. */
export const ALLOCATION_STRIKES = 2;

/** A keeper's allocated units are a check, never a source (snapshot rule 5). The same difference has to stand to count. */
export function checkAllocation(
  told: Units | null,
  ours: Units | null,
  before: { readonly told: Units | null; readonly check: AllocationCheck } | null,
): AllocationCheck {
  if (told === null || ours === null || told === ours) return { ours, strikes: 0 };
  const differed =
    before === null || before.told === null || before.check.ours === null
      ? null
      : before.told - before.check.ours;
  return { ours, strikes: differed === told - ours ? (before?.check.strikes ?? 0) + 1 : 1 };
}
