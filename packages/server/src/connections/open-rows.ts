import type { Outcome } from "@onepool/connectors/contract/outcome.ts";
import type pg from "pg";

import type { SecretBox } from "../auth/secret-box.ts";
import { type ConnectionRow, readConnection } from "./connection-store.ts";
import { openCredentials } from "./open-credentials.ts";
import { StoredTokenVault } from "./stored-token-vault.ts";

export interface OpenRowsOptions<Kind, Open> {
  readonly pool: pg.Pool;
  readonly secretBox: SecretBox;
  readonly clock: { now(): number };
  readonly kinds: ReadonlyMap<string, Kind>;
  /** What is made of a row; `credentials` are opened, or say why they cannot be. */
  opening(row: ConnectionRow, kind: Kind, access: RowAccess): Open;
  /** A connection's row changed since it was opened: what had given up on it may try again. */
  onChanged?(sellerId: number, code: string): void;
}

export interface RowAccess {
  readonly credentials: Outcome<unknown>;
  readonly tokens: StoredTokenVault;
}

/** The open connections of this process, to channels or to keepers. One whose row changed is opened anew; its tokens stay. */
export class OpenRows<Kind, Open extends { readonly row: ConnectionRow }> {
  private readonly options: OpenRowsOptions<Kind, Open>;
  private readonly opened = new Map<string, { readonly open: Open; readAt: number }>();
  private readonly vaults = new Map<string, StoredTokenVault>();

  constructor(options: OpenRowsOptions<Kind, Open>) {
    this.options = options;
  }

  /**
   * The connection as its row stands now, or stood up to `freshMs` ago where that is good enough; null when there is none, or
   * none of these kinds.
   */
  async open(sellerId: number, code: string, freshMs: number): Promise<Open | null> {
    const key = keyOf(sellerId, code);
    const fresh = this.opened.get(key);
    if (fresh !== undefined && performance.now() - fresh.readAt < freshMs) return fresh.open;
    const row = await readConnection(this.options.pool, sellerId, code);
    const kind = row === null ? undefined : this.options.kinds.get(row.kind);
    if (row === null || kind === undefined) return null;
    const readAt = performance.now();
    // Looked up again: somebody else may have opened it while the row was read.
    const known = this.opened.get(key);
    if (known?.open.row.updatedSeq === row.updatedSeq) {
      known.readAt = readAt;
      return known.open;
    }
    const open = this.options.opening(row, kind, this.accessOf(key, row));
    this.opened.set(key, { open, readAt });
    if (known !== undefined) this.options.onChanged?.(sellerId, code);
    return open;
  }

  /** The connection as it was last opened here; null before that. */
  lastOpened(sellerId: number, code: string): Open | null {
    return this.opened.get(keyOf(sellerId, code))?.open ?? null;
  }

  private accessOf(key: string, { sellerId, code, credentials }: ConnectionRow): RowAccess {
    const { pool, secretBox, clock } = this.options;
    let tokens = this.vaults.get(key);
    if (tokens === undefined) {
      tokens = new StoredTokenVault({ pool, secretBox, clock, sellerId, connection: code });
      this.vaults.set(key, tokens);
    }
    tokens.forget();
    return { credentials: openCredentials(credentials, secretBox), tokens };
  }
}

function keyOf(sellerId: number, code: string): string {
  return `${sellerId} ${code}`;
}
