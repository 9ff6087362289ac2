// One seller's writer: takes what waits, decides it against memory, sends it, and decides the next batch while the last one
// commits. Answers are given only after the commit of everything they rest on.
import type { Command } from "@onepool/core/ledger/command.ts";
import type { Instant } from "@onepool/core/ledger/units.ts";
import type pg from "pg";

import { sendBurst, type Step } from "./burst.ts";
import { catchUp } from "./catch-up.ts";
import { combineSteps } from "./combined-step.ts";
import type { ThrownCommand } from "./decided-batch.ts";
import { GuessPolicy } from "./guess.ts";
import type { LedgerContext } from "./ledger-context.ts";
import { prepareBatch, type PreparedBatch } from "./prepared-batch.ts";
import { recover } from "./recovery.ts";
import { SellerCache } from "./seller-cache.ts";
import { lockHead, readHead } from "./seller-head.ts";
import { SellerQueue, type Waiting } from "./seller-queue.ts";
import type { CommandResult, Submission, SubmissionAnswer } from "./submission.ts";
import { CHECK_HEAD } from "./write-statements.ts";

/** So many waiting commands are worth a batch of their own behind one that is still being written. */
const OVERLAP_COMMANDS = 64;

/** Batches up to this many entries go as one statement if they can. */
const COMBINED_ENTRIES = 8;

/** A batch that failed, and why. */
export interface FailedBatch {
  readonly taken: readonly Waiting[];
  /** Null when it failed before anything was sent. */
  readonly prepared: PreparedBatch | null;
  readonly error: unknown;
}

/** A batch on its way to the database. `settled` never rejects. */
interface SentBatch {
  readonly settled: Promise<FailedBatch | null>;
}

export class SellerWriter {
  readonly sellerId: number;
  readonly queue = new SellerQueue();
  readonly context: LedgerContext;
  /** Batches yet to be decided under the head's lock, because another process writes as well. */
  lockedBatches = 0;
  /** Submissions yet to be taken one by one, because one of them was refused by the database. */
  loneSubmissions = 0;
  /** Commands of the submission at the front that the database refuses, with what they are answered. */
  refusedCommands: ReadonlyMap<Command, CommandResult> = new Map();
  readonly guesses = new GuessPolicy();
  lastActiveAt: Instant;
  private cache: SellerCache | null = null;
  private running: Promise<void> | null = null;
  private onCrowd: (() => void) | null = null;

  constructor(sellerId: number, context: LedgerContext) {
    this.sellerId = sellerId;
    this.context = context;
    this.lastActiveAt = context.clock.now();
  }

  submit(submission: Submission): Promise<SubmissionAnswer> {
    const { clock, limits } = this.context;
    if (this.queue.length >= limits.waitingSubmissions) {
      this.context.onTurnedAway(1);
      return Promise.resolve({ kind: "overloaded", retryAfterSeconds: 1 });
    }
    return new Promise((answer, fail) => {
      this.queue.push({ submission, since: clock.now(), answer, fail });
      if (this.onCrowd !== null && this.mayOverlap()) {
        this.onCrowd();
        this.onCrowd = null;
      }
      this.running ??= this.run();
    });
  }

  /** Resolves when nothing waits any more. */
  async idle(): Promise<void> {
    while (this.running !== null) await this.running;
  }

  get cachedRows(): number {
    return this.cache?.fill ?? 0;
  }

  /** Forgets everything; true unless it is at work. */
  dropCache(): boolean {
    if (this.running !== null) return false;
    this.cache = null;
    return true;
  }

  /** Memory as it was before these batches, if that can be had; otherwise (null too) everything is forgotten. */
  takeBack(failed: readonly FailedBatch[] | null): void {
    const prepared = (failed ?? []).map((batch) => batch.prepared);
    // Only the newest batches can be taken back: one behind them that stands rests on them.
    const newest =
      prepared.findLast((batch) => (batch?.toWrite ?? null) !== null)?.toWrite?.head ?? this.cache?.head;
    if (failed === null || prepared.includes(null) || this.cache?.head !== newest) this.cache = null;
    else for (const batch of prepared.toReversed()) batch?.takeBack();
  }

  private async run(): Promise<void> {
    await Promise.resolve(); // whoever submits in the same moment comes along
    while (this.queue.length > 0) {
      const client = await this.context.connect(this.queue);
      if (client === null) continue;
      const failed = await this.serve(client);
      if (failed.length === 0) client.release();
      else await recover(this, client, failed);
    }
    this.lastActiveAt = this.context.clock.now();
    this.running = null;
  }

