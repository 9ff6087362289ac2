import { createBoundedLog } from "../../bounded-log.ts";
import { createPoster, type PostOutcome } from "../../http-poster.ts";
import type { KeyedRandom } from "../../keyed-random.ts";
import type { SimulatorClock } from "../../simulator-clock.ts";

/** A rule's API destination gives up after this (documented). */
const LONGEST_EFFORT_MS = 24 * 3_600_000;
const MOST_ATTEMPTS = 185;
/** Doubling from the first to the last, then drawn down to half: exponential with jitter is documented, the figures are ASSUMED. */
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 600_000;
const MOST_IN_FLIGHT = 64;
/** Beyond this many waiting posts new ones are dropped. */
const MOST_WAITING = 100_000;
/** Answers that are tried again, beside 5xx and none at all; others drop the event (ASSUMED). */
const RETRIED = new Set([0, 401, 407, 409, 429]);

/** One body on its way to a callback. */
interface Parcel {
  url: string;
  body: string;
  notificationId: string;
  attempts: number;
  firstTriedAt: number;
}

interface TapParts {
  clock: SimulatorClock;
  random: KeyedRandom;
  timeoutWallMs: () => number;
}

/** Posts notifications to a URL, as the API destination of an event rule would, and tries again what was not taken. */
export class Tap {
  readonly counts = { attempts: 0, delivered: 0, dropped: 0 };
  readonly #parts: TapParts;
  readonly #poster = createPoster();
  readonly #recent = createBoundedLog<{
    notificationId: string;
    attempts: number;
    status: number;
    at: string;
  }>(200);
  readonly #ready: Parcel[] = [];
  #scheduled = 0;
  #inFlight = 0;
  #closed = false;

  constructor(parts: TapParts) {
    this.#parts = parts;
  }

  post(url: string, notificationId: string, body: string): void {
    if (this.#scheduled + this.#ready.length >= MOST_WAITING) {
      this.counts.dropped += 1;
      return;
    }
    this.#ready.push({ url, body, notificationId, attempts: 0, firstTriedAt: this.#parts.clock.now() });
    this.#startPosts();
  }

  /** Posts any body at once, once. */
  postRaw(url: string, body: string, contentType: string): Promise<PostOutcome> {
    return this.#poster.post({ url, body, contentType, timeoutWallMs: this.#parts.timeoutWallMs() });
  }

  report() {
    return {
      pending: this.#scheduled + this.#ready.length,
      inFlight: this.#inFlight,
      counts: { ...this.counts },
      recent: this.#recent.latest(200),
    };
  }

  close(): void {
    this.#closed = true;
    this.#ready.length = 0;
    this.#poster.close();
  }

  #startPosts(): void {
    while (this.#inFlight < MOST_IN_FLIGHT && this.#ready.length > 0) {
      const parcel = this.#ready.shift();
      if (parcel !== undefined) void this.#try(parcel);
    }
  }

  async #try(parcel: Parcel): Promise<void> {
    this.#inFlight += 1;
    this.counts.attempts += 1;
    const outcome = await this.postRaw(parcel.url, parcel.body, "application/json");
    this.#inFlight -= 1;
    if (this.#closed) return;
    this.#settle({ ...parcel, attempts: parcel.attempts + 1 }, outcome);
    this.#startPosts();
  }

  #settle(parcel: Parcel, { status }: PostOutcome): void {
    const { clock, random } = this.#parts;
    const { attempts, notificationId, firstTriedAt } = parcel;
    this.#recent.append({ notificationId, attempts, status, at: new Date(clock.now()).toISOString() });
    if (status >= 200 && status < 300) {
      this.counts.delivered += 1;
      return;
    }
    const longest = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (attempts - 1));
    const waitMs = longest * (0.5 + random.uniform(`tap|${notificationId}|${attempts}`) / 2);
    const isTooLate = clock.now() + waitMs > firstTriedAt + LONGEST_EFFORT_MS || attempts >= MOST_ATTEMPTS;
    if (isTooLate || !(RETRIED.has(status) || status >= 500)) {
      this.counts.dropped += 1;
      return;
    }
    this.#scheduled += 1;
    clock.schedule(waitMs, () => {
      this.#scheduled -= 1;
      if (this.#closed) return;
      this.#ready.push(parcel);
      this.#startPosts();
    });
  }
}
