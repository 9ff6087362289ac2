import type { Instant } from "../ledger/units.ts";

/** A stretch of the channel's time whose changes are listed; without an end: until now. */
export interface PollWindow {
  readonly from: Instant;
  readonly to?: Instant;
}

/** How a channel lists changed orders, in milliseconds. */
export interface PollShape {
  /** A poll begins this long before what the last one reached; what a list cuts off of a time is shorter. */
  readonly overlapMs: number;
  /** Changes younger than this may not be listed yet. */
  readonly lagMs: number;
  /** Long stretches are listed in pieces of this length. */
  readonly pieceMs: number;
}

const MINUTE_MS = 60_000;

/** No window is cut shorter than this, in milliseconds: a list cuts its times off by less. */
function grainOf({ overlapMs }: PollShape): number {
  return Math.max(MINUTE_MS, overlapMs);
}

/**
 * The windows of one poll, without a gap. They begin where the list's own cuts lie, some of which are whole hours. Those with
 * an end lie further back than the list lags; the last has none, so that clocks that differ from ours do not matter.
 */
export function pollWindows(changedThrough: Instant, now: Instant, shape: PollShape): PollWindow[] {
  const grain = grainOf(shape);
  const pieceMs = Math.max(grain, roundedDown(shape.pieceMs, grain));
  const windows: PollWindow[] = [];
  let from = roundedDown(changedThrough - shape.overlapMs, grain);
  for (; from + pieceMs < now - shape.lagMs - grain; from += pieceMs)
    windows.push({ from, to: from + pieceMs });
  return [...windows, { from }];
}

/** Two windows in place of one that holds more than the channel lists; null when it cannot be cut any shorter. */
export function halves(window: PollWindow, now: Instant, shape: PollShape): readonly PollWindow[] | null {
  const grain = grainOf(shape);
  const end = Math.max(window.to ?? now, window.from + grain);
  const middle = window.from + Math.max(grain, roundedDown((end - window.from) / 2, grain));
  if (middle >= (window.to ?? now - shape.lagMs)) return null;
  return [
    { from: window.from, to: middle },
    window.to === undefined ? { from: middle } : { from: middle, to: window.to },
  ];
}

function roundedDown(ms: number, grain: number): number {
  return Math.floor(ms / grain) * grain;
}
