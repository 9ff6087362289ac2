import type { Settings } from "../settings.ts";

const FIVE_MINUTES_MS = 300_000;

/** The user's credits: a bucket that fills all the time, and a cap on the number of requests. */
export interface Credits {
  /** False when more than the allowed number of requests came within five minutes. */
  admit(): boolean;
  available(): number;
  /** Takes credits if they are all there. */
  take(credits: number): boolean;
  /** Gives back what a query asked for and did not get. */
  giveBack(credits: number): void;
}

export function createCredits(now: () => number, settings: () => Settings): Credits {
  let held = settings().credits.max;
  let filledAt = now();
  let requests: number[] = [];

  const fill = (): number => {
    const { max, restorePerSecond } = settings().credits;
    const at = now();
    held = Math.min(max, held + ((at - filledAt) / 1_000) * restorePerSecond);
    filledAt = at;
    return held;
  };

  return {
    admit() {
      const since = now() - FIVE_MINUTES_MS;
      // Counted from the front: refused requests do not count, so that the list stays short.
      const firstKept = requests.findIndex((at) => at > since);
      requests = firstKept === -1 ? [] : requests.slice(firstKept);
      if (requests.length >= settings().credits.requestsPerFiveMinutes) return false;
      requests.push(now());
      return true;
    },
    available: () => Math.floor(fill()),
    take(credits) {
      if (fill() < credits) return false;
      held -= credits;
      return true;
    },
    giveBack(credits) {
      held = Math.min(settings().credits.max, fill() + credits);
    },
  };
}
