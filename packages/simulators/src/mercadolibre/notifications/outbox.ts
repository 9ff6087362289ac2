import { createBoundedLog } from "../../bounded-log.ts";
import { createPoster, type PostOutcome } from "../../http-poster.ts";
import type { KeyedRandom } from "../../keyed-random.ts";
import type { SimulatorClock } from "../../simulator-clock.ts";
import type { MercadolibreFaults } from "../faults.ts";
import type { App } from "../seller.ts";
import type { Settings } from "../settings.ts";
import { utcTime } from "../vendor/vendor-time.ts";
import { createAnswerTimes } from "./answer-times.ts";
import { type Event, type Message, messageBody } from "./message.ts";
import { createMissedFeeds, type MissedFeeds } from "./missed-feeds.ts";
import { createTopicSwitch, type TopicSwitch } from "./topic-switch.ts";

/**
 * Waits before the 2nd to 8th attempt: eight tries within an hour, the third after 8 minutes. The spacing is not documented;
 * 3 attempts after 8 to 10 minutes were measured.
 */
const RETRY_WAITS_MS = [2, 6, 8, 9, 10, 12, 13].map((minutes) => minutes * 60_000);
/** Measured: a message with 3 failed attempts already stands in the missed feeds. */
const MISSED_FROM_ATTEMPT = 3;
/** `sent` follows `received` by this much. */
const SENT_GAP_MS = { min: 100, max: 900 };
/** Up to this late comes a notification that means nothing. */
const NOOP_DELAY_MS = 60_000;
const MOST_IN_FLIGHT = 64;
/** Beyond this many waiting deliveries new ones are given up at once and stand in the missed feeds. */
const MOST_WAITING = 100_000;

/** One line of `GET /_sim/notifications`. */
interface RecentDelivery {
  _id: string;
  topic: string;
  resource: string;
  userId: number;
  attempts: number;
  state: "delivered" | "failed";
  status: number;
  wallMs: number;
  at: string;
}

interface OutboxParts {
  clock: SimulatorClock;
  random: KeyedRandom;
  faults: MercadolibreFaults;
  settings: () => Settings;
}

/**
 * Sends notifications late, twice, out of order or not at all, and tries again those that were not answered
 * with 200.
 */
