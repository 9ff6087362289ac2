import type { ConnectorKind } from "@onepool/connectors/contract/connector.ts";
import { backoffMs } from "@onepool/core/intake/backoff.ts";
import type { Instant } from "@onepool/core/ledger/units.ts";
import type pg from "pg";

import type { Log } from "../log/log.ts";
import { sqlStateOf } from "../postgres/sqlstate.ts";
import { arrivingNotice } from "./arriving-notice.ts";
import { parseJson } from "./hooks-route.ts";
import type { IntakeMetrics } from "./intake-metrics.ts";
import { type ConnectionKey, storeFetched } from "./notice-store.ts";
import { type QueueClient, type QueueMessage, queueProblem } from "./queue-client.ts";
import { noteQueue } from "./queue-sight-store.ts";
import { dropStray, forgetStrays, keepStray, straysOf } from "./stray-store.ts";

export interface QueueReaderOptions {
  readonly pool: pg.Pool;
  readonly kind: ConnectorKind;
  readonly queueUrl: string;
  readonly client: QueueClient;
  /** The connections that name the queue, as they are now: messages go to these only. */
  readonly connections: () => readonly ConnectionKey[];
  readonly clock: { now(): number };
  readonly metrics: IntakeMetrics;
  readonly log: Log;
  /** Something is in the inbox. */
  onStored(): void;
}

const BACKOFF = { firstMs: 1_000, longestMs: 60_000 };

/**
 * At the end a receive under way is waited for so long, in milliseconds: cut off in the middle of its answer, messages would be
 * nobody's until their visibility timeout ends. One that lasts longer waits for messages.
 */
const RECEIVE_PATIENCE_MS = 500;

/** How the queue stands is written this often at most, in milliseconds. */
const NOTE_MS = 5_000;

/** Messages of accounts that were unknown are looked at again this often, and at most so many, in milliseconds. */
const STRAYS_MS = 60_000;
const STRAYS_AT_ONCE = 100;

/** As long as SQS itself would keep them at most, in milliseconds. */
const STRAYS_KEPT_MS = 14 * 24 * 3_600_000;

/**
 * Takes the messages of one queue into the inbox. A message is deleted only after it is stored: in the inbox of the connection
 * whose account it names, or among the stray ones, where people find it. So nothing goes round in the queue for ever, and a
 * redrive policy only ever moves what we could not store at all, because the database was away each time it came: keep its
 * `maxReceiveCount` high. Any number of processes may read one queue.
 */
export class QueueReader {
  private readonly options: QueueReaderOptions;
  private readonly stopping = new AbortController();
  private readonly ended: Promise<void>;
  private isClosing = false;
  private failures = 0;
  private failingSince: Instant | null = null;
  private notedAt = -Infinity;
  private straysAt = -Infinity;

  constructor(options: QueueReaderOptions) {
    this.options = options;
    this.ended = this.run();
  }

  /** Ends after the batch in hand. What was not deleted comes again. */
  async close(): Promise<void> {
    this.isClosing = true;
    const patience = setTimeout(() => this.stopping.abort(), RECEIVE_PATIENCE_MS);
    await this.ended;
    clearTimeout(patience);
    this.options.client.close();
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    while (!this.isClosing) {
      try {
        await this.takeStrays();
        const messages = await this.receive(signal);
        if (messages !== null) await this.takeBatch(messages);
      } catch (error) {
        // The database, or a mistake of ours. The messages are not deleted and come again.
        this.failures += 1;
        this.options.log.warn({ stage: "intake", err: error }, "messages of a queue could not be stored");
        await pause(backoffMs(this.failures, Math.random(), BACKOFF), signal);
      }
    }
  }

  /** Null when the queue could not be read, after a while. */
  private async receive(signal: AbortSignal): Promise<readonly QueueMessage[] | null> {
    try {
      return await this.options.client.receive(signal);
    } catch (error) {
      const problem = queueProblem(error);
      if (problem === null) throw error;
      await this.noteFailing(problem);
      await pause(backoffMs(this.failures, Math.random(), BACKOFF), signal);
      return null;
    }
  }

