import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { type UnseenListing, unitsToHoldBack } from "./hold-back.ts";

const HOUR_MS = 3_600_000;

const listing: fc.Arbitrary<UnseenListing> = fc.record({
  shown: fc.option(fc.nat({ max: 200 })),
  unitsPerSale: fc.integer({ min: 1, max: 12 }),
  pace: fc
    .tuple(fc.double({ min: 0, max: 50 / HOUR_MS, noNaN: true }), fc.double({ min: 1, max: 40, noNaN: true }))
    .map(([rate, unitsEach]) => ({ rate, orderRate: rate / unitsEach, squareRate: rate * unitsEach })),
});
const listings = fc.array(listing, { maxLength: 5 });
const time = fc.integer({ min: 0, max: 48 * HOUR_MS });

describe("what the others hold back", () => {
  it("never falls while the time that is not seen grows", () => {
    fc.assert(
      fc.property(listings, time, time, (unseen, first, more) => {
        expect(unitsToHoldBack(unseen, first + more)).toBeGreaterThanOrEqual(unitsToHoldBack(unseen, first));
      }),
    );
  });

  it("is never more than the channel shows, and covers a sale of whatever it shows", () => {
    fc.assert(
      fc.property(listing, time, (unseen, ms) => {
        const { shown, unitsPerSale } = unseen;
        const held = unitsToHoldBack([unseen], ms);
        if (shown !== null) expect(held).toBeLessThanOrEqual(shown * unitsPerSale);
        expect(held).toBeGreaterThanOrEqual(Math.min(shown ?? 1, 1) * unitsPerSale);
      }),
    );
  });

  it("adds up over the listings", () => {
    fc.assert(
      fc.property(listings, listings, time, (left, right, ms) => {
        expect(unitsToHoldBack([...left, ...right], ms)).toBe(
          unitsToHoldBack(left, ms) + unitsToHoldBack(right, ms),
        );
      }),
    );
  });

  it("reaches all it shows in the end, if it sells at all", () => {
    const unseen = {
      shown: 40,
      unitsPerSale: 1,
      pace: { rate: 1 / HOUR_MS, orderRate: 1 / HOUR_MS, squareRate: 1 / HOUR_MS },
    };
    expect(unitsToHoldBack([unseen], 0)).toBe(1);
    expect(unitsToHoldBack([unseen], HOUR_MS)).toBe(5); // Poisson(1) exceeds 4 once in 270 times
    expect(unitsToHoldBack([unseen], 100 * HOUR_MS)).toBe(40);
    const dozens = {
      ...unseen,
      pace: { rate: 1 / HOUR_MS, orderRate: 1 / 12 / HOUR_MS, squareRate: 12 / HOUR_MS },
    };
    expect(unitsToHoldBack([dozens], HOUR_MS)).toBe(19); // an order of a dozen, or a larger one, and a unit more
  });
});
