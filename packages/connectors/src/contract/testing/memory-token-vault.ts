import { failed, type Outcome, succeeded } from "../outcome.ts";
import type { TokenExchange, TokenGrant, TokenVault } from "../token-vault.ts";

/** Begin a new exchange this long before the access token ends, in milliseconds. */
const EARLY_MS = 60_000;

/** Tokens of one connection in one process, for running a connector without a database. */
export class MemoryTokenVault implements TokenVault {
  private readonly clock: { now(): number };
  private grant: TokenGrant;
  /** The exchange under way: single-use refresh tokens are spent one at a time. */
  private underWay: Promise<Outcome<string>> | null = null;

  constructor(refreshToken: string, clock: { now(): number }) {
    this.clock = clock;
    this.grant = { accessToken: "", refreshToken, expiresAt: 0 };
  }

  current(exchange: TokenExchange): Promise<Outcome<string>> {
    const isUsable = this.grant.expiresAt - EARLY_MS > this.clock.now();
    return isUsable ? Promise.resolve(succeeded(this.grant.accessToken)) : this.renew(exchange);
  }

  replace(refused: string, exchange: TokenExchange): Promise<Outcome<string>> {
    if (refused !== this.grant.accessToken) return Promise.resolve(succeeded(this.grant.accessToken));
    return this.renew(exchange);
  }

  private renew(exchange: TokenExchange): Promise<Outcome<string>> {
    this.underWay ??= this.exchangeOnce(exchange).finally(() => {
      this.underWay = null;
    });
    return this.underWay;
  }

  private async exchangeOnce(exchange: TokenExchange): Promise<Outcome<string>> {
    const granted = await exchange(this.grant.refreshToken);
    if (!granted.ok) return failed(granted.error);
    this.grant = granted.value;
    return succeeded(this.grant.accessToken);
  }
}
