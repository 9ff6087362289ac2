import type { Caller } from "./caller.ts";

/** How long a caller is believed without asking the database: a revoked key is refused after at most this. */
export const RECHECK_MS = 2000;

/** More different credentials than this within `RECHECK_MS` are looked up anew: nobody fills our memory with guesses. */
const SIZE_MAX = 10_000;

interface Remembered {
  readonly at: number;
  readonly answer: Promise<Caller | null>;
}

/** Remembers whose credential it is, so that a busy key costs one look-up per `RECHECK_MS` however many requests it makes. */
export class CallerCache {
  private readonly remembered = new Map<string, Remembered>();
  private readonly lookUp: (hash: Buffer) => Promise<Caller | null>;
  private readonly now: () => number;

  constructor(lookUp: (hash: Buffer) => Promise<Caller | null>, now: () => number) {
    this.lookUp = lookUp;
    this.now = now;
  }

  /** The caller, at most `RECHECK_MS` old. Callers that come while it is being looked up wait for the same answer. */
  callerOf(hash: Buffer): Promise<Caller | null> {
    const key = hash.toString("base64");
    const known = this.remembered.get(key);
    const now = this.now();
    // A clock set back must not make an answer last.
    if (known !== undefined && now >= known.at && now - known.at < RECHECK_MS) return known.answer;
    const answer = this.lookUp(hash);
    // A failed look-up says nothing about the key: the next request asks again.
    answer.catch(() => this.forgetAnswer(key, answer));
    this.remembered.delete(key);
    this.remembered.set(key, { at: now, answer });
    this.trim(now);
    return answer;
  }

  /** Asks the database at the next request. */
  forget(hash: Buffer): void {
    this.remembered.delete(hash.toString("base64"));
  }

  private forgetAnswer(key: string, answer: Promise<Caller | null>): void {
    if (this.remembered.get(key)?.answer === answer) this.remembered.delete(key);
  }

  /** The map is in the order of look-up, so what is old stands in front. */
  private trim(now: number): void {
    for (const [key, { at }] of this.remembered) {
      if (this.remembered.size <= SIZE_MAX && now - at < RECHECK_MS) return;
      this.remembered.delete(key);
    }
  }
}
