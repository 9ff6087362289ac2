import fc from "fast-check";
import { describe, expect, it, test } from "vitest";

import { demandBeyond, demandQuantile, demandReaches, HALF_LIVES_MS, liveRate } from "./demand.ts";

const mean = fc.double({ min: 0.001, max: 200, noNaN: true });

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

describe("demand during a latency", () => {
  it("is not above its quantile with the probability asked for, and no smaller number does", () => {
    fc.assert(
      fc.property(mean, fc.double({ min: 0.01, max: 0.999, noNaN: true }), (average, share) => {
        const units = demandQuantile(average, share);
        expect(atMost(average, units)).toBeGreaterThanOrEqual(share - 1e-9);
        if (units > 0) expect(atMost(average, units - 1)).toBeLessThan(share + 1e-9);
      }),
    );
  });

  it("reaches and exceeds as the distribution says", () => {
    fc.assert(
      fc.property(mean, fc.nat({ max: 60 }), (average, units) => {
        expect(demandReaches(average, units)).toBeCloseTo(
          units === 0 ? 1 : 1 - atMost(average, units - 1),
          8,
        );
        let beyond = average - units;
        for (let count = 0; count < units; count++)
          beyond +=
            (units - count) * (atMost(average, count) - (count === 0 ? 0 : atMost(average, count - 1)));
        expect(demandBeyond(average, units)).toBeCloseTo(Math.max(0, beyond), 6);
      }),
    );
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
  expect(demandQuantile(average, 1 - risk)).toBe(units);
});

test("a rate is that of a burst while it lasts, and of an ordinary week afterwards", () => {
  const minute = 60_000;
  const burst = { recent: 20, steady: 20, at: 0 };
  expect(liveRate(burst, 0) * minute).toBeCloseTo((20 * Math.LN2) / 2, 6);
  expect(liveRate(burst, 2 * minute)).toBeCloseTo(liveRate(burst, 0) / 2, 12);
  const week = 7 * 24 * 60 * minute;
  expect(liveRate(burst, week)).toBeCloseTo(
    (20 * 2 ** (-week / HALF_LIVES_MS.steady) * Math.LN2) / HALF_LIVES_MS.steady,
    15,
  );
});
