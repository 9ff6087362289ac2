import type { Instant } from "../ledger/units.ts";

/** A stretch of the channel's time whose changes are listed; without an end: until now. */
export interface PollWindow {
  readonly from: Instant;
  readonly to?: Instant;
}

const HOUR_MS = 3_600_000;

/** Long ones are listed in pieces of this length, so that a catch-up after days keeps what it has. In milliseconds. */
const PIECE_MS = 6 * HOUR_MS;

/**
 * The windows of one poll. It begins a whole hour before what the last one reached: some channels cut times to the hour, and
 * their lists run behind. The last window has no end, so that clocks that differ from ours do not matter.
 */
export function pollWindows(changedThrough: Instant, now: Instant): PollWindow[] {
  const windows: PollWindow[] = [];
  let from = wholeHour(changedThrough - HOUR_MS);
  for (; from + PIECE_MS < now; from += PIECE_MS) windows.push({ from, to: from + PIECE_MS });
  return [...windows, { from }];
}

/** Two windows in place of one that holds more than the channel lists; null when it cannot be cut any shorter. */
export function halves(window: PollWindow, now: Instant): readonly PollWindow[] | null {
  const end = Math.max(window.to ?? now, window.from + HOUR_MS);
  const middle = window.from + Math.max(HOUR_MS, wholeHour((end - window.from) / 2));
  if (window.to !== undefined && middle >= window.to) return null;
  return [
    { from: window.from, to: middle },
    window.to === undefined ? { from: middle } : { from: middle, to: window.to },
  ];
}

function wholeHour(instant: Instant): Instant {
  return Math.floor(instant / HOUR_MS) * HOUR_MS;
}
