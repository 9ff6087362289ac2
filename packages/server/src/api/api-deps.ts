import type { ConnectorKind } from "@onepool/connectors/contract/connector.ts";
import type { KeeperKind } from "@onepool/connectors/contract/keeper/keeper.ts";
import type { FastifyPluginAsync, FastifyPluginCallback } from "fastify";
import type pg from "pg";

import type { SecretBox } from "../auth/secret-box.ts";
import type { BudgetLeft } from "../connections/call-budget.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { Reader } from "../ledger/read/reader.ts";
import type { Log } from "../log/log.ts";
import type { Metrics } from "../metrics/metrics.ts";

/** What routes work with. */
export interface ApiDeps {
  readonly ledger: Ledger;
  readonly pool: pg.Pool;
  readonly reader: Reader;
  readonly clock: { now(): number };
  readonly secretBox: SecretBox;
  /** The channels that connectors speak to, by kind. */
  readonly kinds: ReadonlyMap<string, Pick<ConnectorKind, "capability" | "authorization">>;
  /** The keepers that connectors speak to, and who is to be woken when facts of theirs were stored; none if absent. */
  readonly keepers?: KeepersDeps;
  /** What is left of a connection's calls, where this process makes them; null before the first. */
  budgetsOf?(sellerId: number, connection: string): readonly BudgetLeft[] | null;
  /** Where marketplaces reach this server: scheme, host and port, without a slash at the end. Known once it listens. */
  publicUrl(): string;
}

export interface KeepersDeps {
  readonly kinds: ReadonlyMap<string, KeeperKind>;
  onStored(): void;
}

type Plugin = FastifyPluginAsync | FastifyPluginCallback;

/** What an application is built of. Stages bring their own routes as plugins. */
export interface AppDeps extends Omit<ApiDeps, "reader"> {
  readonly log: Log;
  readonly metrics: Metrics;
  /** Sets `request.caller` and refuses who may not pass (auth/README.md). */
  readonly authentication: Plugin;
  /** Plugins with routes of other stages: live, hooks, operations, dashboard. */
  readonly plugins?: readonly Plugin[];
}
