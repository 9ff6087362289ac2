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
  /** What an exchange brought and the database did not take: the refresh token it cost is spent all the same. */
  private unsaved: { readonly spent: string; readonly next: Kept } | null = null;

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

  /** Takes what a person granted in a browser, in place of whatever there was. */
  async adopt(grant: TokenGrant): Promise<void> {
    const { pool, sellerId, connection } = this.options;
    await inTransaction(pool, async (client) => {
      const { credentials } = await lockToken(client, sellerId, connection);
      const text = credentials === null ? "" : this.options.secretBox.open(credentials);
      const seed = fingerprint(enteredIn(text) ?? "");
      await this.keep(client, { ...NOTHING_KEPT, seed, credentials: fingerprint(text) }, grant);
    });
    this.forget();
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

  private async renewOnce(refused: string | null, exchange: TokenExchange): Promise<Outcome<string>> {
    const { pool, sellerId, connection } = this.options;
    const renewed = await inTransaction(pool, async (client): Promise<Outcome<Kept>> => {
      const locked = await lockToken(client, sellerId, connection);
      const begun = this.begin(locked.token, locked.credentials);
      if (!begun.ok) return begun;
      const { kept, isNew } = begun.value;
      if (kept.accessToken !== "" && kept.accessToken !== refused && this.isUsable(kept))
        return succeeded(kept);
      if (this.unsaved?.spent === kept.refreshToken) return this.keep(client, kept, this.unsaved.next);
      if (locked.state === "reconnect_needed" && !isNew) return failed(reconnectNeeded(connection));
      return this.exchangeLocked(client, kept, exchange);
    });
    // Only now is it stored: nobody uses a token that a crash would lose.
    this.known = renewed.ok ? renewed.value : null;
    this.unsaved = null;
    return renewed.ok ? succeeded(renewed.value.accessToken) : renewed;
  }

  /** Spends the refresh token. Credentials entered meanwhile get one try of their own before we give up. */
  private async exchangeLocked(
    client: pg.PoolClient,
    kept: Kept,
    exchange: TokenExchange,
  ): Promise<Outcome<Kept>> {
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
    return granted;
  }

  private async keep(client: pg.PoolClient, kept: Kept, grant: TokenGrant): Promise<Outcome<Kept>> {
    const { accessToken, refreshToken, expiresAt } = grant;
    const next = { ...kept, accessToken, refreshToken, expiresAt };
    this.unsaved = { spent: kept.refreshToken, next };
    await storeToken(client, this.options, {
      token: this.seal(next),
      expiresAt: next.expiresAt,
      state: "valid",
    });
    return succeeded(next);
  }

  /** What is kept, or a beginning from the credentials where they are new. */
  private begin(
    token: Buffer | null,
    sealedCredentials: Buffer | null,
  ): Outcome<{ readonly kept: Kept; readonly isNew: boolean }> {
    if (sealedCredentials === null) return failed(noCredentials(this.options.connection));
    const text = this.options.secretBox.open(sealedCredentials);
    const credentials = fingerprint(text);
    const entered = enteredIn(text);
    const kept = token === null ? null : keptSchema.parse(JSON.parse(this.options.secretBox.open(token)));
    // Without one among the credentials, what was granted in a browser stays in force.
    if (kept !== null && (entered === null || kept.seed === fingerprint(entered))) {
      return succeeded({ kept: { ...kept, credentials }, isNew: kept.credentials !== credentials });
    }
    if (entered === null) return failed(noCredentials(this.options.connection));
    const begun = { ...NOTHING_KEPT, refreshToken: entered, seed: fingerprint(entered), credentials };
    return succeeded({ kept: begun, isNew: true });
  }

  private seal(kept: Kept): Buffer {
    return this.options.secretBox.seal(JSON.stringify(kept));
  }
}

const NOTHING_KEPT: Kept = { accessToken: "", refreshToken: "", expiresAt: 0, seed: "", credentials: "" };

const enteredSchema = z.object({ refreshToken: z.string().min(1) });

/** The refresh token that a person entered among the credentials, if any. */
function enteredIn(credentials: string): string | null {
  const entered = enteredSchema.safeParse(credentials === "" ? null : JSON.parse(credentials));
  return entered.success ? entered.data.refreshToken : null;
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
    message: `${connection} is not connected: connect it in a browser, or enter a refreshToken among its credentials.`,
  };
}
