import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { bucketLimitMs, latencyBucket, summarise } from "./latency-histogram.ts";

const durations = fc.array(fc.integer({ min: 2, max: 10_000_000 }), { minLength: 1, maxLength: 200 });

describe("a latency histogram", () => {
  it("puts a duration into the first bucket whose limit reaches it", () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 100_000_000 }), (ms) => {
        const bucket = latencyBucket(ms);
        expect(bucketLimitMs(bucket) * (1 + 1e-12)).toBeGreaterThanOrEqual(ms);
        expect(bucketLimitMs(bucket - 1)).toBeLessThan(ms);
      }),
    );
    expect([0, -5, 1, Number.NaN].map(latencyBucket)).toEqual([0, 0, 0, 0]);
  });

  it("gives percentiles that are at most a bucket above the true ones", () => {
    fc.assert(
      fc.property(durations, (samples) => {
        const counts = new Map<number, number>();
        for (const ms of samples) counts.set(latencyBucket(ms), (counts.get(latencyBucket(ms)) ?? 0) + 1);
        const summary = summarise(counts);
        const sorted = samples.toSorted((left, right) => left - right);
        for (const [share, given] of [
          [0.5, summary.p50],
          [0.95, summary.p95],
          [0.99, summary.p99],
        ] as const) {
          const truth = sorted[Math.ceil(samples.length * share) - 1] ?? Number.NaN;
          expect(given).toBeGreaterThanOrEqual(Math.floor(truth));
          expect(given).toBeLessThanOrEqual(Math.round(truth * 2 ** (1 / 8)) + 1);
        }
        expect(summary.samples).toBe(samples.length);
      }),
    );
    expect(summarise(new Map())).toEqual({ samples: 0, p50: null, p95: null, p99: null });
  });
});
