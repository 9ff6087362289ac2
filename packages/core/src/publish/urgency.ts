import { demandBeyond, demandDuring } from "../allocate/demand.ts";
import type { ListingView } from "./listing-view.ts";
import type { PushPlan } from "./plan-push.ts";

/** How long a call may have to wait when calls are scarce, in milliseconds: what sells meanwhile is at risk. */
const QUEUE_MS = 60_000;

/** A listing that never sold is still looked at by what it shows too much: one sale in 30 days. */
const FAINT_RATE = 1 / (30 * 24 * 3_600_000);

/** One kind of work lies this far from the next. */
const STEP = 1_000;

/**
 * The order in which calls go out when they are scarce, the smallest first: stops, then other takes, each by the units that
 * are expected to be sold twice without it; then readings of what may show too much, other readings, and raises last.
 */
export function urgencyOf(plan: PushPlan, listing: ListingView): number {
  if (plan.do === "push") {
    if (plan.direction === "stop") return withinStep(0, avoided(listing));
    if (plan.direction === "lower") return withinStep(1, avoided(listing));
    return withinStep(4, listing.pace.rate * QUEUE_MS);
  }
  if (plan.do === "read") return withinStep(plan.isUrgent ? 2 : 3, avoided(listing));
  return 5 * STEP;
}

/** From here on a call takes nothing back: a raise. */
export const RAISES_FROM = 4 * STEP;

/** Units that would be sold beyond what the listing should show, while the call waits; never beyond what it may show now. */
function avoided({ observed, pushed, desired, pace }: ListingView): number {
  const shown = Math.max(observed ?? 0, pushed ?? 0);
  if (shown <= desired) return 0;
  const { rate, orderRate, squareRate } = pace;
  const faint = {
    rate: Math.max(rate, FAINT_RATE),
    orderRate: Math.max(orderRate, FAINT_RATE),
    squareRate: Math.max(squareRate, FAINT_RATE),
  };
  const demand = demandDuring(faint, QUEUE_MS);
  const beyond = demandBeyond(demand, desired) - demandBeyond(demand, shown);
  // Of two that hardly sell, the one that shows more too much is the worse.
  return beyond + (shown - desired) * 1e-300;
}

/** More comes earlier, on a logarithmic scale within the step: a double has no room for a linear one. */
function withinStep(step: number, weight: number): number {
  const depth = weight > 0 ? Math.min(STEP - 1, Math.max(0, 250 - Math.log(weight))) : STEP - 1;
  return step * STEP + depth;
}
