import fc from "fast-check";
import { describe, expect, it, test } from "vitest";

import {
  type Demand,
  demandBeyond,
  demandDuring,
  demandQuantile,
  HALF_LIVES_MS,
  livePace,
  paceInUnits,
} from "./demand.ts";
import { poissonReaches } from "./poisson.ts";

const mean = fc.double({ min: 0.001, max: 200, noNaN: true });
/** The order that a unit belongs to, on average. */
const size = fc.double({ min: 1, max: 120, noNaN: true });
const share = fc.double({ min: 0.5, max: 0.999_999, noNaN: true });
const lowRisk = fc.double({ min: 0.8, max: 0.999_999, noNaN: true });

/** In orders of one size. */
const inOrdersOf = (unitsEach: number, average: number): Demand => ({
  mean: average,
  variance: average * unitsEach,
  orders: average / unitsEach,
});
const onePerOrder = (average: number) => inOrdersOf(1, average);

/** P(N ≤ units), added up from the definition. */
function atMost(average: number, units: number): number {
  let sum = 0;
  for (let count = 0; count <= units; count++) {
    let logarithm = -average + count * Math.log(average);
    for (let factor = 2; factor <= count; factor++) logarithm -= Math.log(factor);
    sum += Math.exp(logarithm);
  }
  return sum;
}

describe("demand during a latency, a unit per order", () => {
  it("is not above its quantile with the probability asked for, and no smaller number does", () => {
    fc.assert(
      fc.property(mean, share, (average, sure) => {
        const units = demandQuantile(onePerOrder(average), sure);
        expect(atMost(average, units)).toBeGreaterThanOrEqual(sure - 1e-9);
        if (units > 0) expect(atMost(average, units - 1)).toBeLessThan(sure + 1e-9);
      }),
    );
  });

  it("reaches and exceeds as the distribution says", () => {
    fc.assert(
      fc.property(mean, fc.nat({ max: 60 }), (average, units) => {
        const demand = onePerOrder(average);
        expect(poissonReaches(average, units)).toBeCloseTo(
          units === 0 ? 1 : 1 - atMost(average, units - 1),
          8,
        );
        let beyond = average - units;
        for (let count = 0; count < units; count++)
          beyond +=
            (units - count) * (atMost(average, count) - (count === 0 ? 0 : atMost(average, count - 1)));
        expect(demandBeyond(demand, units)).toBeCloseTo(Math.max(0, beyond), 6);
      }),
    );
  });
});