export class Outbox {
  readonly missed: MissedFeeds;
  readonly #parts: OutboxParts;
  readonly #poster = createPoster();
  readonly #topics: TopicSwitch;
  readonly #answers = createAnswerTimes();
  readonly #recent = createBoundedLog<RecentDelivery>(200);
  readonly #ready: Message[] = [];
  readonly #counts = {
    created: 0,
    attempts: 0,
    delivered: 0,
    lost: 0,
    duplicated: 0,
    unsubscribed: 0,
    silenced: 0,
    disabled: 0,
  };
  readonly #publishedByAccount = new Map<string, number>();
  #scheduled = 0;
  #inFlight = 0;
  #closed = false;

  constructor(parts: OutboxParts) {
    this.#parts = parts;
    this.missed = createMissedFeeds(parts.clock.now);
    this.#topics = createTopicSwitch(() => parts.settings().topicDisabling);
  }

  publish(app: App, event: Event): void {
    if (app.callbackUrl === null || !app.topics.includes(event.topic)) {
      this.#counts.unsubscribed += 1;
      return;
    }
    const { clock, random, faults } = this.#parts;
    const { loss, duplicate, noop, burst, burstSize, silent } = faults.current().notifications;
    if (this.#topics.isDisabled(app, event.topic)) {
      this.#counts.disabled += 1;
      return;
    }
    if (["*", event.topic, event.seller.account].some((name) => silent.includes(name))) {
      this.#counts.silenced += 1;
      return;
    }
    this.#counts.created += 1;
    const key = this.#nextKey(event.seller.account);
    if (random.chance(`noop|${key}`, noop)) {
      const delay = random.between(`noopAfter|${key}`, 0, NOOP_DELAY_MS);
      this.#dispatch(app, event, `${key}|noop`, clock.now() + delay);
    }
    if (random.chance(`loss|${key}`, loss)) {
      this.#counts.lost += 1;
      return;
    }
    this.#dispatch(app, event, key, clock.now());
    const copies =
      (random.chance(`duplicate|${key}`, duplicate) ? 1 : 0) +
      (random.chance(`burst|${key}`, burst) ? burstSize - 1 : 0);
    this.#counts.duplicated += copies;
    for (let copy = 1; copy <= copies; copy += 1) {
      this.#dispatch(app, event, `${key}|again${copy === 1 ? "" : copy}`, clock.now());
    }
  }

  /** Posts any body at once. */
  postRaw(url: string, body: string, contentType: string): Promise<PostOutcome> {
    const { deliveryTimeoutWallMs: timeoutWallMs } = this.#parts.settings();
    return this.#poster.post({ url, body, contentType, timeoutWallMs });
  }

  report(): Record<string, unknown> {
    return {
      pending: this.#scheduled + this.#ready.length,
      inFlight: this.#inFlight,
      counts: { ...this.#counts, missed: this.missed.size() },
      answerWallMs: this.#answers.report(),
      recent: this.#recent.latest(200),
    };
  }

  close(): void {
    this.#closed = true;
    this.#ready.length = 0;
    this.#poster.close();
  }

  /** Draws are keyed per account, so that the accounts' order of arrival does not change each other's delays. */
  #nextKey(account: string): string {
    const nth = (this.#publishedByAccount.get(account) ?? 0) + 1;
    this.#publishedByAccount.set(account, nth);
    return `${account}|${nth}`;
  }

  /** The first sending of one message, with whatever holds it back. */
  #dispatch(app: App, event: Event, key: string, receivedAt: number): void {
    const { clock, random, faults, settings } = this.#parts;
    const { latencyMs, reorder, reorderMs, slow, slowMs, otherShape } = faults.current().notifications;
    const range = latencyMs ?? settings().notificationLatencyMs;
    const latency = range.min + random.uniform(`latency|${key}`) * (range.max - range.min);
    const heldBack =
      (random.chance(`reorder|${key}`, reorder) ? random.uniform(`reorderBy|${key}`) * reorderMs : 0) +
      (random.chance(`slow|${key}`, slow) ? slowMs : 0);
    const gap = Math.min(latency, random.between(`sent|${key}`, SENT_GAP_MS.min, SENT_GAP_MS.max));
    const message: Message = {
      id: random.uuid(`notification|${key}`),
      app,
      account: event.seller.account,
      userId: event.seller.userId,
      topic: event.topic,
      resource: event.resource,
      actions: event.actions ?? [],
      attempts: 1,
      receivedAt,
      sentAt: Math.round(receivedAt + heldBack + gap),
      otherShape: random.chance(`shape|${key}`, otherShape),
    };
    if (this.#scheduled + this.#ready.length < MOST_WAITING) {
      return this.#schedule(receivedAt - clock.now() + heldBack + latency, message);
    }
    this.missed.put(message, { status: 0, wallMs: 0, body: "" });
  }

  #schedule(delayMs: number, message: Message): void {
    this.#scheduled += 1;
    this.#parts.clock.schedule(delayMs, () => {
      this.#scheduled -= 1;
      if (this.#closed) return;
      this.#ready.push(message);
      this.#startDeliveries();
    });
  }

  #startDeliveries(): void {
    while (this.#inFlight < MOST_IN_FLIGHT && this.#ready.length > 0) {
      const message = this.#ready.shift();
      if (message !== undefined) void this.#deliver(message);
    }
  }

  async #deliver(message: Message): Promise<void> {
    // What a topic would have said while it is off is nowhere to be found again.
    if (this.#topics.isDisabled(message.app, message.topic)) {
      this.#counts.disabled += 1;
      return;
    }
    this.#inFlight += 1;
    this.#counts.attempts += 1;
    const body = JSON.stringify(messageBody(message));
    const outcome = await this.postRaw(message.app.callbackUrl ?? "", body, "application/json");
    this.#inFlight -= 1;
    if (this.#closed) return;
    this.#settle(message, outcome);
    this.#startDeliveries();
  }

  #settle(message: Message, outcome: PostOutcome): void {
    const delivered = outcome.status === 200;
    this.#topics.answered(message.app, message.topic, outcome);
    this.#answers.note(outcome, this.#parts.settings().topicDisabling.slowAnswerWallMs);
    const { id, topic, resource, userId, attempts } = message;
    this.#recent.append({
      _id: id,
      topic,
      resource,
      userId,
      attempts,
      state: delivered ? "delivered" : "failed",
      status: outcome.status,
      wallMs: outcome.wallMs,
      at: utcTime(this.#parts.clock.now()),
    });
    if (delivered) {
      this.#counts.delivered += 1;
      this.missed.remove(id);
      return;
    }
    if (attempts >= MISSED_FROM_ATTEMPT) this.missed.put(message, outcome);
    const waitMs = RETRY_WAITS_MS[attempts - 1];
    if (waitMs === undefined) return;
    const sentAt = this.#parts.clock.now() + waitMs;
    this.#schedule(waitMs, { ...message, attempts: attempts + 1, sentAt });
  }
}
