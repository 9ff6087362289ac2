import type { Units } from "../ledger/units.ts";
import { type Demand, demandBeyond, demandQuantile, totalDemand } from "./demand.ts";

/**
 * The last unit is dealt out even where hardly anything sells: two buyers at once are seldom, but one of them is always
 * disappointed, and who shows a lone unit elsewhere as well gains little by it.
 */
const LAST_UNITS = 1;

/**
 * What could sell elsewhere before a listing hears of it, with all but a probability of `risk`: below it, quotas. Of each
 * listing of a pool: the pool's units that sell there until the other listings show it.
 */
export function endGameThreshold(demands: readonly Demand[], risk: number): Units {
  if (demands.length < 2 || risk >= 1) return 0;
  // Each fears the others. The one that sells least, or in the smallest orders, has the most to fear.
  const fears = demands.map((_, own) =>
    demandQuantile(totalDemand(demands.filter((_other, nth) => nth !== own)), 1 - risk),
  );
  return Math.max(LAST_UNITS, ...fears);
}

/** Whether a pool is dealt out in quotas. What has begun ends only well above the threshold, or it would flutter. */
export function isEndGame(
  pool: { readonly available: Units; readonly threshold: Units },
  wasEndGame: boolean,
): boolean {
  const { available, threshold } = pool;
  if (threshold === 0) return false;
  return available <= (wasEndGame ? threshold + Math.ceil(threshold / 2) : threshold);
}

/**
 * Units that will be sold twice, on average, if nothing more is done than telling every listing of every sale: what sells
 * during one latency beyond what is available, as far as the listings show more than that.
 */
export function expectedOversold(
  pool: { readonly available: Units; readonly exposure: Units },
  demands: readonly Demand[],
): number {
  const over = pool.exposure - Math.max(0, pool.available);
  if (over <= 0) return 0;
  return Math.min(over, demandBeyond(totalDemand(demands), Math.max(0, pool.available)));
}
