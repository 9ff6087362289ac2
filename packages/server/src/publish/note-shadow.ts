import type { Observation } from "@onepool/core/observe/observation.ts";

import type { LaneContext, PlannedListing } from "./lane-context.ts";
import { lastNotes, restListings } from "./listing-state-store.ts";

/** Writes down what would be pushed, where that is not what was written down last. */
export async function noteShadowPushes(
  lane: LaneContext,
  listings: readonly PlannedListing[],
): Promise<void> {
  if (listings.length === 0) return;
  const known = await lastNotes(
    lane.pool,
    lane,
    listings.map(({ due }) => due.externalId),
  );
  const notes = listings.flatMap(({ due, view }): Observation[] => {
    const { externalId, observed } = due;
    if (known.get(externalId) === `${view.desired}/${observed}`) return [];
    const { connection } = lane;
    return [{ connection, externalId, kind: "would_push", body: { quantity: view.desired, observed } }];
  });
  // Before the rests: a crash between the two notes something twice, never not at all.
  if (notes.length > 0) await lane.observations.record(lane.sellerId, () => Promise.resolve(notes));
  const rests = listings.map(({ due }) => ({
    externalId: due.externalId,
    version: due.version,
    nextAt: due.openSalesEndAt,
    isSettled: false,
  }));
  await restListings(lane.pool, lane, rests);
}
