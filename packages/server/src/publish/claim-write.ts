import { isSettled } from "@onepool/core/publish/exposure.ts";
import { exposedAfter, mayWrite, type PoolWrite } from "@onepool/core/publish/may-write.ts";
import { held } from "@onepool/core/publish/plan-push.ts";

import { lockDeal, type ScarceListing, type ScarceOf, readScarceOf } from "../allocate/scarce-listings.ts";
import { withhold } from "../allocate/withhold.ts";
import { inTransaction } from "../connections/in-transaction.ts";
import { type Claim, claimForPush } from "./claim-store.ts";
import type { LaneContext, PlannedListing } from "./lane-context.ts";
import { restListings } from "./listing-state-store.ts";

/** How soon a write that waits for others to be taken is looked at again, in milliseconds; their own moves wake it sooner. */
const GIVE_WAIT_MS = 1_000;

/**
 * Claims a listing for a write. While its pools are in the end game, whatever is not a stop is checked under the seller's
 * lock: no two writes that fit one by one can go out together and not fit. What it offers is withheld from reservations
 * before it goes out, unless one of them was faster. Null when it may not be written now.
 */
export async function claimWrite(
  lane: LaneContext,
  { due, view }: PlannedListing,
  push: Parameters<typeof claimForPush>[2] & { readonly isCompared: boolean },
): Promise<Claim | null> {
  if (due.quota === null || push.quantity === 0) return claimForPush(lane.pool, lane, push);
  const key = listingKey(lane.connection, due.externalId);
  const claimed = await inTransaction(lane.pool, async (client) => {
    await lockDeal(client, lane.sellerId);
    const scarce = await readScarceOf(client, lane, { externalId: due.externalId, now: push.now });
    const isAllowed = await mayOffer(lane, scarce, { ...push, key });
    if (!isAllowed) return { claim: null, waitsFor: scarce.listings };
    return { claim: await claimForPush(client, lane, push), waitsFor: null };
  });
  if (claimed.waitsFor === null) {
    // What was withheld for it is given back.
    if (claimed.claim === null) lane.onScarceMoved();
    return claimed.claim;
  }
  const { externalId, version } = due;
  const problem = held(view, "end_game", push.now);
  const nextAt = push.now + GIVE_WAIT_MS;
  await restListings(lane.pool, lane, [{ externalId, version, nextAt, isSettled: false, problem }]);
  // What was dealt no longer fits what the listings show.
  lane.onScarceMoved();
  lane.onOrdersWanted(unsettledOf(claimed.waitsFor));
  lane.wakeIn(GIVE_WAIT_MS);
  return null;
}

/** Whether all exposures fit with this write's, reservations made meanwhile included. Under the deal's lock. */
async function mayOffer(
  { ledger, sellerId }: LaneContext,
  { pools, withheld, listings }: ScarceOf,
  write: PoolWrite,
): Promise<boolean> {
  if (!mayWrite(pools, listings, write)) return false;
  const raises = [...exposedAfter([...pools.keys()], listings, write)].flatMap(([sku, units]) => {
    const was = withheld.get(sku) ?? 0;
    return units > was ? [{ sku, units, was, as: "request" as const }] : [];
  });
  return withhold(ledger, sellerId, raises);
}

/** Connections whose orders have to be complete before it is certain what may still be sold there. */
function unsettledOf(listings: readonly ScarceListing[]): string[] {
  const unsettled = listings.filter(({ exposure }) => !isSettled(exposure));
  return [...new Set(unsettled.map(({ connection }) => connection))];
}

/** A listing's key among those of all connections. */
function listingKey(connection: string, externalId: string): string {
  return `${connection} ${externalId}`;
}
