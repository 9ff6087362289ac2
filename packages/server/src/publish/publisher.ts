import type pg from "pg";

import { Dealer } from "../allocate/dealer.ts";
import type { ConnectionRegistry } from "../connections/connection-registry.ts";
import { inTransaction } from "../connections/in-transaction.ts";
import { Pulse } from "../connections/pulse.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { Log } from "../log/log.ts";
import type { Metrics } from "../metrics/metrics.ts";
import type { LatencyRecorder } from "../observe/latency-recorder.ts";
import type { ObservationLog } from "../observe/observation-log.ts";
import { ConnectionLane } from "./connection-lane.ts";
import { followLedger, sellersBehind, sellersWithChannels } from "./follow-store.ts";
import { connectionsDue } from "./listing-state-store.ts";
import { publishMetrics, type PublishMetrics } from "./publish-metrics.ts";

export interface PublisherOptions {
  readonly pool: pg.Pool;
  readonly registry: ConnectionRegistry;
  readonly ledger: Pick<Ledger, "onCommit" | "submit">;
  readonly observations: ObservationLog;
  readonly latency: LatencyRecorder;
  readonly clock: { now(): number };
  readonly log: Log;
  readonly metrics?: Metrics;
  /** The probability of overselling accepted per latency, from 0 to 1; 1 % unless said. 1: no pool is ever dealt out. */
  readonly oversellRisk?: number;
  /** Raises of a connection wait for orders that may not have been announced. */
  onOrdersWanted(sellerId: number, connection: string): void;
}

/** Ledgers are looked at this often although nobody woke us, in milliseconds. */
const FOLLOW_MS = 1_000;

/** Scarce pools are dealt out this long after something moved, in milliseconds. */
const DEAL_AFTER_MS = 5;

/** Due listings are looked for this often, in milliseconds: retries, waits, and what other processes marked. */
const SWEEP_MS = 500;

/** Without a word of the seller's: a sale in a hundred latencies. decisions.md 7.5 weighs it against the margin. */
const OVERSELL_RISK = 0.01;

/** A connection's orders are asked for at most this often, in milliseconds, or as seldom as its channel wants. */
const ORDERS_ASK_MS = 1_000;

/** The sellers that have connections at all are found this often, in milliseconds. */
const SELLERS_MS = 2_000;

/**
 * Keeps every listing at what it should show. Level-triggered: whatever wakes it, it reads the pool and the listing's state
 * as they are now and closes the gap. Any number of processes may do so on one database.
 */
export class Publisher {
  private readonly options: PublisherOptions;
  private readonly metrics: PublishMetrics;
  private readonly lanes = new Map<string, ConnectionLane>();
  private readonly follower: Pulse;
  private readonly sweeper: Pulse;
  private readonly stopListening: () => void;
  private readonly woken = new Set<number>();
  private readonly dealer: Dealer;
  private readonly dealing: Pulse;
  private readonly undealt = new Set<number>();
  private readonly ordersAskedAt = new Map<string, number>();
  private sellers = new Set<number>();
  private sellersReadAt = -Infinity;
  private polledAt = -Infinity;

  constructor(options: PublisherOptions) {
    this.options = options;
    this.metrics = publishMetrics(options.metrics);
    const { log, ledger, pool, registry, clock, oversellRisk = OVERSELL_RISK } = options;
    this.dealer = new Dealer({ pool, kinds: registry.kinds, ledger, clock, oversellRisk });
    this.dealing = new Pulse({
      name: "deal",
      stage: "allocate",
      log,
      idleMs: FOLLOW_MS,
      work: () => this.deal(),
    });
    this.follower = new Pulse({
      name: "follow",
      stage: "publish",
      log,
      idleMs: FOLLOW_MS,
      work: () => this.follow(),
    });
    this.sweeper = new Pulse({
      name: "sweep",
      stage: "publish",
      log,
      idleMs: SWEEP_MS,
      work: () => this.sweep(),
    });
    this.stopListening = ledger.onCommit(({ sellerId, listingsChanged }) => {
      // The first listing of a seller that had none: it is to be found at once.
      if (listingsChanged && !this.sellers.has(sellerId)) this.wakeAll();
      else this.wake(sellerId);
    });
    this.follower.wake();
    this.sweeper.wake();
  }

  /** A seller's ledger has grown: told by a commit of this process, or by another process through PostgreSQL. */
  wake(sellerId: number): void {
    if (!this.sellers.has(sellerId)) return; // found within `SELLERS_MS` if it has connections by now
    this.woken.add(sellerId);
    this.follower.wake();
  }

  /** Something may have been missed: every ledger is looked at. */
  wakeAll(): void {
    this.sellersReadAt = -Infinity;
    this.polledAt = -Infinity;
    this.follower.wake();
    this.sweeper.wake();
  }

