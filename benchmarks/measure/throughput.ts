import type { Figures } from "./closed-loop.ts";
import { medianOf } from "./median.ts";

/** Several rounds in one line: the median, and the worst round beside it. */
export interface Throughput {
  readonly rounds: number;
  readonly linesPerSecond: { readonly median: number; readonly worst: number };
  readonly p50Ms: { readonly median: number };
  readonly p99Ms: { readonly median: number; readonly worst: number };
}

export function throughputOf(rounds: readonly Figures[]): Throughput {
  const rates = rounds.map(linesPerSecond);
  const p99 = rounds.map(({ p99Ms }) => p99Ms);
  return {
    rounds: rounds.length,
    linesPerSecond: { median: medianOf(rates), worst: Math.min(...rates) },
    p50Ms: { median: medianOf(rounds.map(({ p50Ms }) => p50Ms)) },
    p99Ms: { median: medianOf(p99), worst: Math.max(...p99) },
  };
}

export function linesPerSecond({ lines, elapsedMs }: Figures): number {
  return elapsedMs > 0 ? (lines / elapsedMs) * 1000 : 0;
}
