import type { ConnectorError } from "@onepool/connectors/contract/connector-error.ts";
import { failed, type Outcome, succeeded } from "@onepool/connectors/contract/outcome.ts";
import type { SubscriptionCapability, SubscriptionState } from "@onepool/connectors/contract/subscription.ts";
import { backoffMs } from "@onepool/core/intake/backoff.ts";
import type { Instant } from "@onepool/core/ledger/units.ts";
import { fullBucket, take, type TokenBucket } from "@onepool/core/publish/token-bucket.ts";
import type pg from "pg";

import type { ConnectionRegistry, OpenConnection } from "../connections/connection-registry.ts";
import { inTransaction } from "../connections/in-transaction.ts";
import { Pulse } from "../connections/pulse.ts";
import type { Log } from "../log/log.ts";
import type { ObservationLog } from "../observe/observation-log.ts";
import { openConnectionAlert, resolveConnectionAlert } from "./connection-alert-store.ts";
import { keepsOut, readQueuePolicy } from "./queue-policy.ts";
import { readLastKept, readSubscribers, type Subscriber } from "./subscription-store.ts";

export interface SubscriptionKeeperOptions {
  readonly pool: pg.Pool;
  readonly registry: ConnectionRegistry;
  readonly observations: ObservationLog;
  readonly clock: { now(): number };
  readonly log: Log;
}

/** Connections are looked through for those that are due this often, in milliseconds. */
const LOOK_MS = 5_000;

/** Looked after at the same time by one process: one slow channel must not hold up the others for long. */
const AT_ONCE = 4;

/** What nobody came to the end of comes up again after this, in milliseconds. */
const LOST_AFTER_MS = 60_000;

const BACKOFF = { firstMs: 30_000, longestMs: 3_600_000 };

/** What may pass by itself is told after so many failures in a row. */
const PASSING_TOLD_AFTER = 3;

/** What this process knows of a connection. */
interface Care {
  readonly updatedSeq: number;
  dueAt: Instant;
  /** The last time that the subscription was found standing, as far as this process knows. */
  keptAt: Instant;
  isSilent: boolean;
  /** Whatever another process found, it is looked at again. */
  isUrgent: boolean;
  failures: number;
  /** The failure that was told, while it lasts. */
  told: string | null;
}

/**
 * Has channels send their notifications to us, as their connectors know how: after a connection was made or changed, at once when
 * its notifications fall silent, and once in a while. Any number of processes may do so, and mostly one does: each sees in the
 * observations what the others found. Nothing depends on it but time, since polls find what is not told.
 */
export class SubscriptionKeeper {
  private readonly options: SubscriptionKeeperOptions;
  private readonly pulse: Pulse;
  private cares = new Map<string, Care>();
  private readonly buckets = new Map<string, TokenBucket>();
  private isClosing = false;

  constructor(options: SubscriptionKeeperOptions) {
    this.options = options;
    const { log } = options;
    this.pulse = new Pulse({
      name: "subscriptions",
      stage: "intake",
      log,
      idleMs: LOOK_MS,
      work: () => this.look(),
    });
    this.pulse.wake();
  }

  /** Looks for what is due now. */
  wake(): void {
    this.pulse.wake();
  }

  /** Ends after what is under way. */
  async close(): Promise<void> {
    this.isClosing = true;
    await this.pulse.close();
  }

  private async look(): Promise<number> {
    const { pool, registry, clock } = this.options;
    const kinds = [...registry.kinds.values()].filter(
      ({ capability }) => capability.subscription !== undefined,
    );
    const subscribers = await readSubscribers(
      pool,
      kinds.map(({ capability }) => capability.kind),
    );
    const now = clock.now();
    this.cares = new Map(
      subscribers.map((one) => [keyOf(one), careOf(this.cares.get(keyOf(one)), one, now)] as const),
    );
    const due = subscribers.filter((one) => (this.cares.get(keyOf(one))?.dueAt ?? Infinity) <= now);
    while (due.length > 0) {
      const waits = await Promise.all(due.splice(0, AT_ONCE).map((one) => this.lookAfter(one)));
      const waitMs = Math.max(...waits);
      if (waitMs > 0) return waitMs;
      if (this.isClosing) break;
    }
    return LOOK_MS;
  }

  /** How long to wait until one of its kind may be looked after again, in milliseconds; 0 when this one was. */
  private async lookAfter(subscriber: Subscriber): Promise<number> {
    const { registry, clock } = this.options;
    const care = this.cares.get(keyOf(subscriber));
    const connection = await registry.open(subscriber.sellerId, subscriber.code);
    const capability = connection?.capability.subscription;
    if (care === undefined || connection === null || capability === undefined) return 0;
    care.dueAt = clock.now() + LOST_AFTER_MS;
    const { connector } = connection;
    const keep = connector.ok ? connector.value.keepSubscription?.bind(connector.value) : undefined;
    if (keep === undefined) {
      // Wrong settings are told by those who poll. Only a change mends them, or names a queue.
      if (connector.ok) await this.forget(subscriber);
      care.dueAt = clock.now() + spread(capability.everyMs);
      return 0;
    }
    if (!care.isUrgent && (await this.isKeptByOthers(subscriber, care, capability))) return 0;
    const waitMs = this.waitMs(connection, capability);
    if (waitMs > 0) care.dueAt = clock.now();
    else await this.keep(connection, care, await keep());
    return waitMs;
  }

