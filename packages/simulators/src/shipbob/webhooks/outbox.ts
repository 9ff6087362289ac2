import { createBoundedLog } from "../../bounded-log.ts";
import { createPoster, type PostOutcome } from "../../http-poster.ts";
import type { KeyedRandom } from "../../keyed-random.ts";
import type { SimulatorClock } from "../../simulator-clock.ts";
import type { ShipBobFaults } from "../faults.ts";
import type { Settings } from "../settings.ts";
import { signatureOf } from "./signature.ts";
import { type Subscription, Subscriptions } from "./subscriptions.ts";

const MOST_IN_FLIGHT = 50;
/** A receiver that is down for long must not fill the memory: what comes on top is lost. */
const MOST_WAITING = 50_000;

interface Message {
  subscription: Subscription;
  /** Stable over retries, documented. */
  id: string;
  topic: string;
  /** Made when it happened: what comes late tells of the past. */
  body: string;
  attempt: number;
}

interface OutboxParts {
  clock: SimulatorClock;
  random: KeyedRandom;
  faults: ShipBobFaults;
  settings: () => Settings;
}

/** Tells subscribers what happened: signed, tried again, and not always. */
export class Outbox {
  readonly subscriptions: Subscriptions;
  readonly #parts: OutboxParts;
  readonly #poster = createPoster();
  readonly #recent = createBoundedLog<object>(200);
  readonly #ready: Message[] = [];
  readonly #counts = {
    created: 0,
    attempts: 0,
    delivered: 0,
    lost: 0,
    duplicated: 0,
    givenUp: 0,
    discarded: 0,
  };
  readonly #told = new Map<string, number>();
  #waiting = 0;
  #inFlight = 0;
  #closed = false;

  constructor(parts: OutboxParts) {
    this.#parts = parts;
    this.subscriptions = new Subscriptions(parts.random, parts.clock.now);
  }

  publish(topic: string, body: object): void {
    for (const subscription of this.subscriptions.all()) {
      if (!subscription.topics.includes(topic)) continue;
      if (subscription.enabled) this.#tell(subscription, topic, JSON.stringify(body));
      else this.#counts.discarded += 1;
    }
  }

  /** Posts any body at once, with whatever headers. */
  post(url: string, body: string, headers: Readonly<Record<string, string>>): Promise<PostOutcome> {
    const { deliveryTimeoutWallMs: timeoutWallMs } = this.#parts.settings();
    return this.#poster.post({ url, body, contentType: "application/json", headers, timeoutWallMs });
  }

  report(): Record<string, unknown> {
    return {
      pending: this.#waiting + this.#ready.length,
      inFlight: this.#inFlight,
      counts: { ...this.#counts },
      subscriptions: this.subscriptions.all().map(({ secret: _, ...subscription }) => subscription),
      recent: this.#recent.latest(200),
    };
  }

  close(): void {
    this.#closed = true;
    this.#ready.length = 0;
    this.#poster.close();
  }

  #tell(subscription: Subscription, topic: string, body: string): void {
    const { random, faults } = this.#parts;
    const { loss, duplicate, duplicateNewId, silent } = faults.current().webhooks;
    this.#counts.created += 1;
    const nth = (this.#told.get(subscription.id) ?? 0) + 1;
    this.#told.set(subscription.id, nth);
    const key = `${subscription.id}|${nth}`;
    const isSilent = silent.includes("*") || silent.includes(topic);
    if (isSilent || this.#waiting >= MOST_WAITING || random.chance(`loss|${key}`, loss)) {
      this.#counts.lost += 1;
      return;
    }
    const message: Message = {
      subscription,
      id: `msg_${random.hex(`message|${key}`, 24)}`,
      topic,
      body,
      attempt: 1,
    };
    this.#sendFirst(message, key);
    if (random.chance(`duplicate|${key}`, duplicate)) this.#sendAgain(message, `${key}|again`);
    if (random.chance(`duplicateNewId|${key}`, duplicateNewId)) {
      const again = `${key}|anew`;
      this.#sendAgain({ ...message, id: `msg_${random.hex(`message|${again}`, 24)}` }, again);
    }
  }

  #sendAgain(message: Message, key: string): void {
    this.#counts.duplicated += 1;
    this.#sendFirst(message, key);
  }

  #sendFirst(message: Message, key: string): void {
    const { random, faults, settings } = this.#parts;
    const { latencyMs, reorder, reorderMs, slow, slowMs } = faults.current().webhooks;
    const { min, max } = latencyMs ?? settings().webhookLatencyMs;
    const latency = min + random.uniform(`latency|${key}`) * (max - min);
    const heldBack =
      (random.chance(`reorder|${key}`, reorder) ? random.uniform(`reorderBy|${key}`) * reorderMs : 0) +
      (random.chance(`slow|${key}`, slow) ? slowMs : 0);
    this.#schedule(latency + heldBack, message);
  }

  #schedule(delayMs: number, message: Message): void {
    this.#waiting += 1;
    this.#parts.clock.schedule(delayMs, () => {
      this.#waiting -= 1;
      if (this.#closed) return;
      this.#ready.push(message);
      this.#startPosts();
    });
  }

  #startPosts(): void {
    while (this.#inFlight < MOST_IN_FLIGHT) {
      const message = this.#ready.shift();
      if (message === undefined) return;
      if (this.subscriptions.isLive(message.subscription)) void this.#deliver(message);
      else this.#counts.discarded += 1;
    }
  }

  async #deliver(message: Message): Promise<void> {
    const { subscription, id, topic, body } = message;
    const seconds = Math.floor(this.#parts.clock.now() / 1_000);
    this.#inFlight += 1;
    this.#counts.attempts += 1;
    const outcome = await this.post(subscription.url, body, {
      "webhook-id": id,
      "webhook-timestamp": String(seconds),
      "webhook-signature": signatureOf(subscription.secret, { id, seconds, body }),
      "x-webhook-topic": topic,
    });
    this.#inFlight -= 1;
    if (this.#closed) return;
    this.#settle(message, outcome);
    this.#startPosts();
  }

  #settle(message: Message, { status, wallMs }: PostOutcome): void {
    const { subscription, id, topic, attempt } = message;
    const { retryWaitsMs, disableAfterMs } = this.#parts.settings();
    // A redirect is a failure, documented.
    const isDelivered = status >= 200 && status < 300;
    this.subscriptions.note(subscription, isDelivered, disableAfterMs);
    this.#recent.append({ id, topic, attempt, status, wallMs, isDelivered });
    if (isDelivered) {
      this.#counts.delivered += 1;
      return;
    }
    const waitMs = retryWaitsMs[attempt - 1];
    if (waitMs === undefined) this.#counts.givenUp += 1;
    else this.#schedule(waitMs, { ...message, attempt: attempt + 1 });
  }
}