  /** Batch after batch over one connection, until nothing waits, another seller waits for a connection, or one fails. */
  private async serve(client: pg.PoolClient): Promise<readonly FailedBatch[]> {
    let ahead: SentBatch | null = null;
    for (;;) {
      if (ahead !== null && !this.mayOverlap()) {
        const settled: FailedBatch | null | "crowd" = await Promise.race([ahead.settled, this.crowd()]);
        if (settled === "crowd") continue;
        if (settled !== null) return [settled];
        ahead = null;
        if (this.queue.length === 0 || this.context.isContended()) return [];
        continue;
      }
      const next = await this.next(client, ahead !== null);
      if ("error" in next) return [await ahead?.settled, next].filter(isFailed);
      const failed = await ahead?.settled;
      if (isFailed(failed)) return [failed, await next.settled].filter(isFailed);
      ahead = next;
    }
  }

  /** Whether so much waits that it is decided while the last batch commits. */
  private mayOverlap(): boolean {
    const isOrdinary = this.lockedBatches === 0 && this.loneSubmissions === 0;
    return (
      isOrdinary &&
      this.queue.commands >= OVERLAP_COMMANDS &&
      !this.isCacheFull() &&
      !this.context.isContended()
    );
  }

  /** Resolves when enough has come to decide the next batch while the last one commits. */
  private crowd(): Promise<"crowd"> {
    return new Promise((resolve) => {
      this.onCrowd = () => resolve("crowd");
    });
  }

  private isCacheFull(): boolean {
    return this.cachedRows > this.context.limits.cachedRows;
  }

  /** With nothing on its way, half of a crowd: the other half is decided while this one is written. */
  private batchSize(isBehind: boolean): number {
    const { batchCommands } = this.context.limits;
    if (this.loneSubmissions > 0) return 1;
    const waiting = this.queue.commands;
    return isBehind || waiting < 2 * OVERLAP_COMMANDS
      ? batchCommands
      : Math.min(batchCommands, Math.ceil(waiting / 2));
  }

  /** Takes, decides and sends one batch. */
  private async next(client: pg.PoolClient, isBehind: boolean): Promise<SentBatch | FailedBatch> {
    if (!isBehind) this.cache?.trim(this.context.limits.cachedRows);
    const taken = this.queue.take(this.batchSize(isBehind));
    if (this.loneSubmissions > 0) this.loneSubmissions--;
    const isLocked = this.lockedBatches > 0;
    if (isLocked) this.lockedBatches--;
    try {
      const { sellerId, guesses, refusedCommands: failed } = this;
      const cache = await this.cacheFor(client, isLocked);
      const now = Math.max(this.context.clock.now(), cache.head.recordedAt);
      const onThrown = (thrown: ThrownCommand): void => this.context.onThrown(sellerId, thrown);
      const prepared = await prepareBatch({ sellerId, client, cache, now, failed, guesses, onThrown }, taken);
      return { settled: this.write(client, prepared, isLocked) };
    } catch (error) {
      return { taken, prepared: null, error };
    }
  }

  /** Sends a batch and, once it stands, answers. Under the lock the transaction is open and is ended here. */
  private async write(
    client: pg.PoolClient,
    prepared: PreparedBatch,
    isLocked: boolean,
  ): Promise<FailedBatch | null> {
    const sent = sendBurst(client, this.stepsOf(prepared, isLocked));
    try {
      // The commit travels right behind: after a burst that was refused it takes everything back.
      await Promise.all(isLocked ? [sent, client.query("commit")] : [sent]);
    } catch (error) {
      return { taken: prepared.taken, prepared, error };
    }
    this.cache?.forget(prepared.decided);
    this.context.conclude(prepared);
    if (this.refusedCommands.size > 0) this.refusedCommands = new Map();
    return null;
  }

  private stepsOf({ toWrite, decided }: PreparedBatch, isLocked: boolean): readonly Step[] {
    if (toWrite === null) return [{ statement: CHECK_HEAD, values: [this.sellerId, decided.baseSeq] }];
    const isSmall = !isLocked && decided.entries.length <= COMBINED_ENTRIES;
    return isSmall ? combineSteps(toWrite.steps) : toWrite.steps;
  }

  /** Memory as of the head. Without the lock it may be out of date: then the database refuses what rests on it. */
  private async cacheFor(client: pg.PoolClient, isLocked: boolean): Promise<SellerCache> {
    const { sellerId, cache } = this;
    if (!isLocked) return (this.cache ??= new SellerCache(await readHead(client, sellerId)));
    const head = await lockHead(client, sellerId);
    if (cache !== null && (await catchUp(client, sellerId, { cache, head }))) return cache;
    return (this.cache = new SellerCache(head));
  }
}

function isFailed(batch: FailedBatch | null | undefined): batch is FailedBatch {
  return batch !== null && batch !== undefined;
}
