import { fullBucket, take, type TokenBucket } from "@onepool/core/publish/token-bucket.ts";

/**
 * Readings per connection of orders that nothing but a notification names. Notifications can be forged, and what a channel
 * answers to invented ones is "not found": those cost, those that turn out to be orders give back what they took. Whatever is
 * held up here and real is listed by the next poll, and then read at once.
 */
const LIMIT = { perMinute: 30, burst: 60 };

/** Looked at again after this long at the latest, in milliseconds: readings given back make room. */
const LONGEST_WAIT_MS = 10 * 60_000;

interface Unknowns {
  bucket: TokenBucket;
  /** The next turn that nobody waits for. */
  nextTurn: number;
}

/** Per process. */
export class UnknownReads {
  private readonly clock: { now(): number };
  private readonly connections = new Map<string, Unknowns>();

  constructor(clock: { now(): number }) {
    this.clock = clock;
  }

  /** Takes a reading; otherwise how long to wait for a turn, in milliseconds. */
  take(connection: string): { readonly ok: true } | { readonly ok: false; readonly waitMs: number } {
    const now = this.clock.now();
    const unknowns = this.of(connection, now);
    const { bucket, taken } = take(unknowns.bucket, LIMIT, { wanted: 1, now });
    unknowns.bucket = bucket;
    if (taken === 1) return { ok: true };
    const turn = Math.max(unknowns.nextTurn, now) + 60_000 / LIMIT.perMinute;
    unknowns.nextTurn = Math.min(turn, now + LONGEST_WAIT_MS);
    return { ok: false, waitMs: unknowns.nextTurn - now };
  }

  /** It was an order after all: its readings are given back. */
  giveBack(connection: string, readings: number): void {
    const unknowns = this.connections.get(connection);
    if (unknowns === undefined) return;
    const tokens = Math.min(LIMIT.burst, unknowns.bucket.tokens + readings);
    unknowns.bucket = { ...unknowns.bucket, tokens };
  }

  private of(connection: string, now: number): Unknowns {
    let unknowns = this.connections.get(connection);
    if (unknowns === undefined) {
      unknowns = { bucket: fullBucket(LIMIT, now), nextTurn: 0 };
      this.connections.set(connection, unknowns);
    }
    return unknowns;
  }
}
