import type { ConnectorError } from "@onepool/connectors/contract/connector-error.ts";
import type { Connector } from "@onepool/connectors/contract/connector.ts";
import { backoffMs } from "@onepool/core/intake/backoff.ts";
import { feedLimitMs, isFeedStale, ordersKnownUntil } from "@onepool/core/publish/order-feed.ts";
import type pg from "pg";

import type { ConnectionRegistry, OpenConnection } from "../connections/connection-registry.ts";
import { disconnectedMs } from "../connections/disconnected.ts";
import { Pulse } from "../connections/pulse.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { Log } from "../log/log.ts";
import type { LatencyRecorder } from "../observe/latency-recorder.ts";
import type { ObservationLog } from "../observe/observation-log.ts";
import { endBrakeAlert } from "./brake-store.ts";
import { type Rank, rankListings, readDue } from "./due-store.ts";
import { type BrakedJob, holdStops } from "./hold-stops.ts";
import { IMPORT_LOOK_MS, ImportGate } from "./import-gate.ts";
import type { LaneContext, PushTimes } from "./lane-context.ts";
import { explainStandstill, restListings, wakeHeld } from "./listing-state-store.ts";
import { noteShadowPushes } from "./note-shadow.ts";
import { readOrderFeed } from "./order-feeds.ts";
import { type LaneJob, planRound, type Round, type RoundFeed } from "./plan-round.ts";
import type { PublishMetrics } from "./publish-metrics.ts";
import { pushListing } from "./push-listing.ts";
import { readListings } from "./read-listings.ts";

export interface LaneOptions {
  readonly pool: pg.Pool;
  readonly registry: ConnectionRegistry;
  readonly ledger: Pick<Ledger, "submit">;
  readonly observations: ObservationLog;
  readonly latency: LatencyRecorder;
  readonly metrics: PublishMetrics;
  readonly clock: { now(): number };
  readonly log: Log;
  readonly sellerId: number;
  readonly connection: string;
  /** Raises wait for orders that may not have been announced. */
  onOrdersWanted(sellerId: number, connection: string): void;
  /** Something moved at a listing whose pools are dealt out in quotas. */
  onScarceMoved(sellerId: number): void;
}

/** Calls to one channel account under way at a time, per process. */
const AT_ONCE = 6;

/** Listings looked at for the first time in one round; the next round follows at once while there are more. */
const ROUND_LISTINGS = 500;

/** The publisher wakes a lane whenever something is due; its own timer only ends its pauses. In milliseconds. */
const IDLE_MS = 600_000;

/** Failures in a row from which on the channel itself seems to be away, and how long it is left alone then. */
const FAILURES_MAX = 3;
const AWAY = { firstMs: 500, longestMs: 30_000 };

/** Brings the listings of one connection to what they should show, as fast as the channel lets us. */
export class ConnectionLane {
  private readonly options: LaneOptions;
  private readonly pulse: Pulse;
  private readonly importGate: ImportGate;
  private readonly active = new Set<Promise<void>>();
  private readonly pushTimes = new Map<string, PushTimes>();
  private paused: { readonly until: number; readonly atSeq: number; readonly error: ConnectorError } | null =
    null;
  private failures = 0;
  /** Raises may be waiting for the feed: whoever ran before us left them so. */
  private wasFeedStale = true;
  /** The brake may hold something, and its alert may be open. */
  private isBraked = true;

