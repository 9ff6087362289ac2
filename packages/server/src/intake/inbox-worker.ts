import type { ConnectorError } from "@onepool/connectors/contract/connector-error.ts";
import { backoffMs } from "@onepool/core/intake/backoff.ts";
import type pg from "pg";

import type { ConnectionRegistry, OpenConnection } from "../connections/connection-registry.ts";
import { disconnectedMs } from "../connections/disconnected.ts";
import { Pulse } from "../connections/pulse.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { Log } from "../log/log.ts";
import type { LatencyRecorder } from "../observe/latency-recorder.ts";
import type { ObservationLog } from "../observe/observation-log.ts";
import { type ClaimedNotice, claimDue, finishNotice, forgetDone, giveBack } from "./inbox-store.ts";
import type { IntakeMetrics } from "./intake-metrics.ts";
import { type OrderIntake, takeOrder } from "./order-intake.ts";
import { orderNews } from "./order-news.ts";
import { wantReadings } from "./reading-store.ts";

export interface InboxWorkerOptions {
  readonly pool: pg.Pool;
  readonly registry: ConnectionRegistry;
  readonly ledger: Pick<Ledger, "submit">;
  readonly observations: ObservationLog;
  readonly latency: LatencyRecorder;
  readonly metrics: IntakeMetrics;
  readonly clock: { now(): number };
  readonly log: Log;
  /** Listings of this connection have to be read after so many milliseconds. */
  onReadingsWanted(sellerId: number, connection: string, inMs: number): void;
}

/** Rows worked on at a time. */
const AT_ONCE = 8;

/** Longer than the calls and the commit that one row takes, in milliseconds: what a crash leaves is taken up after it. */
const LEASE_MS = 45_000;

/** The inbox is looked at this often although nobody wakes us, in milliseconds. */
const IDLE_MS = 500;

/** Between failures, in milliseconds. The first is short: an order is often notified before it can be read. */
const BACKOFF = { firstMs: 1_000, longestMs: 60_000 };

/** The row that was told so does not wait much longer than the others, should the pause end early. In milliseconds. */
const ROW_PAUSE_MS = 1_000;

/** Attempts after which a row that fails by itself is put aside: about ten minutes. An outage puts nothing aside. */
const ATTEMPTS_MAX = 16;

/** A connection's row is looked at again after this long: a burst of orders asks for it hundreds of times. In milliseconds. */
const FRESH_MS = 200;

/** Listings said to have changed wait this long to be read in one call, in milliseconds: our own writes echo as such. */
const READ_TOGETHER_MS = 150;

const NOTHING_READ = { readAgainAt: null, fingerprint: null };

/** Rows are kept for a week after their news was in, in milliseconds. */
const KEPT_MS = 7 * 24 * 3_600_000;
const FORGET_MS = 3_600_000;

/** Reads what notifications point at, tells the ledger, and tries again what did not work. */
export class InboxWorker {
  private readonly options: InboxWorkerOptions;
  private readonly pulse: Pulse;
  private readonly active = new Set<Promise<void>>();
  /** Connections that have to pause, and until when. */
  private readonly paused = new Map<string, { sellerId: number; code: string; until: number }>();
  private forgottenAt = 0;

  constructor(options: InboxWorkerOptions) {
    this.options = options;
    const { log } = options;
    this.pulse = new Pulse({
      name: "inbox",
      stage: "intake",
      log,
      idleMs: IDLE_MS,
      work: () => this.claim(),
    });
    this.pulse.wake();
  }

  wake(): void {
    this.pulse.wake();
  }

  /** A connection was changed: what kept it waiting may be over. */
  resume(sellerId: number, connection: string): void {
    this.paused.delete(`${sellerId} ${connection}`);
    this.pulse.wake();
  }

  async close(): Promise<void> {
    await this.pulse.close();
    await Promise.all(this.active);
  }

  /** Answers when a pause ends, in milliseconds. */
  private async claim(): Promise<number> {
    const { pool, clock } = this.options;
    const now = clock.now();
    await this.forget(now);
    const limit = AT_ONCE - this.active.size;
    if (limit <= 0) return IDLE_MS;
    for (const [key, { until }] of this.paused) if (until <= now) this.paused.delete(key);
    const claimed = await claimDue(pool, {
      now,
      leaseMs: LEASE_MS,
      limit,
      paused: [...this.paused.values()],
    });
    for (const notice of claimed) this.start(notice);
    return Math.min(IDLE_MS, ...[...this.paused.values()].map(({ until }) => until - now));
  }

  private start(notice: ClaimedNotice): void {
    const { log } = this.options;
    const work = this.work(notice)
      .catch((error: unknown) => {
        // The lease ends and the row is due again.
        log.warn(
          { stage: "intake", seller: notice.sellerId, resource: notice.resource, err: error },
          "a notification could not be worked on",
        );
      })
      .finally(() => {
        this.active.delete(work);
        this.pulse.wake();
      });
    this.active.add(work);
  }

