import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { halves, type PollShape, type PollWindow, pollWindows } from "./poll-windows.ts";

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
const now = 20_000 * HOUR_MS + 17 * MINUTE_MS;

const shape: fc.Arbitrary<PollShape> = fc.record({
  overlapMs: fc.constantFrom(0, 30_000, 10 * MINUTE_MS, HOUR_MS),
  lagMs: fc.constantFrom(0, 2 * MINUTE_MS),
  pieceMs: fc.constantFrom(6 * HOUR_MS, 50 * HOUR_MS),
});
const offset = fc.integer({ min: -100 * HOUR_MS, max: HOUR_MS });

function expectCover(windows: readonly PollWindow[], from: number): void {
  expect(windows[0]?.from).toBeLessThanOrEqual(from);
  windows.forEach((window, index) => expect(window.to).toBe(windows[index + 1]?.from));
}

describe("the windows of a poll", () => {
  it("cover everything from the overlap on, without a gap and without an end", () => {
    fc.assert(
      fc.property(offset, shape, (before, given) => {
        expectCover(pollWindows(now + before, now, given), now + before - given.overlapMs);
      }),
    );
  });

  it("end, where they do, where the list has everything", () => {
    fc.assert(
      fc.property(offset, shape, (before, given) => {
        for (const { to } of pollWindows(now + before, now, given))
          if (to !== undefined) expect(to).toBeLessThan(now - given.lagMs);
      }),
    );
  });

  it("are cut, however much they hold, into pieces that still cover everything, and not for ever", () => {
    fc.assert(
      fc.property(offset, shape, (before, given) => {
        const cut = (window: PollWindow): PollWindow[] =>
          halves(window, now, given)?.flatMap(cut) ?? [window];
        const windows = pollWindows(now + before, now, given).flatMap(cut);
        expectCover(windows, now + before - given.overlapMs);
        const shortest = Math.max(MINUTE_MS, given.overlapMs);
        for (const { from, to } of windows) if (to !== undefined) expect(to - from).toBe(shortest);
      }),
    );
  });

  it("begin at whole hours where a list cuts times to the hour", () => {
    const windows = pollWindows(now, now, { overlapMs: HOUR_MS, lagMs: 0, pieceMs: 6 * HOUR_MS });
    expect(windows).toEqual([{ from: now - HOUR_MS - 17 * MINUTE_MS }]);
  });
});
