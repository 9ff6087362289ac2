/** Bars are drawn from 10 ms to 10 minutes: four to five decades, so the scale is logarithmic. */
const SHORTEST_MS = 10;
const LONGEST_MS = 600_000;

/** How far a duration reaches on the scale, from 0 to 1. */
export function reach(ms: number): number {
  const share = Math.log(Math.max(ms, SHORTEST_MS) / SHORTEST_MS) / Math.log(LONGEST_MS / SHORTEST_MS);
  return Math.min(1, share);
}
