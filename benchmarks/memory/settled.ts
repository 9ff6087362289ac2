import { setTimeout as delay } from "node:timers/promises";

/** How long to wait for a figure that comes to rest. */
export interface Settling {
  readonly everyMs: number;
  /** At rest: this many figures in a row within `within`. */
  readonly inARow: number;
  readonly within: number;
  /** After so many figures the last one is taken, at rest or not. */
  readonly atMost: number;
  readonly signal: AbortSignal;
}

/** Reads a figure until it rests; answers the last one. */
export async function settled<T extends number | null>(
  read: () => Promise<T>,
  settling: Settling,
): Promise<T> {
  const seen: number[] = [];
  for (;;) {
    const figure = await read();
    if (figure === null) return figure;
    seen.push(figure);
    const recent = seen.slice(-settling.inARow);
    const isAtRest =
      recent.length === settling.inARow && Math.max(...recent) - Math.min(...recent) <= settling.within;
    if (isAtRest || seen.length >= settling.atMost) return figure;
    await delay(settling.everyMs, undefined, { signal: settling.signal });
  }
}
