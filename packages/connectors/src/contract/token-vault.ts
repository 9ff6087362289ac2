import type { Outcome } from "./outcome.ts";

/** What a channel grants: a token for calls, and the one that gets the next (single use on some channels). */
export interface TokenGrant {
  readonly accessToken: string;
  readonly refreshToken: string;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}

/** One call to the channel's token endpoint with the refresh token in force. */
export type TokenExchange = (refreshToken: string) => Promise<Outcome<TokenGrant>>;

/**
 * Where a connection's tokens live. Any number of processes share them: an exchange happens once at a time, and what it
 * brought is stored before anybody uses it.
 */
export interface TokenVault {
  /** An access token that has not expired; exchanged first where it has. */
  current(exchange: TokenExchange): Promise<Outcome<string>>;
  /** A token in place of one that the channel refused: another process's newer one, or a new exchange. */
  replace(refused: string, exchange: TokenExchange): Promise<Outcome<string>>;
}
