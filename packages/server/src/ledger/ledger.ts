// The ledger: the only way to change a seller's stock. Sellers are independent; each has one writer in this process, and any
// number of processes may write to one database.
import { setTimeout as delay } from "node:timers/promises";

import type pg from "pg";
import type { Registry } from "prom-client";

import { settleConnection } from "./connection-settings.ts";
import { startHoldExpiry, type HoldExpiry } from "./hold-expiry.ts";
import type { LedgerContext, LedgerLimits, LedgerLog } from "./ledger-context.ts";
import { ledgerMetrics, type LedgerMetrics } from "./ledger-metrics.ts";
import { Notifier } from "./notifier.ts";
import type { PreparedBatch } from "./prepared-batch.ts";
import { purgeAnswers } from "./purge-answers.ts";
import type { SellerQueue } from "./seller-queue.ts";
import { SellerWriter } from "./seller-writer.ts";
import type { CommitNotice, Submission, SubmissionAnswer } from "./submission.ts";
import type { WriteFailure } from "./write-failure.ts";
import { YoungStatistics } from "./young-statistics.ts";

export type { CommandResult, CommitNotice, Submission, SubmissionAnswer } from "./submission.ts";

export interface Ledger {
  submit(submission: Submission): Promise<SubmissionAnswer>;
  /** Submissions of a seller that wait for a batch. */
  waiting(sellerId: number): number;
  /** Hears of every commit of this process, after its callers were answered. Answers how to stop hearing. */
  onCommit(listener: (notice: CommitNotice) => void): () => void;
  /** Takes nothing new, finishes what was accepted. */
  close(): Promise<void>;
}

export interface LedgerOptions {
  /** The ledger's own pool, with `pipeline: true`. It stays the caller's to end. */
  readonly pool: pg.Pool;
  readonly clock: { now(): number };
  readonly log: LedgerLog;
  readonly metrics?: Registry;
  readonly limits?: Partial<LedgerLimits>;
  /** False where a test ends holds itself. */
  readonly endsDueHolds?: boolean;
}

const LIMITS: LedgerLimits = {
  waitingSubmissions: 2_000,
  batchCommands: 1_000,
  cachedRows: 20_000,
  patienceMs: 10_000,
};

/** Rows in memory over all sellers, beyond which those that have been quiet longest are forgotten. */
const CACHED_ROWS_TOTAL = 60_000;

/** A seller's memory is dropped after this time without work, in milliseconds. */
const IDLE_MS = 60_000;

/** How often answers older than 7 days are looked for, in milliseconds. */
const PURGE_EVERY_MS = 60 * 60_000;

const BACK_OFF_MS = { first: 20, most: 1_000 };

export function openLedger(options: LedgerOptions): Ledger {
  return new OpenLedger(options);
}

class OpenLedger implements Ledger, LedgerContext {
  readonly clock: { now(): number };
  readonly log: LedgerLog;
  readonly limits: LedgerLimits;
  private readonly metrics: LedgerMetrics | null;
  private readonly pool: pg.Pool;
  private readonly writers = new Map<number, SellerWriter>();
  private readonly listeners = new Set<(notice: CommitNotice) => void>();
  private readonly notifier: Notifier;
  private readonly statistics: YoungStatistics;
  private readonly sweeper: NodeJS.Timeout;
  private readonly holdExpiry: HoldExpiry | null;
  private sweeping = Promise.resolve();
  private nextPurgeAt: number;
  private isClosing = false;

  constructor({ pool, clock, log, limits, metrics, endsDueHolds = true }: LedgerOptions) {
    this.metrics = metrics === undefined ? null : ledgerMetrics(metrics, () => this.waitingOfAll());
    this.pool = pool;
    this.clock = clock;
    this.log = log;
    this.limits = { ...LIMITS, ...limits };
    this.nextPurgeAt = clock.now() + PURGE_EVERY_MS;
    this.notifier = new Notifier(pool, log);
    this.statistics = new YoungStatistics(pool, log);
    this.sweeper = setInterval(() => {
      this.sweeping = this.sweep();
    }, IDLE_MS / 4);
    this.sweeper.unref();
    this.holdExpiry = endsDueHolds ? startHoldExpiry({ pool, ledger: this, clock, log }) : null;
  }

