import { createHmac } from "node:crypto";

import { type BoundedLog, createBoundedLog } from "../../bounded-log.ts";
import { createPoster, type PostOutcome, type Poster } from "../../http-poster.ts";
import type { KeyedRandom } from "../../keyed-random.ts";
import type { SimulatorClock } from "../../simulator-clock.ts";
import type { ShipHeroFaults } from "../faults.ts";
import type { Identifiers } from "../identifiers.ts";
import type { Settings } from "../settings.ts";
import { type Registration, WebhookRegistry } from "./registry.ts";
import type { WebhookType } from "./webhook-type.ts";

/** Posts on the wire at once; the others wait their turn. */
const MOST_IN_FLIGHT = 50;

/** A callback that is down for long must not fill the memory: what comes on top is lost, as on a bad day. */
const MOST_WAITING = 50_000;

interface Message {
  registration: Registration;
  messageId: string;
  body: string;
  attempt: number;
}

interface DelivererParts {
  clock: SimulatorClock;
  random: KeyedRandom;
  ids: Identifiers;
  faults: ShipHeroFaults;
  settings: () => Settings;
}

/** `{"code":"200","Status":"Success"}`; other pages of the vendor say `Message` in place of `Status`. */
function saysSuccess(body: string): boolean {
  try {
    const answer: unknown = JSON.parse(body);
    return typeof answer === "object" && answer !== null && "code" in answer && String(answer.code) === "200";
  } catch {
    return false;
  }
}

function signatureOf(body: string, secret: string): string {
  return createHmac("sha256", secret).update(body).digest("base64");
}

/** Tells registered addresses what happened: signed, retried, and not always. */
export class WebhookDeliverer {
  readonly registry: WebhookRegistry;
  readonly #parts: DelivererParts;
  readonly #poster: Poster = createPoster();
  readonly #recent: BoundedLog<object> = createBoundedLog(200);
  readonly #ready: Message[] = [];
  readonly #counts = {
    created: 0,
    attempts: 0,
    delivered: 0,
    lost: 0,
    duplicated: 0,
    disabled: 0,
    givenUp: 0,
  };
  readonly #told = new Map<number, number>();
  #waiting = 0;
  #inFlight = 0;
  #closed = false;

  constructor(parts: DelivererParts) {
    this.#parts = parts;
    const { clock, random, ids } = parts;
    this.registry = new WebhookRegistry({ now: clock.now, random, ids });
  }

  /** The body is made now: a post that comes late tells of the past, documented for Inventory Update. */
  publish(type: WebhookType, body: object): void {
    for (const registration of this.registry.ofType(type)) {
      // While a webhook is disabled, what it would have told is discarded.
      if (!registration.enabled) this.#counts.disabled += 1;
      else this.#tell(registration, JSON.stringify(body));
    }
  }

  /** Posts to any address, with nothing signed: the end of a snapshot, a check of an address. */
  post(url: string, body: object): Promise<PostOutcome> {
    return this.postRaw(url, JSON.stringify(body), {});
  }

  /** Posts any body at once. */
  postRaw(url: string, body: string, headers: Readonly<Record<string, string>>): Promise<PostOutcome> {
    const { timeoutWallMs } = this.#parts.settings().webhooks;
    return this.#poster.post({ url, body, contentType: "application/json", headers, timeoutWallMs });
  }

  report(): Record<string, unknown> {
    const waiting = this.#waiting + this.#ready.length;
    return {
      pending: waiting,
      inFlight: this.#inFlight,
      counts: { ...this.#counts },
      webhooks: this.registry.all().map(({ name, url, enabled, health, failures }) => ({
        name,
        url,
        enabled,
        health,
        failures,
      })),
      recent: this.#recent.latest(200),
    };
  }

  close(): void {
    this.#closed = true;
    this.#ready.length = 0;
    this.#poster.close();
  }

  #tell(registration: Registration, body: string): void {
    const { random, faults } = this.#parts;
    const { loss, lossOf, duplicate, duplicateNewId, silent } = faults.current().webhooks;
    this.#counts.created += 1;
    const nth = (this.#told.get(registration.legacyId) ?? 0) + 1;
    this.#told.set(registration.legacyId, nth);
    const key = `${registration.legacyId}|${nth}`;
    const isLost = random.chance(`loss|${key}`, lossOf[registration.name] ?? loss);
    if (isLost || silent.includes(registration.name) || this.#waiting >= MOST_WAITING) {
      this.#counts.lost += 1;
      return;
    }
    const messageId = random.uuid(`message|${key}`);
    const message: Message = { registration, messageId, body, attempt: 1 };
    this.#sendFirst(message, key);
    if (random.chance(`duplicate|${key}`, duplicate)) this.#sendAgain(message, `${key}|again`);
    if (random.chance(`duplicateNewId|${key}`, duplicateNewId)) {
      const again = `${key}|anew`;
      this.#sendAgain({ ...message, messageId: random.uuid(`message|${again}`) }, again);
    }
  }

  #sendAgain(message: Message, key: string): void {
    this.#counts.duplicated += 1;
    this.#sendFirst(message, key);
  }

  #sendFirst(message: Message, key: string): void {
    const { random, faults, settings } = this.#parts;
    const { latencyMs, reorder, reorderMs, slow, slowMs } = faults.current().webhooks;
    const { min, max } = latencyMs ?? settings().webhooks.latencyMs;
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
      void this.#post(message);
    }
  }

  async #post({ registration, messageId, body, attempt }: Message): Promise<void> {
    if (!this.registry.isLive(registration)) {
      this.#counts.disabled += 1;
      return;
    }
    const { random, settings } = this.#parts;
    const { timeoutWallMs, messageIdPerAttempt } = settings().webhooks;
    const sentId = messageIdPerAttempt && attempt > 1 ? random.uuid(`${messageId}|${attempt}`) : messageId;
    this.#inFlight += 1;
    this.#counts.attempts += 1;
    const outcome = await this.#poster.post({
      url: registration.url,
      body,
      contentType: "application/json",
      headers: {
        "user-agent": "ShipHero Request V1.0",
        "x-shiphero-hmac-sha256": signatureOf(body, registration.secret),
        "x-shiphero-message-id": sentId,
      },
      timeoutWallMs,
    });
    this.#inFlight -= 1;
    if (this.#closed) return;
    this.#settle({ registration, messageId, body, attempt }, outcome);
    this.#startPosts();
  }

  #settle(message: Message, { status, wallMs, body }: PostOutcome): void {
    const { registration, messageId, attempt } = message;
    const { bodyExpected, warningAfterFailures, unhealthyAfterFailures, retryWaitsMs } =
      this.#parts.settings().webhooks;
    const delivered = status >= 200 && status < 300 && (!bodyExpected || saysSuccess(body));
    this.registry.note(registration, delivered, {
      warning: warningAfterFailures,
      unhealthy: unhealthyAfterFailures,
    });
    this.#recent.append({ type: registration.name, messageId, attempt, status, wallMs, delivered });
    if (delivered) {
      this.#counts.delivered += 1;
      return;
    }
    const waitMs = retryWaitsMs[attempt - 1];
    if (waitMs === undefined) this.#counts.givenUp += 1;
    else this.#schedule(waitMs, { ...message, attempt: attempt + 1 });
  }
}
