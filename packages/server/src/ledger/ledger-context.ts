import type pg from "pg";

import type { ThrownCommand } from "./decided-batch.ts";
import type { PreparedBatch } from "./prepared-batch.ts";
import type { SellerQueue } from "./seller-queue.ts";
import type { WriteFailure } from "./write-failure.ts";

/** What the ledger logs with: a line is a constant message and fields. */
export interface LedgerLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

export interface LedgerLimits {
  /** Submissions that may wait per seller; above it they are turned away. */
  readonly waitingSubmissions: number;
  /** Commands per batch. */
  readonly batchCommands: number;
  /** Rows of one kind a seller's memory may hold while it works. */
  readonly cachedRows: number;
  /** How long submissions wait for a database that is away, in milliseconds. */
  readonly patienceMs: number;
}

/** What all sellers' writers share. */
export interface LedgerContext {
  readonly clock: { now(): number };
  readonly log: LedgerLog;
  readonly limits: LedgerLimits;
  /** A connection, or null when there was none for so long that those who wait were turned away. */
  connect(queue: SellerQueue): Promise<pg.PoolClient | null>;
  /** Other sellers wait for a connection. */
  isContended(): boolean;
  /** Waits before the database is asked again, longer each time. */
  backOff(attempt: number): Promise<void>;
  /** Submissions were turned away without being looked at. */
  onTurnedAway(submissions: number): void;
  onThrown(sellerId: number, thrown: ThrownCommand): void;
  /** A batch stands: its callers are answered and its listeners told. */
  conclude(batch: PreparedBatch): void;
  /** A failure was met and is being handled. */
  onFailure(sellerId: number, failure: WriteFailure, error: unknown): void;
}
