import type { Figures } from "./closed-loop.ts";
import { medianOf } from "./median.ts";
import { linesPerSecond } from "./throughput.ts";

/** What a figure must reach at least, and what it should. */
export interface Mark {
  readonly floor: number;
  readonly goal: number;
}

/** One figure divided by another of the same round. */
export interface Ratio {
  readonly what: string;
  readonly median: number;
  readonly worst: number;
  readonly mark: Mark;
}

/** Compares round by round: both halves of a quotient had the same machine. */
export function ratioOf(
  what: string,
  mark: Mark,
  pair: { readonly of: readonly Figures[]; readonly to: readonly Figures[] },
): Ratio {
  const quotients = pair.of.map((figures, round) => {
    const other = pair.to[round];
    if (other === undefined) throw new Error(`${what}: round ${round + 1} has nothing to compare with`);
    return linesPerSecond(figures) / linesPerSecond(other);
  });
  return { what, median: medianOf(quotients), worst: Math.min(...quotients), mark };
}

/** Where a median stands: a word for the table. */
export function standingOf(median: number, mark: Mark): "goal" | "floor" | "below the floor" {
  if (median >= mark.goal) return "goal";
  return median >= mark.floor ? "floor" : "below the floor";
}
