import { createBoundedLog } from "../../bounded-log.ts";
import type { KeyedRandom } from "../../keyed-random.ts";
import type { SimulatorClock } from "../../simulator-clock.ts";
import type { FaultBoard } from "../faults.ts";
import type { App } from "../seller.ts";
import type { Settings } from "../settings.ts";
import { utcTime } from "../vendor/vendor-time.ts";
import { type Event, type Message, messageBody } from "./message.ts";
import { createMissedFeeds, type MissedFeeds } from "./missed-feeds.ts";
import { createPoster, type PostOutcome } from "./post-notification.ts";

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
  at: string;
}

interface OutboxParts {
  clock: SimulatorClock;
  random: KeyedRandom;
  faults: FaultBoard;
  settings(): Settings;
}

/** Sends notifications late, twice, out of order or not at all, and tries again those that were not answered with 200. */
export interface Outbox {
  publish(app: App, event: Event): void;
  /** Posts any body at once. */
  postRaw(url: string, body: string, contentType: string): Promise<PostOutcome>;
  missed: MissedFeeds;
  report(): Record<string, unknown>;
  close(): void;
}

export function createOutbox({ clock, random, faults, settings }: OutboxParts): Outbox {
  const poster = createPoster();
  const missed = createMissedFeeds(clock.now);
  const recent = createBoundedLog<RecentDelivery>(200);
  const ready: Message[] = [];
  const counts = { created: 0, attempts: 0, delivered: 0, lost: 0, duplicated: 0, unsubscribed: 0 };
  const publishedByAccount = new Map<string, number>();
  let scheduled = 0;
  let inFlight = 0;
  let closed = false;

  const schedule = (delayMs: number, message: Message): void => {
    scheduled += 1;
    clock.schedule(delayMs, () => {
      scheduled -= 1;
      if (closed) return;
      ready.push(message);
      startDeliveries();
    });
  };

  const startDeliveries = (): void => {
    while (inFlight < MOST_IN_FLIGHT && ready.length > 0) {
      const message = ready.shift();
      if (message !== undefined) void deliver(message);
    }
  };

  const settle = (message: Message, outcome: PostOutcome): void => {
    const delivered = outcome.status === 200;
    const { id, topic, resource, userId, attempts } = message;
    const state = delivered ? "delivered" : "failed";
    recent.append({ _id: id, topic, resource, userId, attempts, state, status: outcome.status, at: utcTime(clock.now()) });
    if (delivered) {
      counts.delivered += 1;
      missed.remove(id);
      return;
    }
    if (attempts >= MISSED_FROM_ATTEMPT) missed.put(message, outcome);
    const waitMs = RETRY_WAITS_MS[attempts - 1];
    if (waitMs === undefined) return;
    schedule(waitMs, { ...message, attempts: attempts + 1, sentAt: clock.now() + waitMs });
  };

  const deliver = async (message: Message): Promise<void> => {
    inFlight += 1;
    counts.attempts += 1;
    const outcome = await poster.post({
      url: message.app.callbackUrl ?? "",
      body: JSON.stringify(messageBody(message)),
      contentType: "application/json",
      timeoutWallMs: settings().deliveryTimeoutWallMs,
    });
    inFlight -= 1;
    if (closed) return;
    settle(message, outcome);
    startDeliveries();
  };

  /** The first sending of one message, with whatever holds it back. */
  const dispatch = (app: App, event: Event, key: string, receivedAt: number): void => {
    const { latencyMs, reorder, reorderMs, slow, slowMs } = faults.current().notifications;
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
    };
    if (scheduled + ready.length < MOST_WAITING) return schedule(receivedAt - clock.now() + heldBack + latency, message);
    missed.put(message, { status: 0, wallMs: 0, body: "" });
  };

  return {
    missed,

    publish(app, event) {
      if (app.callbackUrl === null || !app.topics.includes(event.topic)) {
        counts.unsubscribed += 1;
        return;
      }
      counts.created += 1;
      const nth = (publishedByAccount.get(event.seller.account) ?? 0) + 1;
      publishedByAccount.set(event.seller.account, nth);
      // Per account, so that the accounts' order of arrival does not change each other's delays.
      const key = `${event.seller.account}|${nth}`;
      const { loss, duplicate, noop } = faults.current().notifications;
      if (random.chance(`noop|${key}`, noop)) {
        const delay = random.between(`noopAfter|${key}`, 0, NOOP_DELAY_MS);
        dispatch(app, event, `${key}|noop`, clock.now() + delay);
      }
      if (random.chance(`loss|${key}`, loss)) {
        counts.lost += 1;
        return;
      }
      dispatch(app, event, key, clock.now());
      if (!random.chance(`duplicate|${key}`, duplicate)) return;
      counts.duplicated += 1;
      dispatch(app, event, `${key}|again`, clock.now());
    },

    postRaw: (url, body, contentType) =>
      poster.post({ url, body, contentType, timeoutWallMs: settings().deliveryTimeoutWallMs }),

    report: () => ({
      pending: scheduled + ready.length,
      inFlight,
      counts: { ...counts, missed: missed.size() },
      recent: recent.latest(200).map(({ n: _, ...delivery }) => delivery),
    }),

    close() {
      closed = true;
      ready.length = 0;
      poster.close();
    },
  };
}
