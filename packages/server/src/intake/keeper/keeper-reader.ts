import type { ConnectorError } from "@onepool/connectors/contract/connector-error.ts";
import type { KeeperKind } from "@onepool/connectors/contract/keeper/keeper.ts";
import { failed, type Outcome, succeeded } from "@onepool/connectors/contract/outcome.ts";
import { backoffMs } from "@onepool/core/intake/backoff.ts";
import type pg from "pg";

import type { SecretBox } from "../../auth/secret-box.ts";
import { claimAccount, hasAccount } from "../../connections/connection-store.ts";
import { disconnectedMs, isLasting } from "../../connections/disconnected.ts";
import type { KeeperRegistry, OpenKeeper } from "../../connections/keeper-registry.ts";
import { Pulse } from "../../connections/pulse.ts";
import type { Log } from "../../log/log.ts";
import type { ObservationLog } from "../../observe/observation-log.ts";
import { keepSubscription } from "./keep-subscription.ts";
import type { KeeperMetrics } from "./keeper-metrics.ts";
import {
  coverKeepers,
  endReading,
  type HeldReading,
  type ReadWay,
  takeDueReadings,
} from "./progress-store.ts";
import { readLevels } from "./read-levels.ts";
import { readLookedFor } from "./read-looks.ts";
import { readCollected, readDocuments } from "./read-news.ts";
import { callKeeper, LEASE_MS, type ReadingContext, type ReadingResult } from "./reading.ts";

export interface KeeperReaderOptions {
  readonly pool: pg.Pool;
  readonly registry: KeeperRegistry;
  readonly observations: ObservationLog;
  readonly secretBox: SecretBox;
  readonly metrics: KeeperMetrics;
  readonly clock: { now(): number };
  readonly log: Log;
  /** Where keepers reach this server; empty while it does not listen yet. */
  publicUrl(): string;
  /** Facts were stored. */
  onStored(): void;
}

const IDLE_MS = 1_000;

/** Readings of one process at a time: a slow keeper must not hold up the others. */
const AT_ONCE = 6;

const BACKOFF = { firstMs: 2_000, longestMs: 300_000 };

/** What only a person mends is left alone this long, unless the connection is changed. In milliseconds. */
const REFUSED_MS = 3_600_000;

/** Reads at keepers what nobody tells us, or told badly: levels, the log, documents, and what somebody asked for. */
export class KeeperReader {
  private readonly options: KeeperReaderOptions;
  private readonly pulse: Pulse;
  private readonly active = new Set<Promise<void>>();
  /** When the first of those is due that only wait for their turn. */
  private soonAt = Infinity;

  constructor(options: KeeperReaderOptions) {
    this.options = options;
    const { log } = options;
    const work = () => this.readDue();
    this.pulse = new Pulse({ name: "keepers", stage: "intake", log, idleMs: IDLE_MS, work });
    this.pulse.wake();
  }

  /** Something was asked for that may be due now, or in a moment. */
  wake(): void {
    this.pulse.wake();
  }

  /** Ends after what is under way. */
  async close(): Promise<void> {
    await this.pulse.close();
    await Promise.all(this.active);
  }

  private async readDue(): Promise<number> {
    const { pool, registry, clock } = this.options;
    const now = clock.now();
    const kinds = [...registry.kinds.values()];
    await coverKeepers(pool, kinds.flatMap(waysOf), now);
    const limit = AT_ONCE - this.active.size;
    if (limit <= 0) return IDLE_MS;
    const due = await takeDueReadings(pool, {
      now,
      leaseMs: LEASE_MS,
      limit,
      kinds: [...registry.kinds.keys()],
    });
    for (const held of due) this.start(held);
    const inMs = this.soonAt - now;
    if (inMs <= 0) this.soonAt = Infinity;
    return inMs <= 0 ? IDLE_MS : Math.min(IDLE_MS, inMs);
  }

  private start(held: HeldReading): void {
    const work = this.turn(held)
      .catch((error: unknown) => {
        const { sellerId: seller, code: connection, way } = held;
        // The lease ends and it is due again.
        this.options.log.warn(
          { stage: "intake", seller, connection, way, err: error },
          "a keeper could not be read",
        );
      })
      .finally(() => {
        this.active.delete(work);
        this.pulse.wake();
      });
    this.active.add(work);
  }

  private async turn(held: HeldReading): Promise<void> {
    const { registry, metrics } = this.options;
    const connection = await registry.open(held.sellerId, held.code);
    if (connection === null) return;
    const result = await this.read(connection, held);
    metrics.reading(held.way, result.kind);
    if (result.kind !== "lost") await this.end(connection, result);
  }

