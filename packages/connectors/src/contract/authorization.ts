import type { ConnectorError } from "./connector-error.ts";
import type { Outcome } from "./outcome.ts";
import type { TokenGrant } from "./token-vault.ts";

/** How a seller grants access: sent to the channel with a challenge, and back to us with a code that is good once. */
export interface Authorization {
  /** Where the seller's browser goes. */
  urlOf(request: AuthorizationRequest): Outcome<URL>;
  /** Trades the code for tokens. */
  exchange(request: CodeExchange): Promise<Outcome<AccountGrant>>;
  /** What an `error` that came back in place of the code means, for people. */
  refusalOf(error: string, description: string | null): ConnectorError;
}

/** Tokens, and whose they are where the channel's answer says so. */
export interface AccountGrant extends TokenGrant {
  readonly accountId?: string;
}

export interface AuthorizationRequest {
  /** The connection's settings and credentials as stored; unchecked. */
  readonly settings: unknown;
  readonly credentials: unknown;
  /** Exactly as registered at the channel. */
  readonly redirectUri: string;
  /** Comes back unchanged; names the connection. */
  readonly state: string;
  /** PKCE, S256 (RFC 7636). */
  readonly codeChallenge: string;
}

export interface CodeExchange extends Pick<AuthorizationRequest, "settings" | "credentials" | "redirectUri"> {
  readonly code: string;
  readonly codeVerifier: string;
  readonly clock: { now(): number };
}
