import type { ConnectorError } from "@onepool/connectors/contract/connector-error.ts";
import type { Connector } from "@onepool/connectors/contract/connector.ts";
import { backoffMs } from "@onepool/core/intake/backoff.ts";
import type pg from "pg";

import type { ConnectionRegistry, OpenConnection } from "../connections/connection-registry.ts";
import { disconnectedMs } from "../connections/disconnected.ts";
import { Pulse } from "../connections/pulse.ts";
import type { Log } from "../log/log.ts";
import type { LatencyRecorder } from "../observe/latency-recorder.ts";
import type { ObservationLog } from "../observe/observation-log.ts";
import type { LaneContext, PushTimes } from "./lane-context.ts";
import {
  type DueListing,
  explainStandstill,
  readDue,
  readOrdersKnownUntil,
  restListings,
} from "./listing-state-store.ts";
import { noteShadowPushes } from "./note-shadow.ts";
import { type LaneJob, planRound, type Round } from "./plan-round.ts";
import type { PublishMetrics } from "./publish-metrics.ts";
import { pushListing } from "./push-listing.ts";
import { readListings } from "./read-listings.ts";

export interface LaneOptions {
  readonly pool: pg.Pool;
  readonly registry: ConnectionRegistry;
  readonly observations: ObservationLog;
  readonly latency: LatencyRecorder;
  readonly metrics: PublishMetrics;
  readonly clock: { now(): number };
  readonly log: Log;
  readonly sellerId: number;
  readonly connection: string;
  /** Raises wait for orders that may not have been announced. */
  onOrdersWanted(sellerId: number, connection: string): void;
}

/** Calls to one channel account under way at a time, per process. */
const AT_ONCE = 6;

/** Listings decided on in one round. */
const ROUND_LISTINGS = 1_000;

/** What found no turn in a crowded round and is not urgent makes room for others for so long, in milliseconds. */
const STAND_BACK_MS = 1_000;

/** The publisher wakes a lane whenever something is due; its own timer only ends its pauses. In milliseconds. */
const IDLE_MS = 600_000;

/** Failures in a row from which on the channel itself seems to be away, and how long it is left alone then. */
const FAILURES_MAX = 3;
const AWAY = { firstMs: 500, longestMs: 30_000 };

/** Brings the listings of one connection to what they should show, as fast as the channel lets us. */
export class ConnectionLane {
  private readonly options: LaneOptions;
  private readonly pulse: Pulse;
  private readonly active = new Set<Promise<void>>();
  private readonly pushTimes = new Map<string, PushTimes>();
  private paused: { readonly until: number; readonly atSeq: number; readonly error: ConnectorError } | null =
    null;
  private failures = 0;

  constructor(options: LaneOptions) {
    this.options = options;
    const { log } = options;
    this.pulse = new Pulse({
      name: "lane",
      stage: "publish",
      log,
      idleMs: IDLE_MS,
      work: () => this.round(),
    });
  }

  wake(): void {
    this.pulse.wake();
  }

  wakeIn(ms: number): void {
    this.pulse.wakeIn(ms);
  }

  async close(): Promise<void> {
    await this.pulse.close();
    await Promise.all(this.active);
  }

  private async round(): Promise<number> {
    const { pool, registry, clock, sellerId, connection } = this.options;
    const open = await registry.open(sellerId, connection);
    if (open === null) return IDLE_MS;
    if (!open.connector.ok) this.pause(open, open.connector.error, disconnectedMs(open.connector.error));
    const pauseMs = this.pauseMs(open);
    if (pauseMs > 0) {
      if (this.paused?.error.kind === "auth")
        await explainStandstill(pool, this.options, this.paused.error, clock.now());
      return pauseMs;
    }
    const slots = AT_ONCE - this.active.size;
    if (slots <= 0 || !open.connector.ok) return IDLE_MS;
    const now = clock.now();
    const { ownOrderSettlesMs: openSaleMs } = open.capability;
    const due = await readDue(pool, this.options, { now, openSaleMs, limit: ROUND_LISTINGS });
    if (due.length === 0) return IDLE_MS;
    const round = planRound(open, due, { now, ordersKnownUntil: await this.ordersKnownUntil(due) });
    return this.carryOut(open, open.connector.value, round, {
      slots,
      isCrowded: due.length === ROUND_LISTINGS,
    });
  }

