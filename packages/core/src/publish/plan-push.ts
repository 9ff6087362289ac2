import type { Instant, Units } from "../ledger/units.ts";
import type { HeldBack, HoldReason, ListingView, PushProblem } from "./listing-view.ts";

/** What to do with one listing now. Level-triggered: follows from what is known, never from what happened. */
export type PushPlan =
  /** It shows what it should, or nothing may be done: wait for something to change. `problem`: why it rests. */
  | { readonly do: "rest"; readonly problem?: PushProblem }
  /** Read what it shows before anything else. `isUrgent`: it may show too much. */
  | { readonly do: "read"; readonly isUrgent: boolean }
  | { readonly do: "push"; readonly quantity: Units; readonly direction: "stop" | "lower" | "raise" }
  /** Shadow: note what would be pushed. */
  | { readonly do: "note"; readonly quantity: Units }
  /** Look again at `until`; `asksForOrders`: the channel's orders have to be polled meanwhile. */
  | {
      readonly do: "wait";
      readonly until: Instant;
      readonly asksForOrders: boolean;
      readonly problem?: PushProblem;
    };

/** A raise needs a reading no older than this, in milliseconds: a sale that we have not heard of shows in it. */
const FRESH_MS = 10_000;

/** News of a sale usually follows its effect within this long, in milliseconds; only then orders are polled for. */
const NEWS_MS = 2_000;

/** How often a raise that waits for orders is looked at, in milliseconds. */
const ORDERS_WAIT_MS = 1_000;

/** A raise that waits for the feed is woken when it is complete again; this is the floor, in milliseconds. */
const FEED_WAIT_MS = 10_000;

/** A refused listing whose quantity moves on is tried again after this long, doubling up to an hour. In milliseconds. */
const FIRST_RETRY_MS = 5_000;
const LONGEST_RETRY_MS = 3_600_000;

/** After so many conflicts in a row a take goes out unconditionally: showing too much is worse than losing a sale's trace. */
const CONFLICTS_MAX = 5;

/**
 * A number that was lowered by hand is put right once its orders prove that nobody bought what is missing. Whoever lowers it
 * again within this long means it: it is left alone and shown. In milliseconds.
 */
const HAND_EDIT_MS = 3_600_000;

export function planPush(listing: ListingView, now: Instant): PushPlan {
  if (listing.mode === "import") return { do: "rest" };
  if (listing.mode === "shadow") return planShadow(listing);
  if (listing.problem?.code === "refused") {
    const standing = planRefused(listing, listing.problem, now);
    if (standing !== null) return standing;
  }
  return listing.pushed === null ? planKnown(listing, now) : planUnconfirmed(listing, listing.pushed);
}

function planShadow(listing: ListingView): PushPlan {
  if (isStale(listing)) return { do: "read", isUrgent: false };
  return listing.observed === listing.desired ? { do: "rest" } : { do: "note", quantity: listing.desired };
}

/** Null when the refusal no longer stands in the way. */
function planRefused(
  listing: ListingView,
  refusal: PushProblem & { readonly code: "refused" },
  now: Instant,
): PushPlan | null {
  if (listing.updatedSeq > refusal.seq) return null;
  if ((listing.readWantedAt ?? 0) > refusal.at)
    return isStale(listing) ? { do: "read", isUrgent: false } : null;
  if (refusal.quantity === null || refusal.quantity === listing.desired) return { do: "rest" };
  const waitMs = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(refusal.times - 1, 20));
  const until = refusal.at + waitMs;
  return now < until ? { do: "wait", until, asksForOrders: false } : null;
}

/**
 * A write is out whose effect is not known. It is read back; only a take does not wait for that. Where writes are compared, it
 * waits for the reading: without one it would set the number blindly.
 */
function planUnconfirmed(listing: ListingView, pushed: Units): PushPlan {
  const { desired, observed } = listing;
  const read = { do: "read", isUrgent: desired < pushed } as const;
  if (listing.comparesWrites && listing.attempts === 0) return read;
  const readSince = isReadSinceWrite(listing) ? observed : null;
  if (readSince === desired && !isStale(listing)) return { do: "rest" };
  // In the end game nothing but a stop may follow a write whose effect nobody knows: the reading says whether it has to.
  if (listing.isDealt && desired > 0 && listing.attempts === 0) return read;
  return desired < pushed && (readSince ?? Infinity) > desired ? push(listing, "lower") : read;
}

