// One seller's writer: takes what waits, decides it against memory, sends it, and decides the next batch while the last one
// commits. Answers are given only after the commit of everything they rest on.
import type { Instant } from "@onepool/core/ledger/units.ts";
import type pg from "pg";

import { sendBurst } from "./burst.ts";
import type { ThrownCommand } from "./decided-batch.ts";
import type { LedgerContext } from "./ledger-context.ts";
import { LOAD_HEAD } from "./load-statements.ts";
import { prepareBatch, type PreparedBatch } from "./prepared-batch.ts";
import { recover } from "./recovery.ts";
import { SellerCache } from "./seller-cache.ts";
import { SellerQueue, type Waiting } from "./seller-queue.ts";
import type { Submission, SubmissionAnswer } from "./submission.ts";
import { HeadMoved, UnknownSeller } from "./write-failure.ts";
import { CHECK_HEAD } from "./write-statements.ts";

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
  lastActiveAt: Instant;
  private cache: SellerCache | null = null;
  private running: Promise<void> | null = null;

  constructor(sellerId: number, context: LedgerContext) {
    this.sellerId = sellerId;
    this.context = context;
    this.lastActiveAt = context.clock.now();
  }

  submit(submission: Submission): Promise<SubmissionAnswer> {
    const { clock, limits } = this.context;
    if (this.queue.length >= limits.waitingSubmissions)
      return Promise.resolve({ kind: "overloaded", retryAfterSeconds: 1 });
    return new Promise((answer, fail) => {
      this.queue.push({ submission, since: clock.now(), answer, fail });
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

  private async run(): Promise<void> {
    await Promise.resolve(); // whoever submits in the same moment comes along
    while (this.queue.length > 0) {
      const client = await this.context.connect(this.queue);
      if (client === null) continue;
      const failed = await this.serve(client);
      if (failed.length === 0) client.release();
      else {
        this.cache = null;
        await recover(this, client, failed);
      }
    }
    this.lastActiveAt = this.context.clock.now();
    this.running = null;
  }

  /** Batch after batch over one connection, until nothing waits, another seller waits for a connection, or one fails. */
  private async serve(client: pg.PoolClient): Promise<readonly FailedBatch[]> {
    let ahead: SentBatch | null = null;
    while (this.queue.length > 0 || ahead !== null) {
      const mustSettle = this.queue.length === 0 || this.lockedBatches > 0 || this.isCacheFull();
      if (ahead !== null && (mustSettle || this.context.isContended())) {
        const failed = await ahead.settled;
        if (failed !== null) return [failed];
        ahead = null;
        if (this.context.isContended()) return [];
        continue;
      }
      if (ahead === null) this.cache?.trim(this.context.limits.cachedRows);
      const next = await this.next(client);
      if ("error" in next) return [await ahead?.settled, next].filter(isFailed);
      const previous: SentBatch | null = ahead;
      ahead = next;
      const failed = previous === null ? null : await previous.settled;
      if (failed !== null) return [failed, await next.settled].filter(isFailed);
    }
    return [];
  }

  private isCacheFull(): boolean {
    return this.cachedRows > this.context.limits.cachedRows;
  }

  /** Takes, decides and sends one batch. */
  private async next(client: pg.PoolClient): Promise<SentBatch | FailedBatch> {
    const { limits } = this.context;
    const isLone = this.loneSubmissions > 0;
    const taken = this.queue.take(isLone ? 1 : limits.batchCommands);
    if (isLone) this.loneSubmissions--;
    const isLocked = this.lockedBatches > 0;
    if (isLocked) this.lockedBatches--;
    try {
      const head = isLocked ? await this.lockHead(client) : null;
      this.cache ??= new SellerCache(head ?? (await this.readHead(client)));
      const { cache } = this;
      const now = Math.max(this.context.clock.now(), cache.head.recordedAt);
      const onThrown = (thrown: ThrownCommand): void => this.context.onThrown(this.sellerId, thrown);
      const prepared = await prepareBatch({ sellerId: this.sellerId, client, cache, now, onThrown }, taken);
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
    const { sellerId } = this;
    const base = prepared.decided.baseSeq;
    try {
      await sendBurst(
        client,
        prepared.toWrite?.steps ?? [{ statement: CHECK_HEAD, values: [sellerId, base] }],
      );
      if (isLocked) await client.query("commit");
    } catch (error) {
      return { taken: prepared.taken, prepared, error };
    }
    this.context.conclude(prepared);
    return null;
  }

  private async readHead(client: pg.PoolClient): Promise<SellerCache["head"]> {
    const [result] = await sendBurst(client, [{ statement: LOAD_HEAD, values: [this.sellerId] }]);
    return headOf(this.sellerId, result?.rows[0]);
  }

  /** Opens a transaction that holds the head: nobody else can write meanwhile. Memory of an older head is dropped. */
  private async lockHead(client: pg.PoolClient): Promise<SellerCache["head"]> {
    await client.query("begin");
    const statement = { name: "ledger_lock_head", text: `${LOAD_HEAD.text} for update` };
    const [result] = await sendBurst(client, [{ statement, values: [this.sellerId] }]);
    const head = headOf(this.sellerId, result?.rows[0]);
    if (this.cache !== null && this.cache.head.seq !== head.seq) this.cache = null;
    return head;
  }
}

function headOf(sellerId: number, row: readonly (string | null)[] | undefined): SellerCache["head"] {
  if (row === undefined) throw new UnknownSeller(sellerId);
  const [seq, lastAccountId, recordedAt] = row.map(Number);
  if (seq === undefined || lastAccountId === undefined || recordedAt === undefined) throw new HeadMoved();
  return { seq, lastAccountId, recordedAt };
}

function isFailed(batch: FailedBatch | null | undefined): batch is FailedBatch {
  return batch !== null && batch !== undefined;
}
