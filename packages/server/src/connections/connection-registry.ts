import type { Capability } from "@onepool/connectors/contract/capability.ts";
import type { Connector, ConnectorKind } from "@onepool/connectors/contract/connector.ts";
import { type Outcome, succeeded } from "@onepool/connectors/contract/outcome.ts";
import type { QueueAddress } from "@onepool/connectors/contract/queue-address.ts";
import type pg from "pg";

import type { SecretBox } from "../auth/secret-box.ts";
import { type BudgetLeft, CallBudgets } from "./call-budget.ts";
import { capabilityOf } from "./capability-of.ts";
import { type ConnectionRow, readConnection } from "./connection-store.ts";
import { openCredentials } from "./open-credentials.ts";
import { StoredTokenVault } from "./stored-token-vault.ts";

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

/** The open connections of this process. One whose row changed is opened anew; its tokens and budgets stay. */
export class ConnectionRegistry {
  readonly kinds: ReadonlyMap<string, ConnectorKind>;
  private readonly options: RegistryOptions;
  private readonly opened = new Map<string, { readonly connection: OpenConnection; readAt: number }>();
  private readonly vaults = new Map<string, StoredTokenVault>();

  constructor(options: RegistryOptions) {
    this.options = options;
    this.kinds = new Map(options.kinds.map((kind) => [kind.capability.kind, kind] as const));
  }

  /**
   * The connection as its row stands now, or stood up to `freshMs` ago where that is good enough; null when there is none, or
   * none of a kind we speak to.
   */
  async open(sellerId: number, code: string, freshMs = 0): Promise<OpenConnection | null> {
    const key = `${sellerId} ${code}`;
    const fresh = this.opened.get(key);
    if (fresh !== undefined && performance.now() - fresh.readAt < freshMs) return fresh.connection;
    const row = await readConnection(this.options.pool, sellerId, code);
    const kind = row === null ? undefined : this.kinds.get(row.kind);
    if (row === null || kind === undefined) return null;
    const readAt = performance.now();
    // Looked up again: somebody else may have opened it while the row was read.
    const known = this.opened.get(key);
    if (known?.connection.row.updatedSeq === row.updatedSeq) {
      known.readAt = readAt;
      return known.connection;
    }
    const connection = this.opening(key, row, kind);
    this.opened.set(key, { connection, readAt });
    if (known !== undefined) this.options.onChanged?.(sellerId, code);
    return connection;
  }

  /** What is left of a connection's calls in this process; null before its first use here. */
  budgetsOf(sellerId: number, code: string): readonly BudgetLeft[] | null {
    return this.opened.get(`${sellerId} ${code}`)?.connection.budgets.left() ?? null;
  }

  private opening(key: string, row: ConnectionRow, kind: ConnectorKind): OpenConnection {
    const capability = capabilityOf(kind, row.settings);
    const budgets = new CallBudgets(capability, row.settings, this.options.clock);
    return { row, kind, capability, budgets, ...this.connect(key, { row, kind, budgets }) };
  }

  private connect(
    key: string,
    { row, kind, budgets }: Pick<OpenConnection, "row" | "kind" | "budgets">,
  ): Pick<OpenConnection, "connector" | "queue"> {
    const { pool, secretBox, clock } = this.options;
    const { sellerId, code, settings } = row;
    const opened = openCredentials(row.credentials, secretBox);
    if (!opened.ok) return { connector: opened, queue: opened };
    const credentials = opened.value;
    let tokens = this.vaults.get(key);
    if (tokens === undefined) {
      tokens = new StoredTokenVault({ pool, secretBox, clock, sellerId, connection: code });
      this.vaults.set(key, tokens);
    }
    tokens.forget();
    return {
      connector: kind.connect({
        connection: code,
        settings,
        credentials,
        tokens,
        clock,
        noteLimit: (budget, perMinute) => budgets.learn(budget, perMinute),
      }),
      queue: kind.queueOf?.({ settings, credentials }) ?? succeeded(null),
    };
  }
}