  private async keep(
    connection: OpenConnection,
    care: Care,
    kept: Outcome<SubscriptionState>,
  ): Promise<void> {
    care.isUrgent = false;
    const checked = kept.ok ? await checkPolicy(connection, kept.value) : kept;
    await (checked.ok
      ? this.succeed(connection, care, checked.value)
      : this.fail(connection, care, checked.error));
  }

  /** No queue is named any more: nothing is to be kept. */
  private async forget(subscriber: Subscriber): Promise<void> {
    const { pool, clock } = this.options;
    await inTransaction(pool, (client) =>
      resolveConnectionAlert(client, subscriber, "not_subscribed", clock.now()),
    );
  }

  /** Somebody found it standing since we last knew, for the connection as it is now. */
  private async isKeptByOthers(
    subscriber: Subscriber,
    care: Care,
    { everyMs }: SubscriptionCapability,
  ): Promise<boolean> {
    const last = await readLastKept(this.options.pool, subscriber);
    if (last === null || last.seq !== subscriber.updatedSeq || last.at <= care.keptAt) return false;
    if (last.at + everyMs <= this.options.clock.now()) return false;
    care.keptAt = last.at;
    care.dueAt = last.at + spread(everyMs);
    care.failures = 0;
    care.told = null;
    return true;
  }

  /** Operations without a seller are budgeted for the whole application, so connections of a kind take turns. */
  private waitMs({ capability: { kind } }: OpenConnection, { limit }: SubscriptionCapability): number {
    const now = this.options.clock.now();
    const { bucket, waitMs } = take(this.buckets.get(kind) ?? fullBucket(limit, now), limit, {
      wanted: 1,
      now,
    });
    this.buckets.set(kind, bucket);
    return waitMs;
  }

  private async succeed(connection: OpenConnection, care: Care, state: SubscriptionState): Promise<void> {
    const { observations, clock, log } = this.options;
    const { row, capability } = connection;
    const { topic, queue, mended } = state;
    const now = clock.now();
    const again = mended === null ? "." : `; before, ${mended}.`;
    const message = `${capability.title} sends ${topic} into ${queue}${again}`;
    await observations.record(row.sellerId, async (client) => {
      await resolveConnectionAlert(client, row, "not_subscribed", now);
      const body = { topic, queue, message, mended, seq: row.updatedSeq };
      return [{ connection: row.code, externalId: null, kind: "subscribed", body }];
    });
    care.keptAt = now;
    care.dueAt = now + spread(capability.subscription?.everyMs ?? LOST_AFTER_MS);
    care.failures = 0;
    care.told = null;
    const said = { stage: "intake", seller: row.sellerId, connection: row.code, mended };
    if (mended !== null) log.info(said, "a subscription was mended");
  }

  private async fail(connection: OpenConnection, care: Care, error: ConnectorError): Promise<void> {
    const { observations, clock, log } = this.options;
    const { row, capability } = connection;
    const now = clock.now();
    care.failures++;
    care.dueAt = now + Math.max(error.retryAfterMs ?? 0, backoffMs(care.failures, Math.random(), BACKOFF));
    const said = { stage: "intake", seller: row.sellerId, connection: row.code, reason: error.message };
    log.warn(said, "a subscription cannot be kept");
    const isPassing = error.kind === "transient" || error.kind === "throttled";
    // That the account has to be connected again is told once, by those who read its orders.
    const isToldElsewhere = error.code === "reconnect_needed";
    if (isToldElsewhere || (isPassing && care.failures < PASSING_TOLD_AFTER)) return;
    const message = `${capability.title} cannot be had to send notifications of ${row.code}: ${error.message}`;
    if (care.told === message) return;
    await observations.record(row.sellerId, async (client) => {
      const alert = { kind: "not_subscribed", severity: "warning", units: 0, message } as const;
      await openConnectionAlert(client, row, alert, now);
      const body = { reason: error.code ?? error.kind, message };
      return [{ connection: row.code, externalId: null, kind: "unsubscribed", body }];
    });
    care.told = message;
  }
}

function careOf(known: Care | undefined, { updatedSeq, isSilent }: Subscriber, now: Instant): Care {
  if (known?.updatedSeq !== updatedSeq)
    return { updatedSeq, dueAt: now, keptAt: 0, isSilent, isUrgent: isSilent, failures: 0, told: null };
  if (isSilent && !known.isSilent) {
    known.dueAt = now;
    known.isUrgent = true;
  }
  known.isSilent = isSilent;
  return known;
}

/** Not all at the same time of the day. */
function spread(everyMs: number): number {
  return Math.round(everyMs * (0.9 + Math.random() / 10));
}

function keyOf({ sellerId, code }: Subscriber): string {
  return `${sellerId} ${code}`;
}

/** The channel is content with a queue that it may not write to; so the queue is asked, if it may be. */
async function checkPolicy(
  { queue, capability: { subscription, title } }: OpenConnection,
  state: SubscriptionState,
): Promise<Outcome<SubscriptionState>> {
  const policy = queue.ok && queue.value !== null ? await readQueuePolicy(queue.value) : null;
  if (subscription === undefined || policy === null || !keepsOut(policy, subscription.sender))
    return succeeded(state);
  const { actions, awsAccountId } = subscription.sender;
  const allowed = `${actions.join(" and ")} to AWS account ${awsAccountId}`;
  const message = `the queue's policy does not let ${title} in, so nothing arrives. Allow ${allowed} on ${state.queue}.`;
  return failed({ kind: "rejected", code: "queue_policy", message });
}
