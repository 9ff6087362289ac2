// Puts intake and publish together: what main, the scenarios and the demo start.
import type { ConnectorKind } from "@onepool/connectors/contract/connector.ts";
import type { SightPolicy } from "@onepool/core/intake/judge-sight.ts";
import type { FastifyPluginCallback } from "fastify";
import type pg from "pg";

import type { SecretBox } from "../auth/secret-box.ts";
import { hooksRoute } from "../intake/hooks-route.ts";
import { InboxWorker } from "../intake/inbox-worker.ts";
import { intakeMetrics } from "../intake/intake-metrics.ts";
import { MissedNoticePoller } from "../intake/missed-notice-poller.ts";
import { OrderPoller } from "../intake/order-poller.ts";
import { QueueReaders } from "../intake/queue-readers.ts";
import { SightKeeper } from "../intake/sight-keeper.ts";
import { SubscriptionKeeper } from "../intake/subscription-keeper.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { Log } from "../log/log.ts";
import type { Metrics } from "../metrics/metrics.ts";
import { LatencyRecorder } from "../observe/latency-recorder.ts";
import { ObservationLog } from "../observe/observation-log.ts";
import type { Database } from "../postgres/open-database.ts";
import { Publisher } from "../publish/publisher.ts";
import type { BudgetLeft } from "./call-budget.ts";
import { ConnectionRegistry } from "./connection-registry.ts";

export interface ChannelsOptions {
  readonly database: Pick<Database, "openPool">;
  readonly ledger: Pick<Ledger, "submit" | "onCommit">;
  readonly secretBox: SecretBox;
  readonly kinds: readonly ConnectorKind[];
  readonly clock: { now(): number };
  readonly log: Log;
  readonly metrics?: Metrics;
  /** The probability of overselling that is accepted while news of a sale travels; 1 never deals scarce pools out. */
  readonly oversellRisk?: number;
  /** In place of the channels' own interval between polls, in milliseconds. */
  readonly orderPollIntervalMs?: number;
  /** When a channel counts as not seen, and how often that is judged, in place of our own rule. */
  readonly sight?: { readonly policy: SightPolicy; readonly everyMs: number };
}

export interface Channels {
  /** The routes that channels call. */
  readonly hooks: FastifyPluginCallback;
  /** What is left of a connection's calls in this process; null before its first use here. */
  budgetsOf(sellerId: number, connection: string): readonly BudgetLeft[] | null;
  /** A seller's ledger has grown in another process. */
  wake(sellerId: number): void;
  /** Something may have been missed. */
  wakeAll(): void;
  /** Finishes the calls under way. What is left is found again by whoever starts next. */
  close(): Promise<void>;
}

/** Connections to the database. Those of the hooks are their own: a channel that waits for its answer switches us off. */
const WORK_CONNECTIONS = 12;
const HOOK_CONNECTIONS = 3;

export function startChannels(options: ChannelsOptions): Channels {
  const { database, clock } = options;
  const pool = database.openPool({ max: WORK_CONNECTIONS, applicationName: "onepool channels" });
  const hookPool = database.openPool({ max: HOOK_CONNECTIONS, applicationName: "onepool hooks" });
  const parts = startParts(options, pool);
  const { publisher, inbox, poller, missed, queues, sight, subscriptions, latency, observations } = parts;
  return {
    hooks: hooksRoute({
      pool: hookPool,
      kinds: parts.kinds,
      clock,
      metrics: parts.intake,
      onStored: () => inbox.wake(),
    }),
    budgetsOf: (sellerId, connection) => parts.registry.budgetsOf(sellerId, connection),
    wake: (sellerId) => publisher.wake(sellerId),
    wakeAll: () => {
      inbox.wake();
      subscriptions.wake();
      publisher.wakeAll();
    },
    async close() {
      const askers = [poller, missed, queues, sight, subscriptions];
      await Promise.all(askers.map((asker) => asker.close()));
      await inbox.close();
      await publisher.close();
      await Promise.all([latency.close(), observations.close()]);
    },
  };
}

/** The workers, each told whom to wake: they meet in tables, and wakes only save the wait. */
function startParts(options: ChannelsOptions, pool: pg.Pool) {
  const { ledger, secretBox, clock, log, metrics, kinds, orderPollIntervalMs: intervalMs } = options;
  const counted = metrics === undefined ? {} : { metrics };
  const latency = new LatencyRecorder({ pool, clock, log, ...counted });
  const observations = new ObservationLog({ pool, clock, log });
  const intake = intakeMetrics(metrics);
  const registry = new ConnectionRegistry({
    pool,
    secretBox,
    clock,
    kinds,
    onChanged: (sellerId, connection) => {
      inbox.resume(sellerId, connection);
      poller.ask(sellerId, connection, { isChanged: true });
      queues.wake();
      subscriptions.wake();
    },
  });
  const shared = { pool, registry, ledger, clock, log };
  const publisher = new Publisher({
    ...shared,
    ...counted,
    observations,
    latency,
    ...(options.oversellRisk === undefined ? {} : { oversellRisk: options.oversellRisk }),
    onOrdersWanted: (sellerId, connection) => poller.ask(sellerId, connection, { isChanged: false }),
  });
  const inbox = new InboxWorker({
    ...shared,
    observations,
    latency,
    metrics: intake,
    onReadingsWanted: (sellerId, connection, inMs) => publisher.wakeConnection(sellerId, connection, inMs),
  });
  const poller = new OrderPoller({
    ...shared,
    ...(intervalMs === undefined ? {} : { intervalMs }),
    metrics: intake,
    onFound: () => inbox.wake(),
    onComplete: (sellerId, connection) => publisher.wakeConnection(sellerId, connection),
  });
  const queues = new QueueReaders({ ...shared, metrics: intake, onStored: () => inbox.wake() });
  const sight = new SightKeeper({
    ...shared,
    ...options.sight,
    ...(intervalMs === undefined ? {} : { intervalMs }),
    observations,
    onSighted: (sellerId, connection) => poller.ask(sellerId, connection, { isChanged: true }),
    onHeld: (sellerId, connection) => publisher.wakeConnection(sellerId, connection),
  });
  const subscriptions = new SubscriptionKeeper({ ...shared, observations });
  const missed = new MissedNoticePoller({ ...shared, metrics: intake, onStored: () => inbox.wake() });
  return {
    registry,
    kinds: registry.kinds,
    missed,
    queues,
    sight,
    subscriptions,
    publisher,
    inbox,
    poller,
    latency,
    observations,
    intake,
  };
}
