import type { Capability } from "@onepool/connectors/contract/capability.ts";
import type { Connector, ConnectorKind } from "@onepool/connectors/contract/connector.ts";
import { type Outcome, succeeded } from "@onepool/connectors/contract/outcome.ts";
import type { QueueAddress } from "@onepool/connectors/contract/queue-address.ts";
import type pg from "pg";

import type { SecretBox } from "../auth/secret-box.ts";
import { type BudgetLeft, CallBudgets } from "./call-budget.ts";
import { capabilityOf } from "./capability-of.ts";
import type { ConnectionRow } from "./connection-store.ts";
import { OpenRows, type RowAccess } from "./open-rows.ts";

/** A connection ready to be used. */
export interface OpenConnection {
  readonly row: ConnectionRow;
  readonly kind: ConnectorKind;
  readonly capability: Capability;
  readonly budgets: CallBudgets;
  /** The connector, or why it cannot be opened (kind `auth`: a setting or the credentials are wrong). */
  readonly connector: Outcome<Connector>;
  /** The queue that its notifications go to; null where it names none. */
  readonly queue: Outcome<QueueAddress | null>;
}

export interface RegistryOptions {
  readonly pool: pg.Pool;
  readonly secretBox: SecretBox;
  readonly clock: { now(): number };
  readonly kinds: readonly ConnectorKind[];
  /** A connection's row changed since it was opened: what had given up on it may try again. */
  onChanged?(sellerId: number, code: string): void;
}

/** The open connections to channels of this process. One whose row changed is opened anew; its tokens stay. */
export class ConnectionRegistry {
  readonly kinds: ReadonlyMap<string, ConnectorKind>;
  private readonly clock: { now(): number };
  private readonly rows: OpenRows<ConnectorKind, OpenConnection>;

  constructor(options: RegistryOptions) {
    this.kinds = new Map(options.kinds.map((kind) => [kind.capability.kind, kind] as const));
    this.clock = options.clock;
    this.rows = new OpenRows({ ...options, kinds: this.kinds, opening: (...of) => this.opening(...of) });
  }

  /**
   * The connection as its row stands now, or stood up to `freshMs` ago where that is good enough; null when there is none, or
   * none of a kind we speak to.
   */
  open(sellerId: number, code: string, freshMs = 0): Promise<OpenConnection | null> {
    return this.rows.open(sellerId, code, freshMs);
  }

  /** What is left of a connection's calls in this process; null before its first use here. */
  budgetsOf(sellerId: number, code: string): readonly BudgetLeft[] | null {
    return this.rows.lastOpened(sellerId, code)?.budgets.left() ?? null;
  }

  private opening(row: ConnectionRow, kind: ConnectorKind, access: RowAccess): OpenConnection {
    const capability = capabilityOf(kind, row.settings);
    const budgets = new CallBudgets(capability, row.settings, this.clock);
    return { row, kind, capability, budgets, ...this.connect({ row, kind, budgets }, access) };
  }

  private connect(
    { row, kind, budgets }: Pick<OpenConnection, "row" | "kind" | "budgets">,
    { credentials: opened, tokens }: RowAccess,
  ): Pick<OpenConnection, "connector" | "queue"> {
    if (!opened.ok) return { connector: opened, queue: opened };
    const { code, settings } = row;
    const credentials = opened.value;
    return {
      connector: kind.connect({
        connection: code,
        settings,
        credentials,
        tokens,
        clock: this.clock,
        noteLimit: (budget, perMinute) => budgets.learn(budget, perMinute),
      }),
      queue: kind.queueOf?.({ settings, credentials }) ?? succeeded(null),
    };
  }
}
