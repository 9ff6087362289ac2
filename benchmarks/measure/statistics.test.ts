import { describe, expect, test } from "vitest";

import type { Figures } from "./closed-loop.ts";
import { medianOf } from "./median.ts";
import { percentileOf } from "./percentile.ts";
import { ratioOf, standingOf } from "./ratio.ts";
import { throughputOf } from "./throughput.ts";

function round(lines: number, p99Ms = 1): Figures {
  return { lines, calls: lines, elapsedMs: 500, p50Ms: 1, p99Ms, longestMs: p99Ms };
}

describe("a percentile", () => {
  test("is the smallest value that so large a share does not exceed", () => {
    const hundred = Array.from({ length: 100 }, (_, index) => index + 1);
    expect(percentileOf(hundred, 0.5)).toBe(50);
    expect(percentileOf(hundred, 0.99)).toBe(99);
    expect(percentileOf([7], 0.99)).toBe(7);
    expect(percentileOf([], 0.5)).toBe(0);
  });
});

describe("a median", () => {
  test("is the middle one, or between the two in the middle", () => {
    expect(medianOf([3, 1, 2])).toBe(2);
    expect(medianOf([4, 1, 3, 2])).toBe(2.5);
    expect(() => medianOf([])).toThrow();
  });
});

describe("throughput", () => {
  test("is per second, with the worst round beside the median", () => {
    expect(throughputOf([round(100), round(50, 9), round(300)])).toEqual({
      rounds: 3,
      linesPerSecond: { median: 200, worst: 100 },
      p50Ms: { median: 1 },
      p99Ms: { median: 1, worst: 9 },
    });
  });
});

describe("a ratio", () => {
  const mark = { floor: 4, goal: 6 };

  test("is taken round by round", () => {
    const of = [round(40), round(60), round(10)];
    const to = [round(10), round(10), round(10)];
    expect(ratioOf("x", mark, { of, to })).toEqual({ what: "x", median: 4, worst: 1, mark });
    expect(() => ratioOf("x", mark, { of, to: to.slice(1) })).toThrow(/round 3/);
  });

  test("reaches the goal, the floor, or neither", () => {
    expect([6, 4, 3.9].map((median) => standingOf(median, mark))).toEqual([
      "goal",
      "floor",
      "below the floor",
    ]);
  });
});
