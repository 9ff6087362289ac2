import { createHash } from "node:crypto";

import type { ConnectorError } from "@onepool/connectors/contract/connector-error.ts";
import { failed, type Outcome, succeeded } from "@onepool/connectors/contract/outcome.ts";
import type { TokenExchange, TokenGrant, TokenVault } from "@onepool/connectors/contract/token-vault.ts";
import type pg from "pg";
import { z } from "zod";

import type { SecretBox } from "../auth/secret-box.ts";
import { inTransaction } from "./in-transaction.ts";
import { lockToken, readCredentials, storeToken } from "./token-store.ts";

/** Begin an exchange this long before the token in use ends, in milliseconds. */
const EARLY_MS = 60_000;

/** What is kept sealed in a token's row. */
const keptSchema = z.object({
  accessToken: z.string(),
  refreshToken: z.string(),
  expiresAt: z.number(),
  /** Fingerprints of what the tokens began with: new credentials begin anew. */
  seed: z.string(),
  credentials: z.string(),
});
type Kept = z.infer<typeof keptSchema>;

export interface VaultOptions {
  readonly pool: pg.Pool;
  readonly secretBox: SecretBox;
  readonly clock: { now(): number };
  readonly sellerId: number;
  readonly connection: string;
}

/**
 * Tokens in the row that all processes share. An exchange holds the row's lock: whoever waited finds the new token and
 * uses it. A refresh token works once, so what an exchange brought is committed before anybody uses it.
 */
export class StoredTokenVault implements TokenVault {
  private readonly options: VaultOptions;
  private known: { readonly accessToken: string; readonly expiresAt: number } | null = null;
  /** One exchange at a time in this process as well, so that it holds one database connection and not many. */
  private underWay: { readonly refused: string | null; readonly outcome: Promise<Outcome<string>> } | null =
    null;

  constructor(options: VaultOptions) {
    this.options = options;
  }

  current(exchange: TokenExchange): Promise<Outcome<string>> {
    const { known } = this;
    if (known !== null && this.isUsable(known)) return Promise.resolve(succeeded(known.accessToken));
    return this.renew(null, exchange);
  }

  replace(refused: string, exchange: TokenExchange): Promise<Outcome<string>> {
    const { known } = this;
    if (known !== null && known.accessToken !== refused && this.isUsable(known)) {
      return Promise.resolve(succeeded(known.accessToken));
    }
    return this.renew(refused, exchange);
  }

  /** Looks at the row again before the next call: the credentials may have changed. */
  forget(): void {
    this.known = null;
  }

  private isUsable(token: { readonly expiresAt: number }): boolean {
    return token.expiresAt - EARLY_MS > this.options.clock.now();
  }

  private renew(refused: string | null, exchange: TokenExchange): Promise<Outcome<string>> {
    if (this.underWay !== null && (refused === null || refused === this.underWay.refused))
      return this.underWay.outcome;
    const outcome = this.renewOnce(refused, exchange).finally(() => {
      if (this.underWay?.outcome === outcome) this.underWay = null;
    });
    this.underWay = { refused, outcome };
    return outcome;
  }

  private renewOnce(refused: string | null, exchange: TokenExchange): Promise<Outcome<string>> {
    const { pool, sellerId, connection } = this.options;
    return inTransaction(pool, async (client) => {
      const locked = await lockToken(client, sellerId, connection);
      const begun = this.begin(locked.token, locked.credentials);
      if (!begun.ok) return begun;
      const { kept, isNew } = begun.value;
      if (kept.accessToken !== "" && kept.accessToken !== refused && this.isUsable(kept))
        return this.use(kept);
      if (locked.state === "reconnect_needed" && !isNew) return failed(reconnectNeeded(connection));
      return this.exchangeLocked(client, kept, exchange);
    });
  }

  /** Spends the refresh token. Credentials entered meanwhile get one try of their own before we give up. */
  private async exchangeLocked(
    client: pg.PoolClient,
    kept: Kept,
    exchange: TokenExchange,
  ): Promise<Outcome<string>> {
    const { sellerId, connection } = this.options;
    const granted = await exchange(kept.refreshToken);
    if (granted.ok) return this.keep(client, kept, granted.value);
    if (granted.error.kind !== "auth") return granted;
    const again = this.begin(this.seal(kept), await readCredentials(client, sellerId, connection));
    if (again.ok && again.value.kept.refreshToken !== kept.refreshToken) {
      const second = await exchange(again.value.kept.refreshToken);
      if (second.ok) return this.keep(client, again.value.kept, second.value);
    }
    await storeToken(client, this.options, {
      token: this.seal({ ...kept, accessToken: "" }),
      expiresAt: 0,
      state: "reconnect_needed",
    });
    this.known = null;
    return granted;
  }

  private async keep(client: pg.PoolClient, kept: Kept, grant: TokenGrant): Promise<Outcome<string>> {
    const next = { ...kept, ...grant };
    await storeToken(client, this.options, {
      token: this.seal(next),
      expiresAt: next.expiresAt,
      state: "valid",
    });
    return this.use(next);
  }

  private use(kept: Kept): Outcome<string> {
    this.known = { accessToken: kept.accessToken, expiresAt: kept.expiresAt };
    return succeeded(kept.accessToken);
  }

  /** What is kept, or a beginning from the credentials where they are new. */
  private begin(
    token: Buffer | null,
    sealedCredentials: Buffer | null,
  ): Outcome<{ readonly kept: Kept; readonly isNew: boolean }> {
    if (sealedCredentials === null) return failed(noCredentials(this.options.connection));
    const text = this.options.secretBox.open(sealedCredentials);
    const entered = z.object({ refreshToken: z.string().min(1) }).safeParse(JSON.parse(text));
    if (!entered.success) return failed(noCredentials(this.options.connection));
    const seed = fingerprint(entered.data.refreshToken);
    const credentials = fingerprint(text);
    const kept = token === null ? null : keptSchema.parse(JSON.parse(this.options.secretBox.open(token)));
    if (kept?.seed === seed) {
      return succeeded({ kept: { ...kept, credentials }, isNew: kept.credentials !== credentials });
    }
    const { refreshToken } = entered.data;
    return succeeded({
      kept: { accessToken: "", refreshToken, expiresAt: 0, seed, credentials },
      isNew: true,
    });
  }

  private seal(kept: Kept): Buffer {
    return this.options.secretBox.seal(JSON.stringify(kept));
  }
}

function fingerprint(text: string): string {
  return createHash("sha256").update(text).digest("base64url");
}

function reconnectNeeded(connection: string): ConnectorError {
  const message = `The channel ended the access of ${connection}: connect the account again and enter the new credentials.`;
  return { kind: "auth", code: "reconnect_needed", message };
}

function noCredentials(connection: string): ConnectorError {
  return {
    kind: "auth",
    code: "wrong_credentials",
    message: `${connection} has no refreshToken among its credentials.`,
  };
}