  submit(submission: Submission): Promise<SubmissionAnswer> {
    if (this.isClosing) return Promise.resolve({ kind: "stopping" });
    let writer = this.writers.get(submission.sellerId);
    if (writer === undefined) {
      writer = new SellerWriter(submission.sellerId, this);
      this.writers.set(submission.sellerId, writer);
    }
    return writer.submit(submission);
  }

  waiting(sellerId: number): number {
    return this.writers.get(sellerId)?.queue.length ?? 0;
  }

  onCommit(listener: (notice: CommitNotice) => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  private waitingOfAll(): number {
    let waiting = 0;
    for (const writer of this.writers.values()) waiting += writer.queue.length;
    return waiting;
  }

  async close(): Promise<void> {
    this.isClosing = true;
    clearInterval(this.sweeper);
    await this.holdExpiry?.close();
    await this.sweeping;
    for (const writer of this.writers.values()) await writer.idle();
    await this.notifier.close();
    await this.statistics.close();
  }

  // What the writers share.

  async connect(queue: SellerQueue): Promise<pg.PoolClient | null> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.connection();
      } catch (error) {
        this.log.warn({ stage: "ledger", error }, "no connection to the database");
      }
      await this.backOff(attempt);
      const impatient = queue.takeOlderThan(this.clock.now() - this.limits.patienceMs);
      for (const waiting of impatient) waiting.answer({ kind: "overloaded", retryAfterSeconds: 5 });
      if (impatient.length > 0) this.onTurnedAway(impatient.length);
      if (queue.length === 0) return null;
    }
  }

  private async connection(): Promise<pg.PoolClient> {
    const client = await this.pool.connect();
    try {
      await settleConnection(client);
      return client;
    } catch (error) {
      client.release(true);
      throw error;
    }
  }

  isContended(): boolean {
    return this.pool.waitingCount > 0;
  }

  async backOff(attempt: number): Promise<void> {
    await delay(Math.min(BACK_OFF_MS.most, BACK_OFF_MS.first * 2 ** Math.min(attempt - 1, 10)));
  }

  onTurnedAway(submissions: number): void {
    this.metrics?.turnedAway(submissions);
  }

  onThrown(sellerId: number, { command, error }: { command: { kind: string }; error: unknown }): void {
    this.log.error(
      { stage: "ledger", seller: sellerId, command: command.kind, error },
      "a command could not be decided",
    );
  }

  onFailure(sellerId: number, failure: WriteFailure, error: unknown): void {
    this.metrics?.failed(failure);
    const fields = { stage: "ledger", seller: sellerId, failure, error };
    if (failure === "refused") this.log.error(fields, "a batch was refused");
    else this.log.info(fields, "a batch is decided again");
  }

  conclude({ answers, notice, decided, takenAt }: PreparedBatch): void {
    this.metrics?.committed({
      commands: decided.results.reduce((sum, results) => sum + results.length, 0),
      entries: decided.entries.length,
      seconds: (performance.now() - takenAt) / 1000,
    });
    for (const { waiting, answer } of answers) waiting.answer(answer);
    if (notice === null) return;
    this.notifier.wake(notice.sellerId);
    this.statistics.note(notice.lastSeq - notice.firstSeq + 1);
    for (const listener of this.listeners) {
      try {
        listener(notice);
      } catch (error) {
        this.log.error({ stage: "ledger", seller: notice.sellerId, error }, "a listener failed on a commit");
      }
    }
  }

  private async sweep(): Promise<void> {
    this.forgetIdle();
    if (this.clock.now() < this.nextPurgeAt) return;
    this.nextPurgeAt = this.clock.now() + PURGE_EVERY_MS;
    try {
      await purgeAnswers(this.pool, this.clock.now());
    } catch (error) {
      this.log.warn({ stage: "ledger", error }, "old answers could not be purged");
    }
  }

  /** Drops the memory of sellers that have been quiet, and of the quietest ones while all together hold too much. */
  private forgetIdle(): void {
    const quietSince = this.clock.now() - IDLE_MS;
    const byAge = [...this.writers.values()].toSorted(
      (left, right) => left.lastActiveAt - right.lastActiveAt,
    );
    let total = byAge.reduce((sum, writer) => sum + writer.cachedRows, 0);
    for (const writer of byAge) {
      if (writer.lastActiveAt > quietSince && total <= CACHED_ROWS_TOTAL) continue;
      const rows = writer.cachedRows;
      if (!writer.dropCache()) continue;
      total -= rows;
      if (writer.lastActiveAt <= quietSince) this.writers.delete(writer.sellerId);
    }
  }
}
