// Puts the keeper side together: what hears and reads keepers, and what gives them orders.
import type { KeeperKind } from "@onepool/connectors/contract/keeper/keeper.ts";
import type { FastifyPluginCallback } from "fastify";

import type { SecretBox } from "../auth/secret-box.ts";
import { ApplyWorker } from "../intake/keeper/apply-worker.ts";
import { keeperHooks } from "../intake/keeper/keeper-hooks.ts";
import { keeperMetrics } from "../intake/keeper/keeper-metrics.ts";
import { KeeperReader } from "../intake/keeper/keeper-reader.ts";
import { ReturnWatch } from "../intake/keeper/return-watch.ts";
import { SilenceKeeper } from "../intake/keeper/silence-keeper.ts";
import { WaitingFacts } from "../intake/keeper/waiting-facts.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { Log } from "../log/log.ts";
import type { Metrics } from "../metrics/metrics.ts";
import { ObservationLog } from "../observe/observation-log.ts";
import type { Database } from "../postgres/open-database.ts";
import { Fulfilment } from "../publish/fulfilment/fulfilment.ts";
import type { BudgetLeft } from "./call-budget.ts";
import { KeeperRegistry } from "./keeper-registry.ts";

export interface KeepersOptions {
  readonly database: Pick<Database, "openPool">;
  readonly ledger: Pick<Ledger, "submit" | "onCommit">;
  readonly secretBox: SecretBox;
  readonly kinds: readonly KeeperKind[];
  readonly clock: { now(): number };
  readonly log: Log;
  readonly metrics?: Metrics;
  /** Where keepers reach this server; empty while it does not listen yet. */
  publicUrl(): string;
}

export interface Keepers {
  /** The routes that keepers call. */
  readonly hooks: FastifyPluginCallback;
  readonly kinds: ReadonlyMap<string, KeeperKind>;
  /** What is left of a connection's calls in this process; null before its first use here. */
  budgetsOf(sellerId: number, connection: string): readonly BudgetLeft[] | null;
  /** Something may be there to be worked on: facts that the API took, or something was missed. */
  wake(): void;
  /** Finishes the calls under way. What is left is found again by whoever starts next. */
  close(): Promise<void>;
}

/** Connections to the database. Those of the hooks are their own: a keeper that waits for its answer switches us off. */
const WORK_CONNECTIONS = 8;
const HOOK_CONNECTIONS = 2;

export function startKeepers(options: KeepersOptions): Keepers {
  const { database, ledger, secretBox, clock, log } = options;
  const pool = database.openPool({ max: WORK_CONNECTIONS, applicationName: "onepool keepers" });
  const hookPool = database.openPool({ max: HOOK_CONNECTIONS, applicationName: "onepool keeper hooks" });
  const metrics = keeperMetrics(options.metrics);
  const observations = new ObservationLog({ pool, clock, log });
  const registry = new KeeperRegistry({ pool, secretBox, clock, kinds: options.kinds });
  const shared = { pool, registry, secretBox, clock, log };
  const applying = new ApplyWorker({ ...shared, ledger });
  const onStored = (): void => applying.wake();
  const publicUrl = (): string => options.publicUrl();
  const reader = new KeeperReader({ ...shared, observations, metrics, publicUrl, onStored });
  const silence = new SilenceKeeper({ ...shared, observations });
  const returns = new ReturnWatch(shared);
  const kinds = [...registry.kinds.keys()];
  const waiting = new WaitingFacts({ ...shared, ledger, kinds, onDue: onStored });
  const fulfilment = new Fulfilment({ ...shared, ledger });
  const wake = (): void => {
    reader.wake();
    applying.wake();
    fulfilment.wake();
  };

  return {
    hooks: keeperHooks({ ...shared, pool: hookPool, kinds: registry.kinds, metrics, onStored: wake }),
    kinds: registry.kinds,
    budgetsOf: (sellerId, connection) => registry.budgetsOf(sellerId, connection),
    wake,
    async close() {
      await Promise.all([
        reader.close(),
        applying.close(),
        silence.close(),
        waiting.close(),
        returns.close(),
        fulfilment.close(),
      ]);
      await observations.close();
    },
  };
}