  /** Answers after how many milliseconds to look again, if nothing wakes us before. */
  private async carryOut(
    open: OpenConnection,
    connector: Connector,
    round: Round,
    { slots, isCrowded }: { readonly slots: number; readonly isCrowded: boolean },
  ): Promise<number> {
    const { pool, clock, sellerId, connection } = this.options;
    const lane = this.contextOf(open, connector);
    let free = slots;
    let waitMs = IDLE_MS;
    const left: LaneJob[] = [];
    for (const job of round.jobs) {
      const budget = free > 0 ? open.budgets.take(job.call === "push" ? "writes" : "reads", 1) : null;
      if (budget?.taken === 1) {
        free -= 1;
        this.start(lane, job);
        continue;
      }
      if (budget !== null) waitMs = Math.min(waitMs, budget.waitMs);
      left.push(job);
    }
    const backAt = clock.now() + STAND_BACK_MS;
    await restListings(pool, this.options, [...round.rests, ...(isCrowded ? standBack(left, backAt) : [])]);
    await noteShadowPushes(lane, round.notes);
    if (round.asksForOrders) this.options.onOrdersWanted(sellerId, connection);
    const waits = round.rests.flatMap(({ nextAt }) => (nextAt === null ? [] : [nextAt - clock.now()]));
    return Math.min(waitMs, isCrowded ? STAND_BACK_MS : IDLE_MS, ...waits);
  }

  private start(lane: LaneContext, job: LaneJob): void {
    const { log, sellerId, connection } = this.options;
    const call =
      job.call === "push" ? pushListing(lane, job.listing, job.quantity) : readListings(lane, job.listings);
    const work = call
      .catch((error: unknown) => {
        // The lease ends, and the listing is read before anything else happens to it.
        log.warn(
          { stage: "publish", seller: sellerId, connection, call: job.call, err: error },
          "a call could not be finished",
        );
      })
      .finally(() => {
        this.active.delete(work);
        this.pulse.wake();
      });
    this.active.add(work);
  }

  private contextOf(open: OpenConnection, connector: Connector): LaneContext {
    const { pool, clock, observations, latency, metrics, sellerId, connection } = this.options;
    return {
      pool,
      clock,
      observations,
      latency,
      metrics,
      sellerId,
      connection,
      open,
      connector,
      pushTimes: this.pushTimes,
      wakeIn: (ms) => this.pulse.wakeIn(ms),
      onFailure: (error, budget) => this.onFailure(open, error, budget),
      onSuccess: (budget) => {
        this.failures = 0;
        open.budgets.worked(budget);
      },
    };
  }

  private onFailure(open: OpenConnection, error: ConnectorError, budget: "reads" | "writes"): void {
    if (error.kind === "throttled") open.budgets.throttled(budget, error.retryAfterMs);
    if (error.kind === "auth") this.pause(open, error, disconnectedMs(error));
    if (error.kind !== "transient") return;
    this.failures += 1;
    if (this.failures < FAILURES_MAX) return;
    this.pause(open, error, backoffMs(this.failures - FAILURES_MAX + 1, Math.random(), AWAY));
  }

  private pause(open: OpenConnection, error: ConnectorError, ms: number): void {
    const { clock, log, sellerId, connection } = this.options;
    const isNew = this.paused === null || this.paused.error.message !== error.message;
    if (isNew)
      log.warn(
        { stage: "publish", seller: sellerId, connection, reason: error.message },
        "a connection pauses",
      );
    this.paused = { until: clock.now() + ms, atSeq: open.row.updatedSeq, error };
  }

  /** How long the pause still lasts; a connection that was changed is tried at once. */
  private pauseMs(open: OpenConnection): number {
    const { paused } = this;
    if (paused === null) return 0;
    const left = paused.until - this.options.clock.now();
    if (left > 0 && paused.atSeq === open.row.updatedSeq) return left;
    this.paused = null;
    return 0;
  }

  private async ordersKnownUntil(due: readonly DueListing[]): Promise<number | null> {
    if (!due.some(({ problem }) => problem?.code === "unseen_sale")) return null;
    return readOrdersKnownUntil(this.options.pool, this.options, this.options.clock.now());
  }
}

/** Raises and readings that found no turn stand back, so that what is dangerous among the rest is found. */
function standBack(left: readonly LaneJob[], nextAt: number) {
  return left
    .filter(({ call, urgency }) => call === "read" || urgency > 1)
    .flatMap((job) => (job.call === "push" ? [job.listing] : job.listings))
    .map(({ due: { externalId, version } }) => ({ externalId, version, nextAt, isSettled: false }));
}
