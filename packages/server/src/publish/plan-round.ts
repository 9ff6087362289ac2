import type { ListingView } from "@onepool/core/publish/listing-view.ts";
import { planPush, type PushPlan, urgencyOf } from "@onepool/core/publish/plan-push.ts";

import { desiredOf } from "../allocate/listing-pools.ts";
import type { OpenConnection } from "../connections/connection-registry.ts";
import type { PlannedListing } from "./lane-context.ts";
import type { DueListing, Rest } from "./listing-state-store.ts";

/** Calls to make, the most urgent first. */
export type LaneJob =
  | {
      readonly call: "push";
      readonly listing: PlannedListing;
      readonly quantity: number;
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

/** Decides for every due listing of a connection. */
export function planRound(
  open: OpenConnection,
  due: readonly DueListing[],
  ask: { readonly now: number; readonly ordersKnownUntil: number | null },
): Round {
  const planned = due.map((listing) => {
    const view = viewOf(open, listing, ask.ordersKnownUntil);
    return { listing: { due: listing, view }, plan: planPush(view, ask.now) };
  });
  return {
    rests: planned.flatMap(({ listing, plan }) => restOf(listing, plan)),
    notes: planned.flatMap(({ listing, plan }) => (plan.do === "note" ? [listing] : [])),
    jobs: jobsOf(planned, open.capability.readBatchSize),
    asksForOrders: planned.some(({ plan }) => plan.do === "wait" && plan.asksForOrders),
  };
}

/** Until the open sales of a `gross` channel are settled, their units are shown on top. */
function viewOf(
  { row, capability }: OpenConnection,
  due: DueListing,
  ordersKnownUntil: number | null,
): ListingView {
  return {
    mode: row.mode,
    desired: desiredOf(due, capability.quantityMax).quantity,
    updatedSeq: due.updatedSeq,
    observed: due.observed,
    observedAt: due.observedAt,
    readWantedAt: due.readWantedAt,
    pushed: due.pushed,
    pushedAt: due.pushedAt,
    problem: due.problem,
    attempts: due.attempts,
    ordersKnownUntil,
  };
}

function restOf({ due, view }: PlannedListing, plan: PushPlan): Rest[] {
  const { externalId, version } = due;
  if (plan.do === "wait") return [{ externalId, version, nextAt: plan.until, isSettled: false }];
  if (plan.do !== "rest") return [];
  const isSettled = view.mode !== "import" && view.observed === view.desired;
  return [{ externalId, version, nextAt: due.openSalesEndAt, isSettled }];
}

function jobsOf(
  planned: readonly { readonly listing: PlannedListing; readonly plan: PushPlan }[],
  readBatchSize: number,
): LaneJob[] {
  const jobs: LaneJob[] = [];
  const reads: { readonly listing: PlannedListing; readonly urgency: number }[] = [];
  for (const { listing, plan } of planned) {
    const urgency = urgencyOf(plan);
    if (plan.do === "push") jobs.push({ call: "push", listing, quantity: plan.quantity, urgency });
    else if (plan.do === "read") reads.push({ listing, urgency });
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