  constructor(options: LaneOptions) {
    this.options = options;
    const { log } = options;
    this.importGate = new ImportGate(options.pool, options);
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
    const { feed, isImported } = await this.feedOf(open, now);
    const idleMs = isImported ? IDLE_MS : IMPORT_LOOK_MS;
    const { ownOrderSettlesMs: openSaleMs } = open.capability;
    const due = await readDue(pool, this.options, { now, openSaleMs, limit: ROUND_LISTINGS });
    if (due.length === 0) return idleMs;
    const isCrowded = due.filter(({ wants }) => wants === null).length === ROUND_LISTINGS;
    const round = planRound(isImported ? open : withoutPushes(open), due, feed);
    const waitMs = await this.carryOut(open, open.connector.value, round, { slots, isCrowded });
    return Math.min(waitMs, idleMs);
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
    const braked = await holdStops(lane, round.jobs, clock.now());
    if (braked.held > 0) this.isBraked = true;
    else if (this.isBraked) this.isBraked = !(await endBrakeAlert(pool, this.options, clock.now()));
    let free = slots;
    let waitMs = IDLE_MS;
    const left: LaneJob[] = [];
    for (const job of braked.jobs) {
      const budget = free > 0 ? open.budgets.take(job.call === "push" ? "writes" : "reads", 1) : null;
      if (budget?.taken === 1) {
        free -= 1;
        this.start(lane, job);
        continue;
      }
      if (budget !== null) waitMs = Math.min(waitMs, budget.waitMs);
      left.push(job);
    }
    await restListings(pool, this.options, round.rests);
    await rankListings(pool, this.options, ranksOf(left));
    await noteShadowPushes(lane, round.notes);
    if (round.asksForOrders) this.options.onOrdersWanted(sellerId, connection);
    const waits = round.rests.flatMap(({ nextAt }) => (nextAt === null ? [] : [nextAt - clock.now()]));
    return Math.min(waitMs, isCrowded || braked.isUnfinished ? 0 : IDLE_MS, ...waits);
  }

  /** How far the channel's orders have come. Raises that waited for them are due once they are complete again. */
  private async feedOf(
    { row, capability }: OpenConnection,
    now: number,
  ): Promise<{ readonly feed: RoundFeed; readonly isImported: boolean }> {
    const { pool } = this.options;
    const feed = await readOrderFeed(pool, this.options, now);
    const isStale = isFeedStale(feed, feedLimitMs(capability, orderFeedLimitMs(row.settings)), now);
    if (this.wasFeedStale && !isStale) await wakeHeld(pool, this.options, now);
    this.wasFeedStale = isStale;
    const isImported = row.mode !== "live" || (await this.importGate.isThrough(feed, now));
    return { feed: { now, ordersKnownUntil: ordersKnownUntil(feed), isFeedStale: isStale }, isImported };
  }

  private start(lane: LaneContext, job: BrakedJob): void {
    const { log, sellerId, connection } = this.options;
    const call =
      job.call === "push"
        ? pushListing(lane, { ...job, isCountedStop: job.isCountedStop === true })
        : readListings(lane, job.listings);
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
    const { pool, ledger, clock, observations, latency, metrics, sellerId, connection } = this.options;
    return {
      pool,
      ledger,
      clock,
      observations,
      latency,
      metrics,
      sellerId,
      connection,
      open,
      connector,
      pushTimes: this.pushTimes,
      kinds: this.options.registry.kinds,
      wakeIn: (ms) => this.pulse.wakeIn(ms),
      onScarceMoved: () => this.options.onScarceMoved(sellerId),
      onOrdersWanted: (connections) => {
        for (const code of connections) this.options.onOrdersWanted(sellerId, code);
      },
      onFailure: (error, budget) => this.onFailure(open, error, budget),
      onSuccess: (budget) => {
        this.failures = 0;
        open.budgets.worked(budget);
      },
    };
  }

  private onFailure(open: OpenConnection, error: ConnectorError, budget: "reads" | "writes"): void {
    // What only one listing is refused says nothing about the others: it waits alone.
    if (error.isOnlyThis === true) return;
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
}

/** As in shadow: listings are read, and what would be pushed is noted. */
function withoutPushes(open: OpenConnection): OpenConnection {
  return { ...open, row: { ...open.row, mode: "shadow" } };
}

/** How far behind orders may be, where the seller says so. In milliseconds. */
function orderFeedLimitMs(settings: unknown): number | null {
  const given = (settings as Readonly<Record<string, unknown>> | null)?.["orderFeedLimitMs"];
  return typeof given === "number" && given > 0 ? given : null;
}

/** The places in the queue of those that found no turn; who keeps theirs is not written again. */
function ranksOf(left: readonly LaneJob[]): Rank[] {
  return left.flatMap((job) => {
    const listings = job.call === "push" ? [job.listing] : job.listings;
    return listings.flatMap(({ due: { externalId, version, wants, urgency } }): Rank[] => {
      const isSame = wants === job.call && urgency !== null && Math.abs(urgency - job.urgency) < 1;
      return isSame ? [] : [{ externalId, version, wants: job.call, urgency: job.urgency }];
    });
  });
}