  private async work(notice: ClaimedNotice): Promise<void> {
    const { pool, registry, metrics, clock } = this.options;
    const connection = await registry.open(notice.sellerId, notice.connection, FRESH_MS);
    const about = connection?.kind.noticeOf(notice.topic, notice.resource)?.about;
    // The connection or our understanding of the topic went away since it was stored.
    if (connection === null || about === undefined) return finishNotice(pool, notice, NOTHING_READ);
    if (about.kind === "order") return this.workOrder(notice, connection, about.orderId);
    const { sellerId, connection: code, lastReceivedAt } = notice;
    const wanted = await wantReadings(
      pool,
      { sellerId, connection: code, externalId: about.externalId },
      { at: lastReceivedAt, dueAt: clock.now() + READ_TOGETHER_MS },
    );
    await finishNotice(pool, notice, NOTHING_READ);
    metrics.read("listing");
    if (wanted > 0) this.options.onReadingsWanted(sellerId, code, READ_TOGETHER_MS);
  }

  private async workOrder(notice: ClaimedNotice, connection: OpenConnection, orderId: string): Promise<void> {
    const taken = await takeOrder(this.options, connection, orderId);
    if (taken.kind === "recorded") await this.finishOrder(notice, connection, taken);
    else if (taken.kind === "later") await this.pause(notice, taken);
    else if (taken.kind === "refused") await this.fail(notice, { message: taken.message, isOurs: true });
    else await this.unread(notice, connection, taken.error);
  }

  private async finishOrder(
    notice: ClaimedNotice,
    connection: OpenConnection,
    taken: OrderIntake & { readonly kind: "recorded" },
  ): Promise<void> {
    const { observations, clock, latency, metrics } = this.options;
    const now = clock.now();
    const { readAgainAfterMs, fingerprint } = taken.reading;
    const readAgainAt = readAgainAfterMs === null ? null : now + readAgainAfterMs;
    await observations.record(notice.sellerId, async (client) => {
      await finishNotice(client, notice, { readAgainAt, fingerprint });
      return [orderNews({ notice, connection, taken, latency, now })];
    });
    metrics.read("order");
  }

  private async unread(
    notice: ClaimedNotice,
    connection: OpenConnection,
    error: ConnectorError,
  ): Promise<void> {
    const { message, kind, retryAfterMs } = error;
    if (kind === "auth" || kind === "throttled") {
      const waitMs =
        kind === "auth"
          ? disconnectedMs(error)
          : Math.max(connection.budgets.take("orders", 0).waitMs, retryAfterMs ?? 0);
      await this.pause(notice, { waitMs, message });
      return;
    }
    // Unknown is neither gone nor wrong: only what the channel says no to is ever put aside.
    await this.fail(notice, {
      message,
      isOurs: kind !== "transient",
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    });
  }

  /** Nothing of this connection is tried for a while: whatever is next would only be told the same. */
  private async pause(
    notice: ClaimedNotice,
    why: { readonly waitMs: number; readonly message: string },
  ): Promise<void> {
    const { pool, clock, metrics } = this.options;
    const { sellerId, connection: code } = notice;
    const now = clock.now();
    this.paused.set(`${sellerId} ${code}`, { sellerId, code, until: now + why.waitMs });
    const at = now + Math.min(why.waitMs, ROW_PAUSE_MS);
    await giveBack(pool, notice, { at, error: why.message, isCounted: false, poisonedAt: null });
    metrics.read("waits");
  }

  private async fail(
    notice: ClaimedNotice,
    failure: { readonly message: string; readonly isOurs: boolean; readonly retryAfterMs?: number },
  ): Promise<void> {
    const { pool, clock, log, metrics } = this.options;
    const now = clock.now();
    const at = now + Math.max(failure.retryAfterMs ?? 0, backoffMs(notice.attempts, Math.random(), BACKOFF));
    const isPoisoned = failure.isOurs && notice.attempts >= ATTEMPTS_MAX;
    const how = { at, error: failure.message, isCounted: true, poisonedAt: isPoisoned ? now : null };
    await giveBack(pool, notice, how);
    metrics.read(isPoisoned ? "poisoned" : "waits");
    if (!isPoisoned) return;
    const { sellerId, connection, resource } = notice;
    log.error(
      { stage: "intake", seller: sellerId, connection, resource, reason: failure.message },
      "a notification is put aside: it failed too often",
    );
  }

  private async forget(now: number): Promise<void> {
    if (now - this.forgottenAt < FORGET_MS) return;
    this.forgottenAt = now;
    await forgetDone(this.options.pool, now - KEPT_MS);
  }
}
