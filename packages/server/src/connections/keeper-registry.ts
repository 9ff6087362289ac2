import type {
  KeeperBudget,
  KeeperCapability,
} from "@onepool/connectors/contract/keeper/keeper-capability.ts";
import type { Keeper, KeeperKind } from "@onepool/connectors/contract/keeper/keeper.ts";
import type { Outcome } from "@onepool/connectors/contract/outcome.ts";
import type pg from "pg";

import type { SecretBox } from "../auth/secret-box.ts";
import { type BudgetLeft, CallBudgets } from "./call-budget.ts";
import { withKeeperPace } from "./connection-pace.ts";
import type { ConnectionRow } from "./connection-store.ts";
import { OpenRows, type RowAccess } from "./open-rows.ts";

/** A connection to a keeper, ready to be used. */
export interface OpenKeeper {
  readonly row: ConnectionRow;
  readonly kind: KeeperKind;
  readonly capability: KeeperCapability;
  readonly budgets: CallBudgets<KeeperBudget>;
  /** The keeper, or why it cannot be opened (kind `auth`: a setting or the credentials are wrong). */
  readonly keeper: Outcome<Keeper>;
}

export interface KeeperRegistryOptions {
  readonly pool: pg.Pool;
  readonly secretBox: SecretBox;
  readonly clock: { now(): number };
  readonly kinds: readonly KeeperKind[];
  /** A connection's row changed since it was opened. */
  onChanged?(sellerId: number, code: string): void;
}

/** The open connections to keepers of this process, as ConnectionRegistry is for channels. */
export class KeeperRegistry {
  readonly kinds: ReadonlyMap<string, KeeperKind>;
  private readonly clock: { now(): number };
  private readonly rows: OpenRows<KeeperKind, OpenKeeper>;

  constructor(options: KeeperRegistryOptions) {
    this.kinds = new Map(options.kinds.map((kind) => [kind.capability.kind, kind] as const));
    this.clock = options.clock;
    this.rows = new OpenRows({ ...options, kinds: this.kinds, opening: (...of) => this.opening(...of) });
  }

  /** The connection as its row stands now, or stood up to `freshMs` ago; null when there is none, or none to a keeper. */
  open(sellerId: number, code: string, freshMs = 0): Promise<OpenKeeper | null> {
    return this.rows.open(sellerId, code, freshMs);
  }

  /** What is left of a connection's calls in this process; null before its first use here. */
  budgetsOf(sellerId: number, code: string): readonly BudgetLeft[] | null {
    return this.rows.lastOpened(sellerId, code)?.budgets.left() ?? null;
  }

  private opening(row: ConnectionRow, kind: KeeperKind, { credentials, tokens }: RowAccess): OpenKeeper {
    const { clock } = this;
    const { code, settings } = row;
    const capability = withKeeperPace(kind.capability, settings);
    const budgets = new CallBudgets<KeeperBudget>(capability, settings, clock);
    const keeper = credentials.ok
      ? kind.connect({
          connection: code,
          settings,
          credentials: credentials.value,
          tokens,
          clock,
          noteLimit: (budget, perMinute) => budgets.learn(budget, perMinute),
        })
      : credentials;
    return { row, kind, capability, budgets, keeper };
  }
}
