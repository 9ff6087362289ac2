import type { Connector } from "@onepool/connectors/contract/connector.ts";
import { backoffMs } from "@onepool/core/intake/backoff.ts";
import type pg from "pg";

import type { ConnectionRegistry, OpenConnection } from "../connections/connection-registry.ts";
import { Pulse } from "../connections/pulse.ts";
import type { Log } from "../log/log.ts";
import { arrivingNotice } from "./arriving-notice.ts";
import type { IntakeMetrics } from "./intake-metrics.ts";
import {
  type DueMissedPoll,
  failMissedPoll,
  finishMissedPoll,
  takeDueMissedPolls,
} from "./missed-poll-store.ts";
import { isHeardSince, storeFetched } from "./notice-store.ts";

export interface MissedNoticePollerOptions {
  readonly pool: pg.Pool;
  readonly registry: ConnectionRegistry;
  readonly metrics: IntakeMetrics;
  readonly clock: { now(): number };
  readonly log: Log;
  /** Something is in the inbox. */
  onStored(): void;
}

const IDLE_MS = 2_000;
const AT_ONCE = 4;
const LOST_AFTER_MS = 120_000;
const BACKOFF = { firstMs: 5_000, longestMs: 600_000 };

/** A channel that keeps more than this is listed on in the next turn. */
const PAGES_MAX = 200;

/** Asks channels for the notifications that they could not deliver and keep (MercadoLibre: two days). */
export class MissedNoticePoller {
  private readonly options: MissedNoticePollerOptions;
  private readonly pulse: Pulse;

  constructor(options: MissedNoticePollerOptions) {
    this.options = options;
    const { log } = options;
    this.pulse = new Pulse({
      name: "missed notices",
      stage: "intake",
      log,
      idleMs: IDLE_MS,
      work: () => this.pollDue(),
    });
    this.pulse.wake();
  }

  async close(): Promise<void> {
    await this.pulse.close();
  }

  private async pollDue(): Promise<number> {
    const { pool, registry, clock } = this.options;
    const now = clock.now();
    const kinds = [...registry.kinds.values()].filter(
      ({ capability }) => capability.missedNoticesIntervalMs !== null,
    );
    const due = await takeDueMissedPolls(pool, {
      now,
      nextDueAt: now + LOST_AFTER_MS,
      limit: AT_ONCE,
      kinds: kinds.map(({ capability }) => capability.kind),
    });
    await Promise.all(due.map((poll) => this.poll(poll)));
    return due.length === AT_ONCE ? 0 : IDLE_MS;
  }

  private async poll(poll: DueMissedPoll): Promise<void> {
    const { pool, registry, clock, log } = this.options;
    const connection = await registry.open(poll.sellerId, poll.code);
    if (connection === null) return;
    const { connector, capability } = connection;
    const missed = connector.ok ? await this.list(connection, connector.value) : connector;
    const now = clock.now();
    if (missed.ok) {
      // Its turn may only have to come: then it is asked again from the beginning.
      const dueAt = now + (missed.waitMs ?? capability.missedNoticesIntervalMs ?? BACKOFF.longestMs);
      await finishMissedPoll(pool, poll, { completeAt: missed.waitMs === null ? now : null, dueAt });
      return;
    }
    const { kind, message, retryAfterMs = 0 } = missed.error;
    const waitMs = Math.max(retryAfterMs, backoffMs(poll.attempts + 1, Math.random(), BACKOFF));
    await failMissedPoll(pool, poll, { dueAt: now + waitMs, error: { kind, message } });
    log.warn(
      { stage: "intake", seller: poll.sellerId, connection: poll.code, reason: message },
      "missed notifications could not be listed",
    );
  }

  /** Ends at the last page, or at one that was asked for before: some channels go round in circles. */
  private async list(
    connection: OpenConnection,
    connector: Connector,
  ): Promise<
    | { readonly ok: true; readonly waitMs: number | null }
    | Extract<Awaited<ReturnType<NonNullable<Connector["listMissedNotices"]>>>, { readonly ok: false }>
  > {
    const seen = new Set<string>();
    const asked = new Set<string | undefined>();
    for (let page: string | undefined; !asked.has(page) && asked.size < PAGES_MAX;) {
      asked.add(page);
      const { taken, waitMs } = connection.budgets.take("orderLists", 1);
      if (taken === 0) return { ok: true, waitMs };
      const answer = await connector.listMissedNotices?.(page);
      if (answer === undefined) break;
      if (!answer.ok && answer.error.kind === "throttled")
        connection.budgets.throttled("orderLists", answer.error.retryAfterMs);
      if (!answer.ok) return answer;
      connection.budgets.worked("orderLists");
      const texts = answer.value.bodies.map((body) => JSON.stringify(body));
      for (const text of texts) {
        if (!seen.has(text)) await this.take(connection, text);
        seen.add(text);
      }
      if (answer.value.nextPage === null) break;
      page = answer.value.nextPage;
    }
    return { ok: true, waitMs: null };
  }

  /** Stored like one that was posted, unless what it is about was heard of since. */
  private async take({ kind, row }: OpenConnection, text: string): Promise<void> {
    const { pool, clock, metrics } = this.options;
    const reading = kind.readNotification(JSON.parse(text));
    if (reading.kind !== "notice") return;
    if (await isHeardSince(pool, row, reading.notice, reading.happenedAt)) return;
    const arriving = arrivingNotice(kind, reading, { text, receivedAt: clock.now() });
    const stored = await storeFetched(pool, { ...arriving, isMissed: true }, [row]);
    if (stored === "unknown") return;
    metrics.notification("missed");
    this.options.onStored();
  }
}
