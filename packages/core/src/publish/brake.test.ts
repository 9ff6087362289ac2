import { describe, expect, it } from "vitest";

import { brakeSince, type EmptiedPool, type PoolMove, stopCause, stopLimit, stopsLeft } from "./brake.ts";

describe("the brake", () => {
  it("lets a tenth of a shop stop within an hour, and always a few", () => {
    expect([0, 100, 200, 10_000].map((listings) => stopLimit(listings, null))).toEqual([20, 20, 20, 1_000]);
    expect(stopLimit(10_000, 0)).toBe(0);
  });

  it("holds everything from the first one too many on, until the seller has looked", () => {
    expect(stopsLeft({ stopped: 0, held: 0, limit: 20 })).toBe(20);
    expect(stopsLeft({ stopped: 18, held: 0, limit: 20 })).toBe(2);
    expect(stopsLeft({ stopped: 25, held: 0, limit: 20 })).toBe(0);
    expect(stopsLeft({ stopped: 0, held: 1, limit: 20 })).toBe(0);
  });

  it("counts from its release on, or for an hour", () => {
    const hour = 3_600_000;
    expect(brakeSince(10 * hour, null)).toBe(9 * hour);
    expect(brakeSince(10 * hour, 9.5 * hour)).toBe(9.5 * hour);
    expect(brakeSince(10 * hour, hour)).toBe(9 * hour);
  });
});

describe("what stopped a listing", () => {
  const pool = (available: number, ...moves: readonly PoolMove[]): EmptiedPool => ({
    available,
    needed: 1,
    moves: moves.toReversed(),
  });
  const receipt = { seq: 10, kind: "receipt", units: 40 } as const;
  const sale = (seq: number, units: number) => ({ seq, kind: "order", units: -units }) as const;
  const count = { seq: 20, kind: "count", units: -40 } as const;

  it("is the sale that took the last unit, also of a kit whose other parts are there", () => {
    expect(stopCause([pool(0, receipt, sale(11, 39), sale(12, 1))], 5)).toBe("sold");
    expect(stopCause([pool(7, receipt), pool(-2, receipt, sale(12, 42))], 5)).toBe("sold");
  });

  it("is a count, and stays one although orders come after it", () => {
    expect(stopCause([pool(0, receipt, count)], 5)).toBe("changed");
    expect(stopCause([pool(-3, receipt, count, sale(21, 3))], 5)).toBe("changed");
  });

  it("is a change of the listing: a mapping to what was never there, or a floor above what is left", () => {
    expect(stopCause([pool(0)], 5)).toBe("changed");
    const floored = { available: 30, needed: 36, moves: [sale(12, 10), receipt] };
    expect(stopCause([floored], 30)).toBe("changed");
    expect(stopCause([floored], 5)).toBe("sold");
  });

  it("is nobody's sale where a hold was only given back and taken again", () => {
    const release = { seq: 21, kind: "reservation_expired", units: 2 } as const;
    expect(stopCause([pool(-38, receipt, sale(11, 40), release, count)], 5)).toBe("changed");
  });
});