describe("demand in orders of many units", () => {
  it("has no smaller quantile than that of as many units one by one", () => {
    fc.assert(
      fc.property(mean, size, share, (average, unitsEach, sure) => {
        expect(demandQuantile(inOrdersOf(unitsEach, average), sure)).toBeGreaterThanOrEqual(
          demandQuantile(onePerOrder(average), sure),
        );
      }),
    );
  });

  it("has a quantile that falls with nothing that makes it worse: rate, time, dispersion, or the risk taken", () => {
    const more = fc.double({ min: 1, max: 3, noNaN: true });
    const orders = fc.record({ average: mean, unitsEach: size, spread: more });
    fc.assert(
      fc.property(orders, lowRisk, more, ({ average, unitsEach, spread }, sure, factor) => {
        const quantile = (ask: { rate?: number; ms?: number; spread?: number; risk?: number }) => {
          const rate = average * (ask.rate ?? 1);
          const squareRate = rate * unitsEach * spread * (ask.spread ?? 1);
          const pace = { rate, orderRate: rate / unitsEach, squareRate };
          return demandQuantile(demandDuring(pace, ask.ms ?? 1), 1 - (1 - sure) * (ask.risk ?? 1));
        };
        const usual = quantile({});
        expect(quantile({ rate: factor })).toBeGreaterThanOrEqual(usual);
        expect(quantile({ ms: factor })).toBeGreaterThanOrEqual(usual);
        expect(quantile({ spread: factor })).toBeGreaterThanOrEqual(usual);
        expect(quantile({ risk: 1 / factor })).toBeGreaterThanOrEqual(usual);
      }),
      { numRuns: 1_000 },
    );
  });

  it("has the quantile of units one by one where orders were not counted, and any in between where only some were", () => {
    fc.assert(
      fc.property(
        mean,
        size,
        share,
        fc.double({ min: 0, max: 1, noNaN: true }),
        (average, unitsEach, sure, part) => {
          const uncounted = demandQuantile({ mean: average, variance: average, orders: 0 }, sure);
          expect(uncounted).toBe(demandQuantile(onePerOrder(average), sure));
          const all = inOrdersOf(unitsEach, average);
          const some = {
            ...all,
            variance: Math.max(average, all.variance * part),
            orders: all.orders * part,
          };
          expect(demandQuantile(some, sure)).toBeGreaterThanOrEqual(uncounted);
        },
      ),
    );
  });

  it("does so beyond the number of orders that is counted out, too", () => {
    for (const unitsEach of [1, 2, 7]) {
      let before = 0;
      for (let average = 400; average < 6_000; average *= 1.03) {
        const now = demandQuantile(inOrdersOf(unitsEach, average), 0.99);
        expect(now).toBeGreaterThanOrEqual(before);
        expect(now).toBeGreaterThan(average + 2.3 * Math.sqrt(average * unitsEach));
        before = now;
      }
    }
  });

  it("is sieved by what can be reckoned at once: whatever is scarce is found", () => {
    fc.assert(
      fc.property(mean, size, share, (average, unitsEach, sure) => {
        const largest = Math.max(2 * unitsEach, average / 100);
        const most = 3 * largest + average + 4 * Math.sqrt(average * largest);
        const found = 1 + Math.min(average / (1 - sure), Math.max(1, most));
        expect(demandQuantile(inOrdersOf(unitsEach, average), sure)).toBeLessThanOrEqual(found);
      }),
      { numRuns: 1_000 },
    );
  });

  it("exceeds as so many orders of that size do", () => {
    const whole = fc.integer({ min: 1, max: 40 });
    fc.assert(
      fc.property(
        fc.double({ min: 0.01, max: 20, noNaN: true }),
        whole,
        fc.nat({ max: 200 }),
        (orders, unitsEach, units) => {
          const demand = inOrdersOf(unitsEach, orders * unitsEach);
          let beyond = orders * unitsEach - units;
          for (let count = 0; count * unitsEach < units; count++) {
            const exactly = atMost(orders, count) - (count === 0 ? 0 : atMost(orders, count - 1));
            beyond += (units - count * unitsEach) * exactly;
          }
          expect(demandBeyond(demand, units)).toBeCloseTo(Math.max(0, beyond), 6);
        },
      ),
    );
  });
});

