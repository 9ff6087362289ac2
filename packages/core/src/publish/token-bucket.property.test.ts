import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { fullBucket, slowedDown, take } from "./token-bucket.ts";

const limit = fc.record({
  perMinute: fc.integer({ min: 1, max: 6_000 }),
  burst: fc.integer({ min: 1, max: 100 }),
});
const asks = fc.array(
  fc.record({ afterMs: fc.nat({ max: 5_000 }), wanted: fc.integer({ min: 1, max: 20 }) }),
  {
    maxLength: 60,
  },
);

describe("a token bucket", () => {
  it("gives several together to somebody, however many ask for them however often", () => {
    fc.assert(
      fc.property(
        limit,
        fc.integer({ min: 1, max: 8 }),
        fc.integer({ min: 1, max: 200 }),
        (agreed, wanted, everyMs) => {
          const asked = Math.min(wanted, agreed.burst);
          const endsAt = ((asked * 60_000) / agreed.perMinute) * 20 + 20 * everyMs;
          let bucket = { ...fullBucket(agreed, 0), tokens: 0 };
          let given = 0;
          for (let now = 0; now <= endsAt; now += everyMs) {
            const took = take(bucket, agreed, { wanted, now });
            ({ bucket } = took);
            given += took.taken;
          }
          // All that flowed in but what lies in the bucket was given, unless nobody asked before it was full.
          const flowed = (endsAt * agreed.perMinute) / 60_000;
          const perLook = (everyMs * agreed.perMinute) / 60_000;
          const lost = perLook > asked ? flowed : asked + perLook;
          expect(given).toBeGreaterThanOrEqual(Math.min(flowed - lost, asked));
          expect(given).toBeGreaterThan(0);
        },
      ),
      { numRuns: 100 },
    );
  });

  it("never gives more than the burst and what flowed in since", () => {
    fc.assert(
      fc.property(limit, asks, (agreed, calls) => {
        let now = 0;
        let given = 0;
        let bucket = fullBucket(agreed, now);
        for (const { afterMs, wanted } of calls) {
          now += afterMs;
          const took = take(bucket, agreed, { wanted, now });
          ({ bucket } = took);
          given += took.taken;
          expect(given).toBeLessThanOrEqual(agreed.burst + (now * agreed.perMinute) / 60_000 + 1e-6);
        }
      }),
    );
  });

  it("gives a token after the wait it names", () => {
    fc.assert(
      fc.property(limit, fc.integer({ min: 1, max: 200 }), (agreed, wanted) => {
        const first = take(fullBucket(agreed, 0), agreed, { wanted, now: 0 });
        fc.pre(first.waitMs > 0);
        expect(take(first.bucket, agreed, { wanted: 1, now: first.waitMs }).taken).toBe(1);
      }),
    );
  });

  it("is silent for as long as it was asked to, then slower, then as before", () => {
    const agreed = { perMinute: 600, burst: 10 };
    const slowed = slowedDown(fullBucket(agreed, 0), agreed, { pauseMs: 5_000, now: 0 });
    expect(take(slowed, agreed, { wanted: 1, now: 4_999 })).toMatchObject({ taken: 0, waitMs: 1 });
    expect(slowed.share).toBe(0.5);
    const refusedTogether = slowedDown(slowed, agreed, { pauseMs: 5_000, now: 100 });
    expect(refusedTogether.share).toBeCloseTo(0.5, 2);
    expect(take(slowed, agreed, { wanted: 1, now: 60_000 }).bucket.share).toBe(1);
  });
});
