import type { ChainEntry } from "../../../api/contract.ts";

/** Available over time as a step line: parallel columns, as the chart wants them. Times in seconds, oldest first. */
export interface AvailableSteps {
  readonly seconds: readonly number[];
  readonly available: readonly number[];
}

/**
 * The line that a chain (newest first) draws up to `nowMs`. The first point is what was before the oldest entry known;
 * the last one repeats the present, so that the line reaches now.
 */
export function availableSteps(chain: readonly ChainEntry[], nowMs: number): AvailableSteps {
  const oldestFirst = chain.toReversed();
  const first = oldestFirst[0];
  if (first === undefined) return { seconds: [], available: [] };
  const seconds: number[] = [secondsOf(first.recordedAt)];
  const available: number[] = [first.available.before];
  for (const entry of oldestFirst) {
    const { after } = entry.available;
    if (after === available.at(-1)) continue;
    // Entries of one batch share their time: the last one of them is what stood afterwards.
    const at = secondsOf(entry.recordedAt);
    if (at === seconds.at(-1) && seconds.length > 1) available[available.length - 1] = after;
    else {
      seconds.push(at);
      available.push(after);
    }
  }
  seconds.push(Math.max(nowMs / 1000, seconds.at(-1) ?? 0));
  available.push(available.at(-1) ?? 0);
  return { seconds, available };
}

function secondsOf(instant: string): number {
  return Date.parse(instant) / 1000;
}
