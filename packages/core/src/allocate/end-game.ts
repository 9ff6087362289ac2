import type { Units } from "../ledger/units.ts";
import { demandBeyond, demandQuantile } from "./demand.ts";

/** A listing of a pool, as far as demand goes. */
export interface PoolDemand {
  /** Pool units per millisecond. */
  readonly rate: number;
  /** From a sale there until the other listings show it, in milliseconds. */
  readonly latencyMs: number;
}

/**
 * The last unit is dealt out even where hardly anything sells: two buyers at once are seldom, but one of them is always
 * disappointed, and who shows a lone unit elsewhere as well gains little by it.
 */
const LAST_UNITS = 1;

/** What could sell elsewhere before a listing hears of it, with all but a probability of `risk`: below it, quotas. */
export function endGameThreshold(listings: readonly PoolDemand[], risk: number): Units {
  if (listings.length < 2 || risk >= 1) return 0;
  const demands = listings.map(({ rate, latencyMs }) => rate * latencyMs);
  const all = demands.reduce((sum, demand) => sum + demand, 0);
  // Of all listings the quietest has the most to fear from the others.
  return Math.max(LAST_UNITS, demandQuantile(all - Math.min(...demands), 1 - risk));
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
  listings: readonly PoolDemand[],
): number {
  const over = pool.exposure - Math.max(0, pool.available);
  if (over <= 0) return 0;
  const demand = listings.reduce((sum, { rate, latencyMs }) => sum + rate * latencyMs, 0);
  return Math.min(over, demandBeyond(demand, Math.max(0, pool.available)));
}