  /** Listings of a connection are due, or will be after a while. */
  wakeConnection(sellerId: number, connection: string, inMs = 0): void {
    const lane = this.laneOf(sellerId, connection);
    if (inMs > 0) lane.wakeIn(inMs);
    else lane.wake();
  }

  async close(): Promise<void> {
    this.stopListening();
    await Promise.all([this.follower.close(), this.sweeper.close(), this.dealing.close()]);
    await Promise.all([...this.lanes.values()].map((lane) => lane.close()));
  }

  private async follow(): Promise<void> {
    await this.findSellers();
    const sellers = [...this.woken];
    this.woken.clear();
    try {
      while (sellers.length > 0) {
        const sellerId = sellers[0];
        if (sellerId !== undefined) await this.followSeller(sellerId);
        sellers.shift();
      }
    } finally {
      for (const sellerId of sellers) this.woken.add(sellerId);
    }
  }

  private async followSeller(sellerId: number): Promise<void> {
    const { pool, registry, clock } = this.options;
    const kinds = [...registry.kinds.keys()];
    for (let isAtHead = false; !isAtHead;) {
      const followed = await inTransaction(pool, (client) =>
        followLedger(client, sellerId, { kinds, now: clock.now() }),
      );
      for (const connection of followed.connections) this.wakeConnection(sellerId, connection);
      ({ isAtHead } = followed);
    }
    this.wakeDeal(sellerId);
  }

  /** Deals wait a moment for what else moves: one look at a pool is enough for all of it. */
  private wakeDeal(sellerId: number): void {
    this.undealt.add(sellerId);
    this.dealing.wakeIn(DEAL_AFTER_MS);
  }

  private async deal(): Promise<void> {
    const sellers = [...this.undealt];
    for (const sellerId of sellers) {
      this.undealt.delete(sellerId);
      try {
        for (const connection of await this.dealer.deal(sellerId)) this.wakeConnection(sellerId, connection);
      } catch (error) {
        this.undealt.add(sellerId);
        throw error;
      }
    }
  }

  /** Has a connection's orders polled, as often as its channel allows lists of them. */
  private async askForOrders(sellerId: number, connection: string): Promise<void> {
    const { registry, clock, log } = this.options;
    const key = `${sellerId} ${connection}`;
    const now = clock.now();
    try {
      const open = await registry.open(sellerId, connection, FOLLOW_MS);
      if (open === null) return;
      const gapMs = Math.max(ORDERS_ASK_MS, 60_000 / open.capability.limits.orderLists.perMinute);
      if (now - (this.ordersAskedAt.get(key) ?? -Infinity) < gapMs) return;
      this.ordersAskedAt.set(key, now);
      this.options.onOrdersWanted(sellerId, connection);
    } catch (error) {
      log.warn(
        { stage: "publish", seller: sellerId, connection, err: error },
        "orders could not be asked for",
      );
    }
  }

  /** The floor under the notices: looks which ledgers have grown, whether anybody said so or not. */
  private async findSellers(): Promise<void> {
    const { pool, registry, clock } = this.options;
    const now = clock.now();
    if (now - this.sellersReadAt >= SELLERS_MS) {
      const sellers = new Set(await sellersWithChannels(pool, [...registry.kinds.keys()]));
      // Whoever dealt before us may have been stopped in the middle.
      for (const sellerId of sellers) if (!this.sellers.has(sellerId)) this.wakeDeal(sellerId);
      this.sellers = sellers;
      this.sellersReadAt = now;
    }
    if (now - this.polledAt < FOLLOW_MS) return;
    this.polledAt = now;
    for (const sellerId of await sellersBehind(pool, [...this.sellers])) this.woken.add(sellerId);
    for (const sellerId of await this.dealer.sellers([...this.sellers])) this.wakeDeal(sellerId);
  }

  private async sweep(): Promise<void> {
    const due = await connectionsDue(this.options.pool, this.options.clock.now());
    for (const { sellerId, connection } of due) this.wakeConnection(sellerId, connection);
  }

  private laneOf(sellerId: number, connection: string): ConnectionLane {
    const key = `${sellerId} ${connection}`;
    let lane = this.lanes.get(key);
    if (lane === undefined) {
      const { pool, registry, ledger, observations, latency, clock, log } = this.options;
      lane = new ConnectionLane({
        pool,
        registry,
        ledger,
        observations,
        latency,
        metrics: this.metrics,
        clock,
        log,
        sellerId,
        connection,
        onOrdersWanted: (seller, code) => void this.askForOrders(seller, code),
        onScarceMoved: (seller) => this.wakeDeal(seller),
      });
      this.lanes.set(key, lane);
    }
    return lane;
  }
}
