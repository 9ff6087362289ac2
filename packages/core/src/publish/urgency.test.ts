import fc from "fast-check";
import { describe, expect, it } from "vitest";

import type { ListingView } from "./listing-view.ts";
import type { PushPlan } from "./plan-push.ts";
import { RAISES_FROM, urgencyOf } from "./urgency.ts";

const PER_MINUTE = 1 / 60_000;

const view = (change: Partial<ListingView>): ListingView => ({
  mode: "live",
  desired: 0,
  updatedSeq: 1,
  seq: 1,
  pace: { rate: 0, orderRate: 0, squareRate: 0 },
  isDealt: false,
  comparesWrites: false,
  observed: 10,
  observedAt: 0,
  readWantedAt: null,
  pushed: null,
  pushedAt: null,
  overtakenUntil: null,
  problem: null,
  attempts: 0,
  ordersKnownUntil: null,
  isFeedStale: false,
  mendedAt: null,
  ...change,
});

/** Units in orders of so many. */
const pace = (perMinute: number, unitsEach = 1) => ({
  rate: perMinute * PER_MINUTE,
  orderRate: (perMinute / unitsEach) * PER_MINUTE,
  squareRate: perMinute * unitsEach * PER_MINUTE,
});

/** A take to `desired` from what is shown. */
function take(desired: number, shown: number, perMinute: number, unitsEach = 1): number {
  const plan: PushPlan = { do: "push", quantity: desired, direction: desired === 0 ? "stop" : "lower" };
  return urgencyOf(plan, view({ desired, observed: shown, pace: pace(perMinute, unitsEach) }));
}

const raise = (perMinute: number) =>
  urgencyOf({ do: "push", quantity: 20, direction: "raise" }, view({ desired: 20, pace: pace(perMinute) }));
const read = (isUrgent: boolean) => urgencyOf({ do: "read", isUrgent }, view({ desired: 5 }));

describe("the order of calls", () => {
  it("is stops, takes, readings that may show too much, other readings, raises", () => {
    const order = [take(0, 1, 0), take(1, 2, 50), read(true), read(false), raise(50)];
    expect(order.toSorted((left, right) => left - right)).toEqual(order);
    expect(raise(50)).toBeGreaterThanOrEqual(RAISES_FROM);
    expect(read(false)).toBeLessThan(RAISES_FROM);
  });

  it("puts first what would be sold twice soonest", () => {
    expect(take(0, 5, 3)).toBeLessThan(take(0, 5, 0.3));
    expect(take(1, 5, 3)).toBeLessThan(take(30, 34, 3));
    expect(take(2, 9, 1)).toBeLessThan(take(2, 3, 1));
    // A unit a minute, mostly nothing and then a dozen at once.
    expect(take(6, 30, 1, 12)).toBeLessThan(take(6, 30, 1));
    expect(raise(3)).toBeLessThan(raise(1));
  });

  it("still tells apart what hardly sells", () => {
    expect(take(0, 50, 0)).toBeLessThanOrEqual(take(0, 2, 0));
    expect(take(1, 5, 0)).toBeLessThan(take(2, 5, 0));
  });

  it("never lets a take go after a raise, whatever sells how fast", () => {
    fc.assert(
      fc.property(
        fc.nat({ max: 200 }),
        fc.integer({ min: 1, max: 300 }),
        fc.double({ min: 0, max: 5_000, noNaN: true }),
        fc.double({ min: 0, max: 5_000, noNaN: true }),
        (desired, over, slow, fast) => {
          expect(take(desired, desired + over, slow)).toBeLessThan(raise(fast));
          if (desired > 0) expect(take(0, over, slow)).toBeLessThan(take(desired, desired + over, fast));
        },
      ),
    );
  });
});
