import type { Instant } from "../ledger/units.ts";

/** Calls per minute and at once, as agreed with the channel. */
export interface BucketLimit {
  readonly perMinute: number;
  readonly burst: number;
}

/** What may be called now. A value: taking from it makes a new one. */
export interface TokenBucket {
  readonly tokens: number;
  readonly filledAt: Instant;
  /** Share of the agreed rate in use: halved when the channel says too much, recovering slowly. From 1/16 to 1. */
  readonly share: number;
  /** The channel asked for silence until then. */
  readonly blockedUntil: Instant;
  readonly slowedAt: Instant;
}

/** A slowed bucket doubles its share again over this long, in milliseconds. */
const RECOVERY_MS = 10_000;
const SMALLEST_SHARE = 1 / 16;

export function fullBucket(limit: BucketLimit, now: Instant): TokenBucket {
  return { tokens: limit.burst, filledAt: now, share: 1, blockedUntil: 0, slowedAt: -Infinity };
}

/** The bucket as of now. */
function refilled(bucket: TokenBucket, limit: BucketLimit, now: Instant): TokenBucket {
  const passedMs = Math.max(0, now - bucket.filledAt);
  const share = Math.min(1, bucket.share * 2 ** (passedMs / RECOVERY_MS));
  const perMs = (limit.perMinute * bucket.share) / 60_000;
  const tokens = Math.min(limit.burst, bucket.tokens + passedMs * perMs);
  return { ...bucket, tokens, share, filledAt: Math.max(now, bucket.filledAt) };
}

/**
 * Takes `wanted` tokens together or none, or a full bucket where that is less; `waitMs` until as many more are there, 0 when all
 * were given. What is too little is left to gather: many who want several at once would otherwise take each single one as it
 * comes, and none would ever have enough.
 */
export function take(
  bucket: TokenBucket,
  limit: BucketLimit,
  ask: { readonly wanted: number; readonly now: Instant },
): { readonly bucket: TokenBucket; readonly taken: number; readonly waitMs: number } {
  const { wanted, now } = ask;
  const most = Math.floor(limit.burst);
  const full = refilled(bucket, limit, now);
  if (now < full.blockedUntil) return { bucket: full, taken: 0, waitMs: full.blockedUntil - now };
  const together = Math.min(wanted, most);
  const taken = full.tokens >= together ? together : 0;
  const left = { ...full, tokens: full.tokens - taken };
  if (taken === wanted) return { bucket: left, taken, waitMs: 0 };
  const missing = Math.min(wanted - taken, most) - left.tokens;
  const perMs = (limit.perMinute * left.share) / 60_000;
  return { bucket: left, taken, waitMs: Math.max(1, Math.ceil(missing / perMs)) };
}

/** The channel said too much: silence for as long as it asks (`pauseMs`), then half as fast. */
export function slowedDown(
  bucket: TokenBucket,
  limit: BucketLimit,
  ask: { readonly pauseMs: number; readonly now: Instant },
): TokenBucket {
  const full = refilled(bucket, limit, ask.now);
  const blockedUntil = Math.max(full.blockedUntil, ask.now + ask.pauseMs);
  // Several calls in flight are refused together, and the next ones until the new rate shows: one message, not many.
  if (ask.now - bucket.slowedAt < RECOVERY_MS) return { ...full, tokens: 0, blockedUntil };
  const share = Math.max(SMALLEST_SHARE, full.share / 2);
  return { ...full, tokens: 0, share, blockedUntil, slowedAt: ask.now };
}
