import type { Measured } from "../measure/interleave.ts";
import { throughputOf } from "../measure/throughput.ts";

/** The one with the highest median; null when there is none. */
export function fastestOf<Name>(measured: readonly Measured<Name>[]): Measured<Name> | null {
  const byRate = measured
    .map((each) => ({ each, rate: throughputOf(each.rounds).linesPerSecond.median }))
    .toSorted((left, right) => right.rate - left.rate);
  return byRate[0]?.each ?? null;
}
