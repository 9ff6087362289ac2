import { backoffMs } from "@onepool/core/intake/backoff.ts";
import type pg from "pg";

import type { ConnectionRegistry, OpenConnection } from "../connections/connection-registry.ts";
import { Pulse } from "../connections/pulse.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { Log } from "../log/log.ts";
import type { LatencyRecorder } from "../observe/latency-recorder.ts";
import type { ObservationLog } from "../observe/observation-log.ts";
import { type ClaimedNotice, claimDue, finishNotice, forgetDone, giveBack } from "./inbox-store.ts";
import type { IntakeMetrics } from "./intake-metrics.ts";
import { wantReadings } from "./reading-store.ts";
import { UnknownReads } from "./unknown-reads.ts";
import { workOrder, type WorkResult } from "./work-order.ts";

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

/** Rows worked on at a time, and of one connection: a slow channel must not hold up the others. */
const AT_ONCE = 16;
const AT_ONCE_OF_ONE = 8;

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

/** Notifications of one listing are looked at this often at most, in milliseconds. */
const LISTING_REST_MS = 1_000;

/** What was put aside is tried again after this long if there is news of it, in milliseconds. */
const POISON_REST_MS = 15 * 60_000;

/** Rows are kept for a week after their news was in, in milliseconds. */
const KEPT_MS = 7 * 24 * 3_600_000;
const FORGET_MS = 3_600_000;

/** Reads what notifications point at, tells the ledger, and tries again what did not work. */
export class InboxWorker {
  private readonly options: InboxWorkerOptions;
  private readonly pulse: Pulse;
  private readonly active = new Map<Promise<void>, ClaimedNotice>();
  /** Connections that have to pause, and until when. */
  private readonly paused = new Map<string, { sellerId: number; code: string; until: number }>();
  private readonly unknownReads: UnknownReads;
  private forgottenAt = 0;

  constructor(options: InboxWorkerOptions) {
    this.options = options;
    this.unknownReads = new UnknownReads(options.clock);
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
    await Promise.all(this.active.keys());
  }

  /** Answers when a pause ends, in milliseconds. */
  private async claim(): Promise<number> {
    const { pool, clock } = this.options;
    const now = clock.now();
    await this.forget(now);
    const limit = Math.min(AT_ONCE - this.active.size, AT_ONCE_OF_ONE);
    if (limit <= 0) return IDLE_MS;
    for (const [key, { until }] of this.paused) if (until <= now) this.paused.delete(key);
    const paused = [...this.paused.values(), ...this.busyConnections()];
    const claimed = await claimDue(pool, { now, leaseMs: LEASE_MS, limit, paused });
    for (const notice of claimed) this.start(notice);
    if (claimed.length === limit) this.pulse.wake();
    return Math.min(IDLE_MS, ...[...this.paused.values()].map(({ until }) => until - now));
  }

  private busyConnections(): { sellerId: number; code: string }[] {
    const rows = Map.groupBy(this.active.values(), ({ sellerId, connection }) => `${sellerId} ${connection}`);
    return [...rows.values()].flatMap((its) => {
      const [first] = its;
      if (first === undefined || its.length < AT_ONCE_OF_ONE) return [];
      return [{ sellerId: first.sellerId, code: first.connection }];
    });
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
    this.active.set(work, notice);
  }

  private async work(notice: ClaimedNotice): Promise<void> {
    const { registry, clock } = this.options;
    const connection = await registry.open(notice.sellerId, notice.connection, FRESH_MS);
    const about = connection?.kind.noticeOf(notice.topic, notice.resource)?.about;
    // The connection or our understanding of the topic went away since it was stored.
    if (connection === null || about === undefined) return this.finish(notice, 0);
    if (about.kind === "listing") return this.workListing(notice, connection, about.externalId);
    const result = await workOrder(
      { ...this.options, unknownReads: this.unknownReads, pauseMs: (...key) => this.pauseMs(...key) },
      notice,
      connection,
      about.orderId,
    );
    const now = clock.now();
    if (result.kind === "pause") await this.pause(notice, result);
    else if (result.kind === "wait") await this.wait(notice, now + result.waitMs, result.message);
    else if (result.kind === "failed") await this.fail(notice, result);
  }

  private async workListing(
    notice: ClaimedNotice,
    { row }: OpenConnection,
    externalId: string,
  ): Promise<void> {
    const { pool, clock, metrics } = this.options;
    const { sellerId, code } = row;
    const wanted = await wantReadings(
      pool,
      { sellerId, connection: code, externalId },
      { at: notice.lastReceivedAt, dueAt: clock.now() + READ_TOGETHER_MS },
    );
    await this.finish(notice, LISTING_REST_MS);
    metrics.read("listing");
    if (wanted > 0) this.options.onReadingsWanted(sellerId, code, READ_TOGETHER_MS);
  }

  private async finish(notice: ClaimedNotice, restMs: number): Promise<void> {
    const { pool, clock } = this.options;
    const now = clock.now();
    await finishNotice(pool, notice, {
      now,
      readAgainAt: null,
      fingerprint: null,
      rest: { notBefore: now + restMs, idleReads: 0 },
    });
  }

  private pauseMs(sellerId: number, connection: string): number {
    const paused = this.paused.get(`${sellerId} ${connection}`);
    return paused === undefined ? 0 : Math.max(0, paused.until - this.options.clock.now());
  }

  /** Nothing of this connection is called for a while: whatever is next would only be told the same. */
  private async pause(
    notice: ClaimedNotice,
    why: { readonly waitMs: number; readonly message: string },
  ): Promise<void> {
    const { clock } = this.options;
    const { sellerId, connection: code } = notice;
    const now = clock.now();
    this.paused.set(`${sellerId} ${code}`, { sellerId, code, until: now + why.waitMs });
    await this.wait(notice, now + Math.min(why.waitMs, ROW_PAUSE_MS), why.message);
  }

  private async wait(notice: ClaimedNotice, at: number, error: string): Promise<void> {
    await giveBack(this.options.pool, notice, { at, error, isCounted: false, poisoned: null });
    this.options.metrics.read("waits");
  }

  private async fail(
    notice: ClaimedNotice,
    failure: WorkResult & { readonly kind: "failed" },
  ): Promise<void> {
    const { pool, clock, log, metrics } = this.options;
    const now = clock.now();
    const at = now + Math.max(failure.retryAfterMs ?? 0, backoffMs(notice.attempts, Math.random(), BACKOFF));
    const isPoisoned = failure.isOurs && notice.attempts >= ATTEMPTS_MAX;
    const poisoned = isPoisoned ? { at: now, notBefore: now + POISON_REST_MS } : null;
    await giveBack(pool, notice, { at, error: failure.message, isCounted: true, poisoned });
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