  private async read(connection: OpenKeeper, held: HeldReading): Promise<ReadingResult> {
    const { keeper } = connection;
    if (!keeper.ok) return { kind: "failed", held, error: keeper.error };
    const context = { ...this.options, connection, keeper: keeper.value };
    const known = await this.knowAccount(context);
    if (known.kind === "waits") return { ...known, held };
    if (!known.ok) return { kind: "failed", held, error: known.error };
    try {
      return await this.readBy(context, held);
    } catch (error) {
      // A mistake of ours with one keeper's answers: told like a failure, so that it is seen and waits longer each time.
      const { sellerId: seller, code } = held;
      context.log.error({ stage: "intake", seller, connection: code, err: error }, "reading a keeper failed");
      return {
        kind: "failed",
        held,
        error: { kind: "bug", message: "Something is wrong in Onepool: see its log." },
      };
    }
  }

  private readBy(context: ReadingContext, held: HeldReading): Promise<ReadingResult> {
    switch (held.way) {
      case "levels":
        return readLevels(context, held);
      case "looks":
        return readLookedFor(context, held);
      case "collect":
        return readCollected(context, held, (refused) => this.tellRefused(context, refused));
      case "documents":
        return readDocuments(context, held);
      case "subscription":
        return keepSubscription(context, held, this.options);
      default:
        return held.way satisfies never;
    }
  }

  /** What could not be read at all and was put aside, for people. */
  private async tellRefused(
    { connection: { row } }: ReadingContext,
    refused: readonly { readonly name: string; readonly reason: string }[],
  ): Promise<void> {
    await this.options.observations.record(row.sellerId, async () =>
      refused.map(({ name, reason }) => {
        const body = { name: name.slice(0, 500), reason: reason.slice(0, 2_000) };
        return { connection: row.code, externalId: null, kind: "file_refused", body } as const;
      }),
    );
  }

  private async end(
    { row }: OpenKeeper,
    result: Exclude<ReadingResult, { readonly kind: "lost" }>,
  ): Promise<void> {
    const { pool, clock, log } = this.options;
    const { held } = result;
    const now = clock.now();
    const common = { seenSeq: row.updatedSeq, completeAt: null, failure: null } as const;
    if (result.kind === "complete") {
      const { startedAt, nextMs, reachedAt } = result;
      const end = { ...common, progress: null, completeAt: startedAt, dueAt: now + nextMs };
      await endReading(pool, held, reachedAt === undefined ? end : { ...end, reachedAt });
    } else if (result.kind === "waits") {
      await endReading(pool, held, { ...common, progress: held.progress, dueAt: now + result.waitMs });
      this.soonAt = Math.min(this.soonAt, now + result.waitMs);
    } else {
      const { error } = result;
      const dueAt = now + waitAfter(error, held.attempts + 1);
      const failure = {
        at: now,
        error: { kind: error.kind, message: error.message, code: error.code ?? null },
      };
      await endReading(pool, held, { ...common, progress: held.progress, dueAt, failure });
      const said = { stage: "intake", seller: row.sellerId, connection: row.code, way: held.way };
      log.warn({ ...said, reason: error.message }, "a keeper could not be read");
    }
  }

  /** An account belongs to one connection: two of them would count its units twice. */
  private async knowAccount(
    context: ReadingContext,
  ): Promise<
    (Outcome<null> & { readonly kind?: never }) | { readonly kind: "waits"; readonly waitMs: number }
  > {
    const { pool, connection, keeper } = context;
    const { row, capability, kind } = connection;
    if (!isAccountOfItsOwn(kind) || (await hasAccount(pool, row))) return succeeded(null);
    const called = await callKeeper(context, () => keeper.readAccount());
    if (called.kind === "waits") return called;
    if (called.kind === "failed") return failed(called.error);
    const { accountId } = called.value;
    if ((await claimAccount(pool, row, accountId)) === "ours") return succeeded(null);
    const message = `The account ${accountId} of ${capability.title} is connected elsewhere already: ${row.code} would count its units twice.`;
    return failed({ kind: "auth", code: "account_taken", message });
  }
}

/** Files, and what is written to us, have no account of a vendor behind them. */
function isAccountOfItsOwn({ capability: { levels } }: KeeperKind): boolean {
  return levels === "poll" || levels === "job";
}

function waysOf(kind: KeeperKind): { readonly kind: string; readonly way: ReadWay }[] {
  const { capability } = kind;
  const isRead = capability.levels === "poll" || capability.levels === "job";
  const ways: readonly (readonly [ReadWay, boolean])[] = [
    ["levels", isRead && capability.levelsIntervalMs !== null],
    ["collect", capability.movementsIntervalMs !== null],
    ["documents", capability.documentsIntervalMs !== null],
    ["subscription", isRead && kind.readDelivery !== undefined],
  ];
  return ways.flatMap(([way, isDone]) => (isDone ? [{ kind: capability.kind, way }] : []));
}

function waitAfter(error: ConnectorError, attempts: number): number {
  if (error.kind === "auth") return isLasting(error) ? REFUSED_MS : disconnectedMs(error) * attempts;
  if (error.kind === "throttled" && error.retryAfterMs !== undefined) return error.retryAfterMs;
  return Math.max(error.retryAfterMs ?? 0, backoffMs(attempts, Math.random(), BACKOFF));
}
