import { describe, expect, it } from "vitest";

import { exposureAfterWrite, exposureOf, type ExposureView, isSettled } from "./exposure.ts";

describe("an exposure", () => {
  const read: ExposureView = {
    observed: 6,
    observedAt: 100,
    observedUntil: 110,
    pushed: null,
    overtakenUntil: null,
    ownSold: 4,
    reach: 15,
    openSales: 0,
    ordersKnownUntil: 105,
  };

  it("counts what was shown before a write until the orders are complete past its reading", () => {
    expect(exposureOf(read)).toBe(11);
    expect(exposureOf({ ...read, ownSold: 7 })).toBe(8);
    expect(exposureOf({ ...read, ordersKnownUntil: 110 })).toBe(6);
    expect(isSettled({ ...read, ordersKnownUntil: 110, overtakenUntil: 101 })).toBe(false);
  });

  it("grows by all of a blind write, and only by the raise of a compared one", () => {
    const known = { ...read, ordersKnownUntil: 200 };
    expect(exposureAfterWrite(known, { quantity: 5, isCompared: false })).toBe(11);
    expect(exposureAfterWrite(known, { quantity: 0, isCompared: false })).toBe(6);
    expect(exposureAfterWrite(known, { quantity: 5, isCompared: true })).toBe(6);
    expect(exposureAfterWrite(known, { quantity: 9, isCompared: true })).toBe(9);
  });

  it("leaves out known orders that the channel has yet to take off its number", () => {
    const known = { ...read, ordersKnownUntil: 200, openSales: 2 };
    expect(exposureOf(known)).toBe(4);
    expect(exposureAfterWrite(known, { quantity: 5, isCompared: false })).toBe(7);
  });

  it("is unknown before the first reading", () => {
    expect(exposureOf({ ...read, observed: null })).toBeNull();
  });
});
