// Puts intake and publish together: what main, the scenarios and the demo start.
import type { ConnectorKind } from "@onepool/connectors/contract/connector.ts";
import type { FastifyPluginCallback } from "fastify";

import type { SecretBox } from "../auth/secret-box.ts";
import { hooksRoute } from "../intake/hooks-route.ts";
import { InboxWorker } from "../intake/inbox-worker.ts";
import { intakeMetrics } from "../intake/intake-metrics.ts";
import { OrderPoller } from "../intake/order-poller.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { Log } from "../log/log.ts";
import type { Metrics } from "../metrics/metrics.ts";
import { LatencyRecorder } from "../observe/latency-recorder.ts";
import { ObservationLog } from "../observe/observation-log.ts";
import type { Database } from "../postgres/open-database.ts";
import { Publisher } from "../publish/publisher.ts";
import { ConnectionRegistry } from "./connection-registry.ts";

export interface ChannelsOptions {
  readonly database: Pick<Database, "openPool">;
  readonly ledger: Pick<Ledger, "submit" | "onCommit">;
  readonly secretBox: SecretBox;
  readonly kinds: readonly ConnectorKind[];
  readonly clock: { now(): number };
  readonly log: Log;
  readonly metrics?: Metrics;
  /** In place of the channels' own interval between polls, in milliseconds. */
  readonly orderPollIntervalMs?: number;
}

export interface Channels {
  /** The routes that channels call. */
  readonly hooks: FastifyPluginCallback;
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
  const { database, ledger, secretBox, clock, log, metrics } = options;
  const pool = database.openPool({ max: WORK_CONNECTIONS, applicationName: "onepool channels" });
  const hookPool = database.openPool({ max: HOOK_CONNECTIONS, applicationName: "onepool hooks" });
  const registry = new ConnectionRegistry({ pool, secretBox, clock, kinds: options.kinds });
  const counted = metrics === undefined ? {} : { metrics };
  const latency = new LatencyRecorder({ pool, clock, log, ...counted });
  const observations = new ObservationLog({ pool, clock, log });
  const ofIntake = intakeMetrics(metrics);
  const publisher = new Publisher({
    pool,
    registry,
    ledger,
    observations,
    latency,
    clock,
    log,
    ...counted,
    onOrdersWanted: (sellerId, connection) => {
      poller.ask(sellerId, connection).catch((error: unknown) => {
        log.warn(
          { stage: "intake", seller: sellerId, connection, err: error },
          "a poll could not be asked for",
        );
      });
    },
  });
  const inbox = new InboxWorker({
    pool,
    registry,
    ledger,
    observations,
    latency,
    metrics: ofIntake,
    clock,
    log,
    onReadingsWanted: (sellerId, connection) => publisher.wakeConnection(sellerId, connection),
  });
  const { orderPollIntervalMs: intervalMs } = options;
  const poller = new OrderPoller({
    pool,
    registry,
    metrics: ofIntake,
    clock,
    log,
    ...(intervalMs === undefined ? {} : { intervalMs }),
    onFound: () => inbox.wake(),
    onComplete: (sellerId, connection) => publisher.wakeConnection(sellerId, connection),
  });
  return {
    hooks: hooksRoute({
      pool: hookPool,
      kinds: registry.kinds,
      clock,
      metrics: ofIntake,
      onStored: () => inbox.wake(),
    }),
    wake: (sellerId) => publisher.wake(sellerId),
    wakeAll: () => {
      inbox.wake();
      publisher.wakeAll();
    },
    async close() {
      await Promise.all([poller.close(), inbox.close()]);
      await publisher.close();
      await Promise.all([latency.close(), observations.close()]);
    },
  };
}
