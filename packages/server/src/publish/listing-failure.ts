import type { ConnectorError } from "@onepool/connectors/contract/connector-error.ts";
import { backoffMs } from "@onepool/core/intake/backoff.ts";
import type { Instant, Units } from "@onepool/core/ledger/units.ts";
import type { PushProblem } from "@onepool/core/publish/listing-view.ts";

import type { DueListing } from "./due-store.ts";
import { LISTING_BACKOFF } from "./lane-context.ts";

/** Between conflicts, in milliseconds. */
const CONFLICT_BACKOFF = { firstMs: 100, longestMs: 30_000 };

/** What a failed call means for one listing. */
export interface ListingFailure {
  readonly problem: PushProblem;
  /** The channel says no: nothing happens until something changes. */
  readonly isRefused: boolean;
  /** When to try again; null when refused. */
  readonly nextAt: Instant | null;
  /** Worth an observation: not the same as before. */
  readonly isNews: boolean;
}

/** `quantity` is what was asked for; null for a reading. */
export function failureOf(
  due: DueListing,
  error: ConnectorError,
  { quantity, now }: { readonly quantity: Units | null; readonly now: Instant },
): ListingFailure {
  const { kind, message, retryAfterMs = 0 } = error;
  const known = due.problem;
  if (kind === "rejected" || kind === "not_found" || kind === "bug") {
    const times = known?.code === "refused" ? known.times + 1 : 1;
    const problem: PushProblem = { code: "refused", message, quantity, at: now, seq: due.seq, times };
    return { problem, isRefused: true, nextAt: null, isNews: known?.message !== message };
  }
  if (kind === "conflict") return conflictOf(due, error, now);
  const waitMs = Math.max(retryAfterMs, backoffMs(due.attempts + 1, Math.random(), LISTING_BACKOFF));
  // A sale that may be unseen stays so, whatever else goes wrong.
  const problem: PushProblem =
    known?.code === "unseen_sale" ? known : { code: "failing", message, kind, at: now };
  return { problem, isRefused: false, nextAt: now + waitMs, isNews: due.attempts === 0 };
}

/** The number moved on, or is being changed by somebody else: read again and decide again, soon, then ever later. */
function conflictOf(
  due: DueListing,
  { message, retryAfterMs = 0 }: ConnectorError,
  now: Instant,
): ListingFailure {
  const known = due.problem;
  const times = known?.code === "failing" && known.kind === "conflict" ? (known.times ?? 0) + 1 : 1;
  const waitMs = Math.max(retryAfterMs, backoffMs(times, Math.random(), CONFLICT_BACKOFF));
  const problem: PushProblem =
    known?.code === "unseen_sale" ? known : { code: "failing", message, kind: "conflict", at: now, times };
  return { problem, isRefused: false, nextAt: now + waitMs, isNews: times === 1 };
}
