import type { Instant, Units } from "../ledger/units.ts";
import { compoundQuantile, MANY_EVENTS, poissonQuantile, poissonReaches } from "./poisson.ts";

/**
 * Units sold, each counting half as much after every half-life. Two of them see a burst with its first sales and forget it
 * within minutes, and remember what sells in an ordinary week.
 */
export interface SoldUnits {
  /** Half-life `RECENT_MS`. */
  readonly recent: number;
  /** Half-life `STEADY_MS`. */
  readonly steady: number;
  /** The same sums of orders, and of the squares of every order's units. Too small where orders came before they were kept. */
  readonly recentOrders: number;
  readonly steadyOrders: number;
  readonly recentSquares: number;
  readonly steadySquares: number;
  /** As of then; null before the first. */
  readonly at: Instant | null;
}

/** How fast something sells. */
export interface Pace {
  /** Units per millisecond. */
  readonly rate: number;
  /** Orders per millisecond. */
  readonly orderRate: number;
  /** Squares of the units of every order, per millisecond. At least `rate`: no order is of less than a unit. */
  readonly squareRate: number;
}

const RECENT_MS = 2 * 60_000;
const STEADY_MS = 3 * 24 * 3_600_000;

/** The half-lives for whoever keeps the sums elsewhere, in milliseconds. */
export const HALF_LIVES_MS = { recent: RECENT_MS, steady: STEADY_MS } as const;

/** How fast a listing sells now: as it does lately or usually, whichever is more. */
export function livePace(sold: SoldUnits, now: Instant): Pace {
  if (sold.at === null) return { rate: 0, orderRate: 0, squareRate: 0 };
  const ageMs = Math.max(0, now - sold.at);
  const perMs = (sum: number, halfLifeMs: number) =>
    (sum * 2 ** (-ageMs / halfLifeMs) * Math.LN2) / halfLifeMs;
  const more = (recent: number, steady: number) =>
    Math.max(perMs(recent, RECENT_MS), perMs(steady, STEADY_MS));
  const rate = more(sold.recent, sold.steady);
  return {
    rate,
    orderRate: Math.min(rate, more(sold.recentOrders, sold.steadyOrders)),
    squareRate: Math.max(rate, more(sold.recentSquares, sold.steadySquares)),
  };
}

/** The same sales counted in units of which each sold one takes several. */
export function paceInUnits({ rate, orderRate, squareRate }: Pace, unitsEach: Units): Pace {
  return { rate: rate * unitsEach, orderRate, squareRate: squareRate * unitsEach ** 2 };
}

/**
 * Units that sell in some time, if orders come independently of each other (Poisson) and are of any size (compound Poisson):
 * the mean is the rate of units times that time, the variance the rate of their squares. Their quotient is the size of the
 * order that a unit belongs to, on average, E[X²]/E[X].
 */
export interface Demand {
  readonly mean: number;
  readonly variance: number;
  /** How many orders are expected. */
  readonly orders: number;
}

/** What sells at a pace in this time, in milliseconds. */
export function demandDuring({ rate, orderRate, squareRate }: Pace, ms: number): Demand {
  return { mean: rate * ms, variance: squareRate * ms, orders: orderRate * ms };
}

/** What sells altogether where buyers know nothing of each other. */
export function totalDemand(demands: readonly Demand[]): Demand {
  return demands.reduce(
    (sum, { mean, variance, orders }) => ({
      mean: sum.mean + mean,
      variance: sum.variance + variance,
      orders: sum.orders + orders,
    }),
    { mean: 0, variance: 0, orders: 0 },
  );
}

/**
 * Units that demand does not exceed with probability `share`.
 *
 * Number and two moments do not say what sizes orders have. The most of three counts: units one by one (Poisson, as in the
 * simulations of decisions.md 7.5), orders all of the mean size, and orders whose sizes fall off exponentially about that
 * (compound Poisson; a Tweedie distribution): half of E[X²]/E[X] on average, and 2·mean² / variance of them. Of these the worst
 * of the given dispersion or less counts. So more demand, more dispersion or less risk never make it fewer, and orders of a unit
 * each are plain Poisson. It is exceeded as seldom as asked for if orders are alike or fall off exponentially, about twice as
 * often if they are spread evenly or have a long tail, and three times if a few are very much larger than all the others.
 */
export function demandQuantile({ mean, variance, orders }: Demand, share: number): Units {
  const risk = Math.max(1 - share, 1e-12);
  // Not even one unit is as likely as that.
  if (!(mean > risk) || share <= 0) return 0;
  const dispersion = Math.max(1, variance / mean);
  const isCounted = mean <= MANY_EVENTS;
  const oneByOne = isCounted ? poissonQuantile(mean, share) : 0;
  if (isCounted && dispersion < 1 + 1e-9) return oneByOne;
  // Orders that nobody counted are as many as they are at least, by Cauchy and Schwarz: then all are of one size.
  const counted = Math.min(mean, Math.max(orders, mean / dispersion));
  const alike = isCounted ? (mean / counted) * poissonQuantile(counted, share) : 0;
  const size = Math.max(mean / MANY_EVENTS, Math.min(dispersion / 2, mean / rarestOrders(risk)));
  const fallingOff = size * compoundQuantile(mean / size, risk);
  return Math.ceil(Math.max(oneByOne, alike, fallingOff) - 1e-9);
}

/**
 * The larger orders are, the rarer, and if there are fewer than this on average their quantile falls again: it is
 * mean / n · ln(n / risk) for few orders n, which is most at n = e · risk; a little more where the risk is not small, up to a fifth.
 */
function rarestOrders(risk: number): number {
  return (Math.E * risk) / (1 - Math.min(risk, 0.5)) ** 2;
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
