import type { Capability } from "@onepool/connectors/contract/capability.ts";
import type { Instant } from "@onepool/core/ledger/units.ts";
import type { z } from "zod";

import type { ListingNow } from "../../ledger/read/listing-now.ts";
import type { listingExplained, listingShownAnswer } from "../schema/answers.ts";
import { instantText } from "./instant-text.ts";
import { listingStatus, type ListingStatus } from "./listing-status.ts";

/** What turning listings into answers needs to know beside them. */
export interface ListingContext {
  capabilityOf(kind: string): Capability | null;
  readonly now: Instant;
}

/** Held back without a problem of its own. */
const WAITS_FOR_IMPORT = "Waits until the orders of its channel are imported up to now.";

/** What a listing shows, in short. */
export function shownListing(
  listing: ListingNow,
  context: ListingContext,
): z.output<typeof listingShownAnswer> {
  return shown(listing, listingStatus(listing, context.capabilityOf(listing.kind), context.now));
}

/** What a listing shows and why. */
export function explainedListing(
  listing: ListingNow,
  context: ListingContext,
): z.output<typeof listingExplained> {
  const status = listingStatus(listing, context.capabilityOf(listing.kind), context.now);
  const { title } = listing.settings;
  return {
    ...shown(listing, status),
    title: typeof title === "string" ? title : null,
    components: listing.pools.map(({ sku, units }) => ({ sku, units })),
    policy: status.policy,
    steps: [...status.steps],
    observedAt: instantText(listing.observedAt),
    pushedAt: instantText(listing.pushedAt),
    pushedSeq: listing.pushedSeq,
  };
}

function shown(listing: ListingNow, status: ListingStatus): z.output<typeof listingShownAnswer> {
  const { connection, externalId, mode, observed, confirmedAt, pushed, problem } = listing;
  const { quota, expectedOversold } = listing;
  const { desired, exposure, state } = status;
  return {
    connection,
    externalId,
    mode,
    desired,
    observed,
    exposure,
    quota,
    expectedOversold,
    state,
    problem: problem?.message ?? (state === "held" ? WAITS_FOR_IMPORT : null),
    confirmedAt: instantText(confirmedAt),
    pushed,
  };
}
