import type { Instant, Units } from "../ledger/units.ts";
import type { ListingView, PushProblem } from "./listing-view.ts";

/** What a reading says beside its number. */
export type DriftVerdict =
  /** Our write was accepted and did not take effect. */
  | "push_lost"
  /** Another number than we left there, and no sale explains it: somebody changed it, or the channel put units back. */
  | "edited";

/**
 * What is done about a drift, or proposed: `lower` and `raise` to what it should show, `push_again`, or `leave` it to whoever
 * edited it until they have looked. A listing that shows too much is always lowered; one that shows too little is raised only
 * once its orders prove that nobody bought what is missing, and only once within an hour.
 */
export type DriftFix = "lower" | "raise" | "push_again" | "leave";

export function driftFix(
  verdict: DriftVerdict,
  { observed, desired }: { readonly observed: Units; readonly desired: Units },
): DriftFix {
  if (observed === desired) return "leave";
  if (verdict === "push_lost") return "push_again";
  return observed > desired ? "lower" : "raise";
}

/** How a reading changes what is known of a listing. */
export interface Judgement {
  /** The write that was out has taken effect. */
  readonly isConfirmed: boolean;
  /** The write is still out: read again at this time. */
  readonly readAgainAt: Instant | null;
  readonly verdict: DriftVerdict | null;
  readonly problem: PushProblem | null;
}

/** A write that does not show yet is read back soon and then ever later: half as long again as it has been out. */
const READ_BACK = { firstMs: 300, longestMs: 60_000 };

export interface Reading {
  readonly quantity: Units;
  readonly notWritable: string | null;
  /** Just before it was asked for: whatever came later may not show in it. */
  readonly at: Instant;
  /** How long an accepted write may take until a reading shows it, in milliseconds. */
  readonly appliesWithinMs: number;
  readonly seq: number;
}

/** Compares a reading with what we left there. */
export function judgeReading(listing: ListingView, reading: Reading): Judgement {
  const { pushed, pushedAt, observed } = listing;
  const problem = problemOf(listing, reading);
  const base = { isConfirmed: false, readAgainAt: null, verdict: null, problem };
  if (pushed === null) {
    return observed === null || observed === reading.quantity
      ? base
      : withVerdict(base, listing, { expected: observed, reading });
  }
  if (reading.quantity === pushed) return { ...base, isConfirmed: true };
  const isNotYet =
    reading.quantity === observed || (reading.quantity > pushed && reading.quantity < (observed ?? 0));
  if (isNotYet && reading.at < (pushedAt ?? 0) + reading.appliesWithinMs) {
    return { ...base, readAgainAt: readAgainAt(listing, reading) };
  }
  if (reading.quantity === observed) return { ...base, verdict: "push_lost" };
  return withVerdict(base, listing, { expected: pushed, reading });
}

/** Once more at the very end, when the channel has had all the time it may take. */
function readAgainAt({ pushedAt }: ListingView, { at, appliesWithinMs }: Reading): Instant {
  const outMs = at - (pushedAt ?? at);
  const waitMs = Math.min(READ_BACK.longestMs, Math.max(READ_BACK.firstMs, outMs / 2));
  const endsAt = (pushedAt ?? at) + appliesWithinMs;
  return Math.round(Math.max(at + READ_BACK.firstMs, Math.min(at + waitMs, endsAt)));
}

function withVerdict(
  base: Judgement,
  listing: ListingView,
  { expected, reading }: { expected: Units; reading: Reading },
): Judgement {
  if (reading.quantity > expected) return { ...base, verdict: "edited" };
  // Where we want to show no more than that anyway, nobody has to wonder why it fell.
  if (reading.quantity >= listing.desired) return base;
  const message = `Shows ${reading.quantity} where ${expected} were left: waiting for the orders that explain it.`;
  const isGrave = base.problem?.code === "refused" || base.problem?.code === "unseen_sale";
  const problem = isGrave ? base.problem : { code: "unseen_sale" as const, message, at: reading.at };
  // Whether that is drift shows once its orders are known: then either desired has followed, or nobody bought it.
  return { ...base, problem };
}

/** What stays of the known problem after a reading. An unseen sale stays until its orders are known and the number is right; most failures are over. */
function problemOf(listing: ListingView, reading: Reading): PushProblem | null {
  const { problem } = listing;
  if (reading.notWritable !== null) {
    const { notWritable: message, at, seq } = reading;
    return { code: "refused", message, quantity: null, at, seq, times: 1 };
  }
  return isLasting(listing, reading) ? problem : null;
}

function isLasting({ problem, ordersKnownUntil, desired }: ListingView, { quantity }: Reading): boolean {
  switch (problem?.code) {
    case "unseen_sale":
      // Orders that are known and explain nothing: it stays until it is put right, so that it is put right knowingly.
      return (ordersKnownUntil ?? 0) < problem.at || quantity < desired;
    case "failing":
      return problem.kind === "conflict";
    case "held":
      // What would be written is no longer the same: whether that is held too is decided anew.
      return problem.quantity === desired;
    default:
      return false;
  }
}
