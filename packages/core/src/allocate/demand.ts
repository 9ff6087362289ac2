import type { Instant, Units } from "../ledger/units.ts";

/**
 * Units sold, each counting half as much after every half-life. Two of them see a burst with its first sales and forget it
 * within minutes, and remember what sells in an ordinary week.
 */
export interface SoldUnits {
  /** Half-life `RECENT_MS`. */
  readonly recent: number;
  /** Half-life `STEADY_MS`. */
  readonly steady: number;
  /** As of then. */
  readonly at: Instant;
}

const RECENT_MS = 2 * 60_000;
const STEADY_MS = 3 * 24 * 3_600_000;

/** Units per millisecond that a listing sells now: what it sells lately or usually, whichever is more. */
export function liveRate(sold: SoldUnits, now: Instant): number {
  const ageMs = Math.max(0, now - sold.at);
  const rate = (units: number, halfLifeMs: number) =>
    (units * 2 ** (-ageMs / halfLifeMs) * Math.LN2) / halfLifeMs;
  return Math.max(rate(sold.recent, RECENT_MS), rate(sold.steady, STEADY_MS));
}

/** The half-lives for whoever keeps the sums elsewhere, in milliseconds. */
export const HALF_LIVES_MS = { recent: RECENT_MS, steady: STEADY_MS } as const;

/** Beyond this mean the distribution is taken as normal: the sums below would get long. */
const LARGE_MEAN = 500;

/** The fewest units that demand of this mean (Poisson) does not exceed with probability `share`. */
export function demandQuantile(mean: number, share: number): Units {
  if (!(mean > 0) || share <= 0) return 0;
  // Cornish-Fisher's first term; 3.1 standard deviations are the 99.9 % quantile, more than anybody asks for here.
  if (mean > LARGE_MEAN) return Math.ceil(mean + 3.1 * Math.sqrt(mean));
  let term = Math.exp(-mean);
  let below = term;
  let units = 0;
  while (below < Math.min(share, 1 - 1e-12)) {
    units += 1;
    term *= mean / units;
    below += term;
  }
  return units;
}

/** How likely demand of this mean is to take at least `units`. */
export function demandReaches(mean: number, units: Units): number {
  if (units <= 0) return 1;
  if (mean > LARGE_MEAN) return units <= mean ? 1 : 0;
  // Summed from the tail: one less the rest would lose the small ones.
  let term = Math.exp(-mean);
  for (let count = 1; count <= units; count++) term *= mean / count;
  let reached = 0;
  for (let count = units; term > reached * 1e-12 && term > 0; count++) {
    reached += term;
    term *= mean / (count + 1);
  }
  return Math.min(1, reached);
}

/** The units by which demand of this mean is expected to exceed `units`. */
export function demandBeyond(mean: number, units: Units): number {
  if (!(mean > 0)) return 0;
  if (mean > LARGE_MEAN) return Math.max(0, mean - units);
  // E[(N − u)+] = mean·P(N ≥ u) − u·P(N ≥ u + 1)
  const beyond = mean * demandReaches(mean, units) - units * demandReaches(mean, units + 1);
  return Math.max(0, beyond);
}
