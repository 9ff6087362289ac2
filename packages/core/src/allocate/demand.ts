import type { Instant, Units } from "../ledger/units.ts";
import { MANY_EVENTS, poissonMeanReaching, poissonQuantile, poissonReaches } from "./poisson.ts";

/**
 * Units sold, each counting half as much after every half-life. Two of them see a burst with its first sales and forget it
 * within minutes, and remember what sells in an ordinary week.
 */
export interface SoldUnits {
  /** Half-life `RECENT_MS`. */
  readonly recent: number;
  /** Half-life `STEADY_MS`. */
  readonly steady: number;
  /** The same sums of the squares of every order's units. Too small where orders came before they were kept. */
  readonly recentSquares: number;
  readonly steadySquares: number;
  /** As of then; null before the first. */
  readonly at: Instant | null;
}

/** How fast something sells. */
export interface Pace {
  /** Units per millisecond. */
  readonly rate: number;
  /** Squares of the units of every order, per millisecond. At least `rate`: no order is of less than a unit. */
  readonly squareRate: number;
}

const RECENT_MS = 2 * 60_000;
const STEADY_MS = 3 * 24 * 3_600_000;

/** The half-lives for whoever keeps the sums elsewhere, in milliseconds. */
export const HALF_LIVES_MS = { recent: RECENT_MS, steady: STEADY_MS } as const;

/** How fast a listing sells now: as it does lately or usually, whichever is more. */
export function livePace(sold: SoldUnits, now: Instant): Pace {
  if (sold.at === null) return { rate: 0, squareRate: 0 };
  const ageMs = Math.max(0, now - sold.at);
  const perMs = (sum: number, halfLifeMs: number) =>
    (sum * 2 ** (-ageMs / halfLifeMs) * Math.LN2) / halfLifeMs;
  const rate = Math.max(perMs(sold.recent, RECENT_MS), perMs(sold.steady, STEADY_MS));
  const squares = Math.max(perMs(sold.recentSquares, RECENT_MS), perMs(sold.steadySquares, STEADY_MS));
  return { rate, squareRate: Math.max(rate, squares) };
}

/** The same sales counted in units of which each sold one takes several. */
export function paceInUnits({ rate, squareRate }: Pace, unitsEach: Units): Pace {
  return { rate: rate * unitsEach, squareRate: squareRate * unitsEach ** 2 };
}

/**
 * Units that sell in some time, if orders come independently of each other (Poisson) and are of any size (compound Poisson):
 * the mean is the rate of units times that time, the variance the rate of their squares. Their quotient is the size of the
 * order that a unit belongs to, on average, E[X²]/E[X].
 */
export interface Demand {
  readonly mean: number;
  readonly variance: number;
}

/** What sells at a pace in this time, in milliseconds. */
export function demandDuring({ rate, squareRate }: Pace, ms: number): Demand {
  return { mean: rate * ms, variance: squareRate * ms };
}

/** What sells altogether where buyers know nothing of each other. */
export function totalDemand(demands: readonly Demand[]): Demand {
  return demands.reduce(
    (sum, { mean, variance }) => ({ mean: sum.mean + mean, variance: sum.variance + variance }),
    { mean: 0, variance: 0 },
  );
}

/**
 * The tail is made by what is larger than usual: orders of E[X³]/E[X²] units. That is half as much again as E[X²]/E[X] if sizes
 * fall off exponentially. The part of an order that is more than a unit is taken to be so.
 */
const TAIL = 1.5;

/**
 * Units that demand does not exceed with probability `share`, half or more.
 *
 * Two moments do not say how many orders of what size there are. Orders of one size s, mean / s of them expected, have a
 * quantile of s times that of a Poisson distribution (n = mean² / variance orders if s is variance / mean, the scaled Poisson
 * of actuaries); the most of these counts, of all sizes from one unit to the tail's. So more demand, larger orders and less
 * risk never make it fewer, it does not jump where one order more becomes likely, and orders of one unit are plain Poisson, as
 * in the simulations of decisions.md 7.5. Tried against orders of many kinds it is exceeded as seldom as asked for; a tail
 * longer than an exponential one (an order of 100 among hundreds of one) is found up to three times as often.
 */
export function demandQuantile({ mean, variance }: Demand, share: number): Units {
  if (!(mean > 0) || share <= 0) return 0;
  const dispersion = Math.max(1, variance / mean);
  // More orders than can be added up are taken as so many larger ones.
  const largest = Math.max(1 + TAIL * (dispersion - 1), mean / MANY_EVENTS);
  const orders = poissonQuantile(mean / largest, share);
  // Smaller ones with as many orders are less. With one order more, the largest at which so many are likely enough; with
  // still more it is less again, since the quantile of many orders lies closer to their mean.
  const smaller = mean / poissonMeanReaching(orders + 1, 1 - Math.min(share, 1 - 1e-12));
  const most = Math.max(orders * largest, smaller < 1 ? 0 : (orders + 1) * smaller);
  return Math.ceil(most - 1e-9);
}

/** The units by which demand is expected to exceed `units`, if orders are all of the size that the average unit's order has. */
export function demandBeyond({ mean, variance }: Demand, units: Units): number {
  if (!(mean > 0)) return 0;
  const size = Math.max(1, variance / mean);
  const expected = mean / size;
  if (expected > MANY_EVENTS) return Math.max(0, mean - units);
  // E[(N − u)+] = E[N]·P(N ≥ ⌊u⌋) − u·P(N ≥ ⌊u⌋ + 1), N orders and u the units in orders
  const ordersLeft = units / size;
  const whole = Math.floor(ordersLeft);
  const beyond =
    expected * poissonReaches(expected, whole) - ordersLeft * poissonReaches(expected, whole + 1);
  return Math.max(0, beyond * size);
}
