import { callHttp } from "../contract/http-call.ts";
import { failed, type Outcome, succeeded } from "../contract/outcome.ts";
import type { TokenExchange, TokenGrant } from "../contract/token-vault.ts";
import { toTokenError, toUnreadableError } from "./error.ts";
import { tokenSchema } from "./wire.ts";

export interface TokenEndpoint {
  readonly tokenUrl: URL;
  readonly timeoutMs: number;
  readonly clock: { now(): number };
}

/** Trades the refresh token, which stays good, for an access token of 28 days (documented). */
export function tokenExchange({ tokenUrl, timeoutMs, clock }: TokenEndpoint): TokenExchange {
  return async (refreshToken): Promise<Outcome<TokenGrant>> => {
    const called = await callHttp({
      url: tokenUrl,
      method: "POST",
      headers: { accept: "application/json", "content-type": "application/json" },
      body: JSON.stringify({ refresh_token: refreshToken }),
      timeoutMs,
    });
    if (!called.ok) return called;
    if (called.value.status !== 200) return failed(toTokenError(called.value, refreshToken));
    const token = tokenSchema.safeParse(called.value.body);
    if (!token.success) return failed(toUnreadableError("the token call", true));
    const { access_token: accessToken, refresh_token: next, expires_in: seconds } = token.data;
    const expiresAt = clock.now() + seconds * 1_000;
    return succeeded({ accessToken, refreshToken: next ?? refreshToken, expiresAt });
  };
}
