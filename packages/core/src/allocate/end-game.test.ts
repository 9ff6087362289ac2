import { describe, expect, it } from "vitest";

import { demandDuring } from "./demand.ts";
import { endGameThreshold, expectedOversold, isEndGame } from "./end-game.ts";

/** Units in orders of so many. */
const perMinute = (rate: number, latencyMs = 30_000, unitsEach = 1) =>
  demandDuring(
    {
      rate: rate / 60_000,
      orderRate: rate / unitsEach / 60_000,
      squareRate: (rate * unitsEach) / 60_000,
    },
    latencyMs,
  );

describe("the end game", () => {
  it("begins where the demand elsewhere could reach what is left", () => {
    expect(endGameThreshold([perMinute(0.1), perMinute(0.1), perMinute(0.1)], 0.01)).toBe(1);
    expect(endGameThreshold([perMinute(1), perMinute(1), perMinute(1)], 0.01)).toBe(4);
    expect(
      endGameThreshold([perMinute(1, 120_000), perMinute(1, 120_000), perMinute(1, 120_000)], 0.01),
    ).toBe(9);
  });

  it("begins with the last unit where nothing sells", () => {
    expect(endGameThreshold([perMinute(0), perMinute(0)], 0.01)).toBe(1);
  });

  it("never begins for a lone listing, nor where every risk is taken", () => {
    expect(endGameThreshold([perMinute(100)], 0.01)).toBe(0);
    expect(endGameThreshold([perMinute(5), perMinute(5)], 1)).toBe(0);
  });

  it("takes the demand from where it comes: a quiet listing fears the busy one", () => {
    expect(endGameThreshold([perMinute(3), perMinute(0)], 0.01)).toBe(5);
  });

  it("begins sooner where fewer buyers take more units each", () => {
    const ones = [perMinute(1), perMinute(1)];
    const dozens = [perMinute(1, 30_000, 12), perMinute(1, 30_000, 12)];
    expect(endGameThreshold(ones, 0.01)).toBe(3);
    expect(endGameThreshold(dozens, 0.01)).toBe(13);
    expect(endGameThreshold([...ones.slice(1), ...dozens.slice(1)], 0.01)).toBe(13);
  });

  it("ends only well above the threshold", () => {
    const at = (available: number) => ({ available, threshold: 4 });
    expect(isEndGame(at(5), false)).toBe(false);
    expect(isEndGame(at(4), false)).toBe(true);
    expect(isEndGame(at(6), true)).toBe(true);
    expect(isEndGame(at(7), true)).toBe(false);
    expect(isEndGame({ available: 0, threshold: 0 }, false)).toBe(false);
  });
});

describe("the units expected to be sold twice", () => {
  const listings = [perMinute(1), perMinute(1)];

  it("are none where the exposures fit", () => {
    expect(expectedOversold({ available: 2, exposure: 2 }, listings)).toBe(0);
  });

  it("are what sells during one latency beyond what is there, and no more than is shown too much", () => {
    const mean = 1;
    const none = Math.exp(-mean);
    expect(expectedOversold({ available: 1, exposure: 2 }, listings)).toBeCloseTo(mean - (1 - none), 12);
    expect(expectedOversold({ available: 40, exposure: 80 }, listings)).toBeLessThan(1e-12);
    // As many units, a dozen or nothing at a time: 11 too many if a dozen come, which is every twelfth time.
    const dozens = [perMinute(1, 60_000, 12)];
    expect(expectedOversold({ available: 1, exposure: 40 }, dozens)).toBeGreaterThan(11 / 12 - 0.05);
    expect(expectedOversold({ available: -2, exposure: 1 }, [perMinute(60), perMinute(60)])).toBe(1);
  });
});