  private async takeBatch(messages: readonly QueueMessage[]): Promise<void> {
    const { client, clock, log, queueUrl } = this.options;
    const receivedAt = clock.now();
    for (const message of messages) await this.take(message, receivedAt);
    await this.note(messages, receivedAt);
    this.failures = 0;
    try {
      await client.remove(messages);
    } catch (error) {
      const problem = queueProblem(error);
      if (problem === null) throw error;
      // They come again, and say nothing new then.
      log.warn({ stage: "intake", queue: queueUrl, reason: problem }, "messages could not be deleted");
    }
  }

  /** Answers whether it is in the inbox, or need not be; otherwise it is kept aside. */
  private async take(message: QueueMessage, receivedAt: Instant): Promise<boolean> {
    const { pool, kind, metrics, connections } = this.options;
    const { text } = message;
    const reading = kind.readNotification(parseJson(text));
    if (reading.kind === "malformed") {
      metrics.notification("malformed");
      return this.keepAside(message, {
        receivedAt,
        accountId: null,
        reason: `malformed at ${reading.reason}`,
      });
    }
    // Nothing that we follow, whoever it is about.
    if (reading.kind === "ignored") {
      metrics.notification("ignored");
      return true;
    }
    const arriving = arrivingNotice(kind, reading, { text, receivedAt });
    try {
      const stored = await storeFetched(pool, arriving, connections());
      metrics.notification(
        stored === "unknown" ? "unknown" : reading.kind === "notice" ? "stored" : "ignored",
      );
      if (stored === "unknown") {
        const reason = "it names an account that no connection of this queue has";
        return await this.keepAside(message, { receivedAt, accountId: reading.accountId, reason });
      }
    } catch (error) {
      // Not the database's fault: it would come again for ever.
      if (!isBadData(error)) throw error;
      return this.keepAside(message, { receivedAt, accountId: null, reason: "it cannot be stored" });
    }
    this.options.onStored();
    return true;
  }

  private async keepAside(
    message: QueueMessage,
    why: { readonly receivedAt: Instant; readonly accountId: string | null; readonly reason: string },
  ): Promise<false> {
    const { pool, kind, queueUrl, connections, log } = this.options;
    const { messageId, text, sentAt } = message;
    const stray = { queueUrl, messageId, kind: kind.capability.kind, text, sentAt, ...why };
    await keepStray(pool, stray, connections());
    log.warn({ stage: "intake", queue: queueUrl, messageId, reason: why.reason }, "a message is kept aside");
    return false;
  }

  /** An account may become known after its first messages. */
  private async takeStrays(): Promise<void> {
    const { pool, queueUrl, connections, clock } = this.options;
    const now = clock.now();
    if (now - this.straysAt < STRAYS_MS) return;
    this.straysAt = now;
    await forgetStrays(pool, now - STRAYS_KEPT_MS);
    for (const stray of await straysOf(pool, queueUrl, connections(), STRAYS_AT_ONCE)) {
      const isTaken = await this.take({ ...stray, receiptHandle: "" }, now);
      if (isTaken) await dropStray(pool, queueUrl, stray.messageId);
    }
  }

  private async note(messages: readonly QueueMessage[], checkedAt: Instant): Promise<void> {
    const { pool, connections } = this.options;
    if (this.failingSince === null && checkedAt - this.notedAt < NOTE_MS) return;
    this.failingSince = null;
    this.notedAt = checkedAt;
    const sent = messages.flatMap(({ sentAt }) => sentAt ?? []);
    const oldestAt = sent.length === 0 ? null : Math.min(...sent);
    await noteQueue(pool, connections(), { checkedAt, oldestAt });
  }

  private async noteFailing(error: string): Promise<void> {
    const { pool, clock, log, queueUrl, connections } = this.options;
    this.failures += 1;
    if (this.failingSince === null)
      log.warn({ stage: "intake", queue: queueUrl, reason: error }, "a queue cannot be read");
    this.failingSince ??= clock.now();
    await noteQueue(pool, connections(), { failingSince: this.failingSince, error });
  }
}

/** PostgreSQL's classes for data that it cannot take, as opposed to a database that is not well. */
function isBadData(error: unknown): boolean {
  const state = sqlStateOf(error) ?? "";
  return state.startsWith("22") || state.startsWith("54");
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  const stop = (): void => resolve();
  signal.addEventListener("abort", stop, { once: true });
  if (signal.aborted) resolve();
  return promise.finally(() => {
    clearTimeout(timer);
    signal.removeEventListener("abort", stop);
  });
}
