// Why a listing shows what it shows: what it should show by the rule, what it was last known to show, and what stands between.
import type { Capability } from "@onepool/connectors/contract/capability.ts";
import {
  desiredQuantity,
  type AllocationStep,
  type ListingPolicy,
} from "@onepool/core/allocate/desired-quantity.ts";
import { listingPolicy } from "@onepool/core/allocate/listing-policy.ts";
import type { Instant, Units } from "@onepool/core/ledger/units.ts";
import { exposureOf } from "@onepool/core/publish/exposure.ts";
import { ordersKnownUntil } from "@onepool/core/publish/order-feed.ts";

import type { ListingNow } from "../../ledger/read/listing-now.ts";
import { poolNumbers } from "../../ledger/read/pool-numbers.ts";

export const LISTING_STATES = [
  "unmanaged",
  "import",
  "shadow",
  "unread",
  "pushing",
  "refused",
  "failing",
  "unseen_sale",
  "held",
  "drift",
  "shown",
] as const;

/**
 * unmanaged: no connector pushes to this channel. import, shadow: the connection is not live. unread: nobody knows yet what
 * it shows. pushing: a write is on its way. refused, failing, unseen_sale, held: why it does not show what it should. drift: it
 * shows something else, and nothing is on its way. shown: it shows what it should.
 */
export type ListingState = (typeof LISTING_STATES)[number];

export interface ListingStatus {
  readonly desired: Units;
  readonly exposure: Units | null;
  readonly state: ListingState;
  readonly policy: ListingPolicy;
  /** The reckoning of desired, step by step. */
  readonly steps: readonly AllocationStep[];
}

/** `capability`: of the connection's kind; null where no connector knows it. */
export function listingStatus(
  listing: ListingNow,
  capability: Capability | null,
  now: Instant,
): ListingStatus {
  const policy = listingPolicy(listing.settings);
  const openSales = openSalesOf(listing, capability, now);
  const components = listing.pools.map(({ sku, units, deployable, balances }) => ({
    sku,
    unitsPerSale: units,
    available: poolNumbers(balances).available,
    deployable,
  }));
  const channelMax = capability?.quantityMax ?? null;
  const { quota, heldBack } = listing;
  const { quantity, steps } = desiredQuantity({ components, policy, channelMax, openSales, quota, heldBack });
  return {
    desired: quantity,
    exposure: exposureOf({ ...listing, openSales, ordersKnownUntil: ordersKnownUntil(listing) }),
    state: stateOf(listing, capability, quantity),
    policy,
    steps,
  };
}

/** Nothing is pushed before the connection's orders are imported up to now. */
function isImporting({ mode, completeAt }: Pick<ListingNow, "mode" | "completeAt">): boolean {
  return mode === "live" && completeAt === null;
}

/** Units in orders that the channel will still take off its own number; those that stay open too long are not believed. */
function openSalesOf(listing: ListingNow, capability: Capability | null, now: Instant): Units {
  if (capability?.quantityBasis !== "gross") return 0;
  const since = now - capability.ownOrderSettlesMs;
  return listing.openSales.reduce((sum, sale) => (sale.openedAt > since ? sum + sale.units : sum), 0);
}

function stateOf(listing: ListingNow, capability: Capability | null, desired: Units): ListingState {
  if (capability === null) return "unmanaged";
  if (listing.mode !== "live") return listing.mode;
  if (listing.problem !== null) return listing.problem.code;
  if (listing.pushed !== null) return "pushing";
  if (listing.observed === null) return "unread";
  if (listing.observed === desired) return "shown";
  return isImporting(listing) ? "held" : "drift";
}
