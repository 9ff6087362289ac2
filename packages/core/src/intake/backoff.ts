export interface BackoffPolicy {
  /** The longest first wait, in milliseconds. */
  readonly firstMs: number;
  /** The longest wait of all, in milliseconds. */
  readonly longestMs: number;
}

/**
 * How long to wait after so many failures in a row: doubling, with jitter over the upper half, so that what failed together
 * does not come back together. `random` is from 0 to 1.
 */
export function backoffMs(failures: number, random: number, policy: BackoffPolicy): number {
  // Beyond 2^30 the doubling says nothing new and would leave the safe integers.
  const doubled = policy.firstMs * 2 ** Math.min(Math.max(failures - 1, 0), 30);
  return Math.round(Math.min(doubled, policy.longestMs) * (0.5 + random / 2));
}