/** Numbers between 0 and 1, the same for the same seed (mulberry32). */
function draws(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

describe("the quantile of orders of any size", () => {
  /**
   * The sizes of orders, by a number between 0 and 1: about 9 on average, as in real histories. And how many times the risk
   * they may take: number and two moments do not tell how long a tail is, nor that there are two kinds of orders.
   */
  const sizes: readonly (readonly [string, number, (draw: number) => number])[] = [
    ["a unit", 1, () => 1],
    ["a dozen", 1, () => 12],
    ["falling off exponentially", 1, (draw) => 1 + Math.floor(Math.log(1 - draw) / Math.log(8 / 9))],
    ["with a long tail", 2.25, (draw) => Math.min(200, Math.floor(4 / (1 - draw) ** (1 / 1.8)))],
    ["up to 24, all alike", 1.75, (draw) => 1 + Math.floor(draw * 24)],
    ["most of a unit, one in ten of 48", 3.25, (draw) => (draw < 0.9 ? 1 : 48)],
  ];

  it.each(sizes)("is exceeded no more often than asked for: orders %s, %d times", (_, times, sizeBy) => {
    const TIMES = 40_000;
    const RISK = 0.01;
    const random = draws(20_101_206);
    const sample = Array.from({ length: 200_000 }, () => sizeBy(random()));
    const sum = sample.reduce((total, units) => total + units, 0);
    const squares = sample.reduce((total, units) => total + units ** 2, 0);
    for (const orders of [0.005, 0.01, 0.02, 0.03, 0.05, 0.1, 0.3, 1, 3, 10]) {
      const demand = {
        mean: (orders * sum) / sample.length,
        variance: (orders * squares) / sample.length,
        orders,
      };
      const quantile = demandQuantile(demand, 1 - RISK);
      let exceeded = 0;
      for (let time = 0; time < TIMES; time++) {
        let units = 0;
        // Orders arrive after exponential times.
        for (let at = -Math.log(1 - random()); at < orders; at -= Math.log(1 - random()))
          units += sizeBy(random());
        if (units > quantile) exceeded += 1;
      }
      // Three standard errors of the count itself.
      const margin = 3 * Math.sqrt(RISK / TIMES);
      expect(exceeded / TIMES, `${orders} orders expected`).toBeLessThanOrEqual(times * RISK + margin);
    }
  });

  it("is what plain Poisson demand exceeds a dozen times too often", () => {
    // One order of a dozen in ten latencies: 4 units are its 99 % quantile as units, and every order is more.
    expect(demandQuantile(onePerOrder(1.2), 0.99)).toBe(4);
    expect(poissonReaches(1.2 / 12, 1)).toBeGreaterThan(0.09);
    expect(demandQuantile(inOrdersOf(12, 1.2), 0.99)).toBe(20);
  });
});

test.each([
  // decisions.md 7.5: three channels, 0.3 and 3 sales a minute altogether; two of them are elsewhere.
  [0.2 * 0.5, 0.01, 1],
  [2 * 0.5, 0.01, 4],
  [2 * 2, 0.01, 9],
  [0, 0.01, 0],
  [5, 1, 0],
])("demand of mean %f stays, but for %f, within %i units", (average, risk, units) => {
  expect(demandQuantile(onePerOrder(average), 1 - risk)).toBe(units);
});

describe("a pace", () => {
  const minute = 60_000;
  const squares = { recentSquares: 240, steadySquares: 240 };
  const burst = { recent: 20, steady: 20, recentOrders: 2, steadyOrders: 2, ...squares, at: 0 };

  it("is that of a burst while it lasts, and of an ordinary week afterwards", () => {
    expect(livePace(burst, 0).rate * minute).toBeCloseTo((20 * Math.LN2) / 2, 6);
    expect(livePace(burst, 0).orderRate * minute).toBeCloseTo(Math.LN2, 6);
    expect(livePace(burst, 0).squareRate * minute).toBeCloseTo((240 * Math.LN2) / 2, 6);
    expect(livePace(burst, 2 * minute).rate).toBeCloseTo(livePace(burst, 0).rate / 2, 12);
    const week = 7 * 24 * 60 * minute;
    const steadily = (2 ** (-week / HALF_LIVES_MS.steady) * Math.LN2) / HALF_LIVES_MS.steady;
    expect(livePace(burst, week).rate).toBeCloseTo(20 * steadily, 15);
    expect(livePace(burst, week).squareRate).toBeCloseTo(240 * steadily, 15);
  });

  it("is that of single units where no squares were kept, and nothing before the first sale", () => {
    const { rate, squareRate } = livePace({ ...burst, recentSquares: 0, steadySquares: 0 }, minute);
    expect(squareRate).toBe(rate);
    expect(livePace({ ...burst, at: null }, minute)).toEqual({ rate: 0, orderRate: 0, squareRate: 0 });
  });

  it("of packs is one of orders as large as a pack", () => {
    const single = { rate: 2, orderRate: 2, squareRate: 2 };
    expect(paceInUnits(single, 6)).toEqual({ rate: 12, orderRate: 2, squareRate: 72 });
  });
});
