// What going live would do to a listing: what it shows, what it would be set to, and why.
import type { Capability } from "@onepool/connectors/contract/capability.ts";
import type { AllocationStep } from "@onepool/core/allocate/desired-quantity.ts";
import type { Units } from "@onepool/core/ledger/units.ts";

import { desiredOf } from "../../allocate/listing-pools.ts";
import type { ComparedListing } from "../../observe/preview-store.ts";

export const LISTING_EFFECTS = ["same", "rises", "falls", "to_zero", "unread", "refused"] as const;

/**
 * same: it shows what it would be set to. rises, falls, to_zero: its number changes. unread: nobody knows yet what it shows.
 * refused: the channel takes no quantity there.
 */
export type ListingEffect = (typeof LISTING_EFFECTS)[number];

export interface ListingChange {
  readonly desired: Units;
  /** Desired less observed; null while nobody knows what it shows. */
  readonly change: Units | null;
  readonly effect: ListingEffect;
  /** What the channel says, where it refuses. */
  readonly reason: string | null;
  readonly steps: readonly AllocationStep[];
}

/** `capability`: null where no connector speaks to the channel, and nothing limits it. */
export function listingChange(listing: ComparedListing, capability: Capability | null): ListingChange {
  const { observed, problem } = listing;
  const { quantity: desired, steps } = desiredOf(listing, capability?.quantityMax ?? Number.MAX_SAFE_INTEGER);
  const change = observed === null ? null : desired - observed;
  const reason = problem?.code === "refused" ? problem.message : null;
  return { desired, change, effect: effectOf({ desired, change, reason }), reason, steps };
}

function effectOf({
  desired,
  change,
  reason,
}: Pick<ListingChange, "desired" | "change" | "reason">): ListingEffect {
  if (change === 0) return "same";
  if (reason !== null) return "refused";
  if (change === null) return "unread";
  if (change > 0) return "rises";
  return desired === 0 ? "to_zero" : "falls";
}
