import type { Figures, Span } from "./closed-loop.ts";

/** One thing to measure beside others. */
export interface Variant<Name> {
  readonly name: Name;
  measure(span: Span): Promise<Figures>;
}

/** One variant with what each of its rounds saw, in the order of the rounds. */
export interface Measured<Name> {
  readonly name: Name;
  readonly rounds: readonly Figures[];
}

/** How often and how long. */
export interface Pace {
  readonly rounds: number;
  readonly warmUp: Span;
  readonly round: Span;
  /** No further round begins after this, in milliseconds, once there are three. */
  readonly budgetMs: number;
  /** Ends the bench early. */
  readonly signal: AbortSignal;
  /** For whoever waits at the screen. */
  onProgress(text: string): void;
}

/** Fewer rounds have no middle that means anything. */
const ROUNDS_MIN = 3;

/**
 * Measures every variant once per round, forwards and backwards in turn (A B B A), so that whatever else the machine does, and tables that
 * grow, fall on all of them alike. The first time is a warm-up and not counted.
 */
export async function interleave<Name>(
  variants: readonly Variant<Name>[],
  pace: Pace,
): Promise<readonly Measured<Name>[]> {
  const rounds = new Map(variants.map((variant) => [variant, [] as Figures[]]));
  pace.onProgress("warming up");
  for (const variant of variants) {
    pace.signal.throwIfAborted();
    await variant.measure(pace.warmUp);
  }
  const begunAt = performance.now();
  for (let round = 1; round <= pace.rounds; round++) {
    if (round > ROUNDS_MIN && performance.now() - begunAt > pace.budgetMs) break;
    pace.onProgress(`round ${round} of ${pace.rounds}`);
    for (const variant of round % 2 === 1 ? variants : variants.toReversed()) {
      pace.signal.throwIfAborted();
      rounds.get(variant)?.push(await variant.measure(pace.round));
    }
  }
  return variants.map((variant) => ({ name: variant.name, rounds: rounds.get(variant) ?? [] }));
}
