const WINDOW_MS = 60_000;

/** What a token may still do. */
export type RateOutcome =
  | { allowed: true; remaining: number }
  | { allowed: false; retryAfterSeconds: number };

/** A sliding minute per caller, documented. Refused calls do not count (ASSUMED). */
export function createRateWindow(now: () => number) {
  const timesByCaller = new Map<string, number[]>();

  return {
    take(caller: string, mostPerMinute: number): RateOutcome {
      const at = now();
      const times = (timesByCaller.get(caller) ?? []).filter((time) => time > at - WINDOW_MS);
      timesByCaller.set(caller, times);
      const [oldest] = times;
      if (times.length >= mostPerMinute && oldest !== undefined) {
        return {
          allowed: false,
          retryAfterSeconds: Math.max(1, Math.ceil((oldest + WINDOW_MS - at) / 1_000)),
        };
      }
      times.push(at);
      return { allowed: true, remaining: mostPerMinute - times.length };
    },
  };
}