function isReadSinceWrite({ observedAt, pushedAt }: ListingView): boolean {
  return (observedAt ?? 0) > (pushedAt ?? 0);
}

function planKnown(listing: ListingView, now: Instant): PushPlan {
  const { desired, observed } = listing;
  if (isToBeChecked(listing, now)) return { do: "read", isUrgent: true };
  // The channel lowers its own number at its own sale: reading first saves a write that would undo the next one. If the
  // reading fails, the take goes out without it.
  if (observed === null || (isStale(listing) && (listing.attempts === 0 || isRepeatable(listing)))) {
    return { do: "read", isUrgent: observed !== null && desired < observed };
  }
  if (desired < observed) return push(listing, "lower");
  if (isStale(listing)) return { do: "read", isUrgent: false };
  return desired === observed ? { do: "rest" } : planRaise(listing, now);
}

/** A write that was overtaken can no longer land: only now a reading tells what has come of it. */
function isToBeChecked({ observedAt, overtakenUntil }: ListingView, now: Instant): boolean {
  return overtakenUntil !== null && now >= overtakenUntil && (observedAt ?? 0) < overtakenUntil;
}

/** The number moved on while we wrote: read it and decide again, but not for ever. */
function isRepeatable({ problem }: ListingView): boolean {
  return problem?.code === "failing" && problem.kind === "conflict" && (problem.times ?? 0) < CONFLICTS_MAX;
}

function planRaise(listing: ListingView, now: Instant): PushPlan {
  const waiting = planUnseen(listing, now);
  if (waiting !== null) return waiting;
  if (listing.isFeedStale) {
    const until = now + FEED_WAIT_MS;
    return { do: "wait", until, asksForOrders: true, problem: held(listing, "feed_stale", now) };
  }
  if (now - (listing.observedAt ?? 0) > FRESH_MS) return { do: "read", isUrgent: false };
  return push(listing, "raise");
}

/** Null when nothing is unseen, or all is known and nobody bought what is missing: then it is put right, once. */
function planUnseen(listing: ListingView, now: Instant): PushPlan | null {
  const { problem, ordersKnownUntil, mendedAt } = listing;
  if (problem?.code === "held" && problem.why === "hand_edit")
    return listing.updatedSeq > problem.seq ? null : { do: "rest" };
  if (problem?.code !== "unseen_sale") return null;
  if ((ordersKnownUntil ?? 0) < problem.at) {
    const isLate = now >= problem.at + NEWS_MS;
    return { do: "wait", until: isLate ? now + ORDERS_WAIT_MS : problem.at + NEWS_MS, asksForOrders: isLate };
  }
  const isAgain = now - (mendedAt ?? -Infinity) < HAND_EDIT_MS;
  return isAgain ? { do: "rest", problem: held(listing, "hand_edit", now) } : null;
}

function push(listing: ListingView, direction: "lower" | "raise"): PushPlan {
  // What may show too much and cannot be read is stopped in the end game: a smaller number might offer what was just sold.
  if (listing.isDealt && direction === "lower" && listing.attempts > 0)
    return { do: "push", quantity: 0, direction: "stop" };
  return { do: "push", quantity: listing.desired, direction: listing.desired === 0 ? "stop" : direction };
}

function isStale({ observedAt, readWantedAt }: ListingView): boolean {
  return observedAt === null || (readWantedAt ?? 0) > observedAt;
}

const HOLD_MESSAGES: Readonly<Record<HoldReason, string>> = {
  feed_stale:
    "Waits: the channel's orders are not known to be complete, and a raise might offer what is sold.",
  end_game: "Waits until the units are taken elsewhere, and until that is certain.",
  braked: "Held by the brake: too many listings would stop within an hour. Release it on the connection.",
  hand_edit: "Lowered by hand again after it was put right: left alone until the listing is saved again.",
};

/** Why a write is not sent, for people; a reason that stands already keeps its time. */
export function held(
  { desired, seq, problem }: Pick<ListingView, "desired" | "seq" | "problem">,
  why: HoldReason,
  now: Instant,
): HeldBack {
  const at = problem?.code === "held" && problem.why === why ? problem.at : now;
  return { code: "held", why, message: HOLD_MESSAGES[why], quantity: desired, at, seq };
}
