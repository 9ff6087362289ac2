import { livePace } from "@onepool/core/allocate/demand.ts";
import type { ExposureView } from "@onepool/core/publish/exposure.ts";
import type { ListingView } from "@onepool/core/publish/listing-view.ts";
import { planPush, type PushPlan } from "@onepool/core/publish/plan-push.ts";
import { urgencyOf } from "@onepool/core/publish/urgency.ts";

import { desiredOf } from "../allocate/listing-pools.ts";
import type { OpenConnection } from "../connections/connection-registry.ts";
import type { DueListing } from "./due-store.ts";
import type { PlannedListing } from "./lane-context.ts";
import type { Rest } from "./listing-state-store.ts";
import { lookAgainAt } from "./look-again.ts";

/** Calls to make, the most urgent first. */
export type LaneJob =
  | {
      readonly call: "push";
      readonly listing: PlannedListing;
      readonly quantity: number;
      readonly direction: "stop" | "lower" | "raise";
      readonly urgency: number;
    }
  | { readonly call: "read"; readonly listings: readonly PlannedListing[]; readonly urgency: number };

/** What a round of one connection comes to. */
export interface Round {
  readonly rests: readonly Rest[];
  /** Shadow: what would be pushed. */
  readonly notes: readonly PlannedListing[];
  readonly jobs: readonly LaneJob[];
  readonly asksForOrders: boolean;
}

/** How far the connection's orders have come, as of the round's beginning. */
export interface RoundFeed {
  readonly now: number;
  readonly ordersKnownUntil: number | null;
  readonly isFeedStale: boolean;
}

/** Decides for every due listing of a connection. */
export function planRound(open: OpenConnection, due: readonly DueListing[], feed: RoundFeed): Round {
  const planned = due.map((listing) => {
    const view = viewOf(open, listing, feed);
    const exposure = exposureViewOf(listing, feed.ordersKnownUntil);
    return { listing: { due: listing, view, exposure }, plan: planPush(view, feed.now) };
  });
  return {
    rests: planned.flatMap(({ listing, plan }) => restOf(listing, plan)),
    notes: planned.flatMap(({ listing, plan }) => (plan.do === "note" ? [listing] : [])),
    jobs: jobsOf(planned, open.capability.readBatchSize),
    asksForOrders: planned.some(({ plan }) => plan.do === "wait" && plan.asksForOrders),
  };
}

/** Until the open sales of a `gross` channel are settled, their units are shown on top. */
function viewOf({ row, capability }: OpenConnection, due: DueListing, feed: RoundFeed): ListingView {
  return {
    mode: row.mode,
    desired: desiredOf(due, capability.quantityMax).quantity,
    updatedSeq: due.updatedSeq,
    seq: due.seq,
    pace: livePace(due.sold, feed.now),
    isDealt: due.quota !== null,
    comparesWrites: capability.compareAndSet && (due.channelVersion !== null || due.pushed !== null),
    observed: due.observed,
    observedAt: due.observedAt,
    readWantedAt: due.readWantedAt,
    pushed: due.pushed,
    pushedAt: due.pushedAt,
    overtakenUntil: due.overtakenUntil,
    problem: due.problem,
    attempts: due.attempts,
    ordersKnownUntil: feed.ordersKnownUntil,
    isFeedStale: feed.isFeedStale,
    mendedAt: due.mendedAt,
  };
}

function exposureViewOf(due: DueListing, ordersKnownUntil: number | null): ExposureView {
  const { observed, observedAt, observedUntil, pushed, overtakenUntil, ownSold, reach, openSales } = due;
  return {
    observed,
    observedAt,
    observedUntil,
    pushed,
    overtakenUntil,
    ownSold,
    reach,
    openSales,
    ordersKnownUntil,
  };
}

function restOf({ due, view }: PlannedListing, plan: PushPlan): Rest[] {
  const { externalId, version } = due;
  if (plan.do !== "wait" && plan.do !== "rest") return [];
  const why = plan.problem === undefined ? {} : { problem: plan.problem };
  if (plan.do === "wait") return [{ externalId, version, nextAt: plan.until, isSettled: false, ...why }];
  const isSettled = view.mode !== "import" && view.observed === view.desired;
  return [{ externalId, version, nextAt: lookAgainAt(due, due.observedAt ?? 0), isSettled, ...why }];
}

function jobsOf(
  planned: readonly { readonly listing: PlannedListing; readonly plan: PushPlan }[],
  readBatchSize: number,
): LaneJob[] {
  const jobs: LaneJob[] = [];
  const reads: { readonly listing: PlannedListing; readonly urgency: number }[] = [];
  for (const { listing, plan } of planned) {
    const urgency = urgencyOf(plan, listing.view);
    if (plan.do === "push") {
      const { quantity, direction } = plan;
      jobs.push({ call: "push", listing, quantity, direction, urgency });
    }
    if (plan.do === "read") reads.push({ listing, urgency });
  }
  reads.sort((left, right) => left.urgency - right.urgency);
  for (let start = 0; start < reads.length; start += readBatchSize) {
    const batch = reads.slice(start, start + readBatchSize);
    jobs.push({
      call: "read",
      listings: batch.map(({ listing }) => listing),
      urgency: batch[0]?.urgency ?? 0,
    });
  }
  return jobs.toSorted((left, right) => left.urgency - right.urgency);
}
