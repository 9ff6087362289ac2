import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { halves, type PollWindow, pollWindows } from "./poll-windows.ts";

const HOUR_MS = 3_600_000;
const now = 20_000 * HOUR_MS;

describe("the windows of a poll", () => {
  it("cover everything from an hour before the last change, without a gap and without an end", () => {
    fc.assert(
      fc.property(fc.integer({ min: -100 * HOUR_MS, max: HOUR_MS }), (offset) => {
        const windows = pollWindows(now + offset, now);
        expect(windows[0]?.from).toBeLessThanOrEqual(now + offset - HOUR_MS);
        windows.forEach((window, index) => expect(window.to).toBe(windows[index + 1]?.from));
        expect(windows.every(({ from }) => from % HOUR_MS === 0)).toBe(true);
      }),
    );
  });

  it("are cut into whole hours until they are an hour long", () => {
    const cut = (window: PollWindow): PollWindow[] => halves(window, now)?.flatMap(cut) ?? [window];
    expect(cut({ from: now - 6 * HOUR_MS, to: now })).toEqual(
      [6, 5, 4, 3, 2, 1].map((hours) => ({ from: now - hours * HOUR_MS, to: now - (hours - 1) * HOUR_MS })),
    );
    expect(halves({ from: now - 2 * HOUR_MS }, now)).toEqual([
      { from: now - 2 * HOUR_MS, to: now - HOUR_MS },
      { from: now - HOUR_MS },
    ]);
  });
});
