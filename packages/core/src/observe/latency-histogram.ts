/** The hops between a sale at a channel and its effect on every other one. */
export const HOPS = [
  /** From the event, as the channel dates it, until its notification or poll reached us. */
  "event_to_received",
  /** From its reception until its entry was committed. */
  "received_to_committed",
  /** From the event until its entry was committed: the two above in one. */
  "event_to_committed",
  /** From the commit until a listing's write was answered. */
  "committed_to_pushed",
  /** From the answer until a reading showed it. */
  "pushed_to_confirmed",
  /** From the commit until a reading showed it: the two above in one. */
  "committed_to_confirmed",
] as const;

export type Hop = (typeof HOPS)[number];

/** Eight buckets to the doubling: a bucket's middle is at most 4.5 % away from what fell into it. */
const BUCKETS_PER_DOUBLING = 8;

/** The bucket of a duration in milliseconds: 0 up to 1 ms, then log-scaled. Beyond a month all the same. */
export function latencyBucket(ms: number): number {
  if (!(ms > 1)) return 0;
  return Math.min(255, Math.ceil(Math.log2(ms) * BUCKETS_PER_DOUBLING));
}

/** The longest duration that falls into a bucket, in milliseconds. */
export function bucketLimitMs(bucket: number): number {
  return 2 ** (bucket / BUCKETS_PER_DOUBLING);
}

export interface LatencySummary {
  readonly samples: number;
  /** Milliseconds, rounded up to the bucket's limit; null without samples. */
  readonly p50: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
}

/** Percentiles of samples counted per bucket. */
export function summarise(counts: ReadonlyMap<number, number>): LatencySummary {
  const buckets = [...counts].toSorted(([left], [right]) => left - right);
  const samples = buckets.reduce((sum, [, count]) => sum + count, 0);
  const percentile = (share: number): number | null => {
    let seen = 0;
    for (const [bucket, count] of buckets) {
      seen += count;
      if (seen >= samples * share) return Math.round(bucketLimitMs(bucket));
    }
    return null;
  };
  return { samples, p50: percentile(0.5), p95: percentile(0.95), p99: percentile(0.99) };
}
