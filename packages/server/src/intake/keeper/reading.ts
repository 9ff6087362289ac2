// What every reading of a keeper is made of: its turn, its calls, how it ends.
import type { ConnectorError } from "@onepool/connectors/contract/connector-error.ts";
import type { Keeper } from "@onepool/connectors/contract/keeper/keeper.ts";
import type { Outcome } from "@onepool/connectors/contract/outcome.ts";
import type { JsonObject } from "@onepool/core/ledger/json.ts";
import type { Instant } from "@onepool/core/ledger/units.ts";
import type pg from "pg";

import { inTransaction } from "../../connections/in-transaction.ts";
import type { OpenKeeper } from "../../connections/keeper-registry.ts";
import type { Log } from "../../log/log.ts";
import type { ConnectionKey } from "../notice-store.ts";
import type { FactWay, Stored } from "./keeper-fact-store.ts";
import type { KeeperMetrics } from "./keeper-metrics.ts";
import { type HeldReading, type ReadingStep, stepReading } from "./progress-store.ts";

export interface ReadingContext {
  readonly pool: pg.Pool;
  readonly clock: { now(): number };
  readonly log: Log;
  readonly metrics: KeeperMetrics;
  readonly connection: OpenKeeper;
  readonly keeper: Keeper;
  /** Facts were stored. */
  onStored(): void;
}

export type ReadingResult =
  /** All was read; `nextMs` until the next time. `reachedAt`: up to when changes were listed. */
  | {
      readonly kind: "complete";
      readonly held: HeldReading;
      readonly startedAt: Instant;
      readonly nextMs: number;
      readonly reachedAt?: Instant;
    }
  /** It goes on after a while: no calls are left, or the keeper is still at work on the answer. */
  | { readonly kind: "waits"; readonly held: HeldReading; readonly waitMs: number }
  | { readonly kind: "failed"; readonly held: HeldReading; readonly error: ConnectorError }
  /** Another process holds it by now: what was not stored is read again there. */
  | { readonly kind: "lost" };

/** Longer than one call and the storing of what it brought, in milliseconds. */
export const LEASE_MS = 60_000;

/** Calls of one turn: others have theirs before this one goes on. */
export const CALLS_OF_A_TURN = 20;

export type Called<Value> =
  | { readonly kind: "answered"; readonly value: Value; readonly askedAt: Instant }
  | { readonly kind: "waits"; readonly waitMs: number }
  | { readonly kind: "failed"; readonly error: ConnectorError };

/** One call within the connection's budget for reading. */
export async function callKeeper<Value>(
  { connection, clock }: Pick<ReadingContext, "connection" | "clock">,
  call: () => Promise<Outcome<Value>>,
): Promise<Called<Value>> {
  const { budgets } = connection;
  const { taken, waitMs } = budgets.take("reads", 1);
  if (taken === 0) return { kind: "waits", waitMs };
  const askedAt = clock.now();
  const answer = await call();
  if (answer.ok) {
    budgets.worked("reads");
    return { kind: "answered", value: answer.value, askedAt };
  }
  if (answer.error.kind === "throttled") budgets.throttled("reads", answer.error.retryAfterMs);
  return { kind: "failed", error: answer.error };
}

/**
 * Stores what a call brought together with how far the reading is by then, or nothing of both where the reading is not ours any
 * more (null).
 */
export async function storeStep(
  context: ReadingContext,
  held: HeldReading,
  step: { readonly cursor?: string | null; readonly progress: JsonObject | null },
  store: (client: pg.PoolClient) => Promise<readonly Stored[]>,
): Promise<HeldReading | null> {
  const { pool, clock, connection } = context;
  const whole: ReadingStep = {
    ...step,
    seenSeq: connection.row.updatedSeq,
    claimedUntil: clock.now() + LEASE_MS,
  };
  const done = await inTransaction(pool, async (client) => {
    // First: whoever waits for this row finds it changed and stores nothing.
    const next = await stepReading(client, held, whole);
    return next === null ? null : { next, stored: await store(client) };
  });
  if (done === null) return null;
  noteStored(context, held, held.way === "looks" ? "levels" : (held.way as FactWay), done.stored);
  if (done.stored.includes("new")) context.onStored();
  return done.next;
}

/** Counts what was stored, and says where a keeper used the same id for something else. */
export function noteStored(
  { metrics, log }: Pick<ReadingContext, "metrics" | "log">,
  { sellerId, code }: ConnectionKey,
  way: FactWay,
  stored: readonly Stored[],
): void {
  for (const how of stored) metrics.fact(way, how);
  if (!stored.includes("conflict")) return;
  log.warn(
    { stage: "intake", seller: sellerId, connection: code, way },
    "a keeper told other content under the id of a fact that is known; the first one stands",
  );
}
