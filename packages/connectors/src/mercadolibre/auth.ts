import { z } from "zod";

import { callHttp } from "../contract/http-call.ts";
import { failed, type Outcome, succeeded } from "../contract/outcome.ts";
import type { TokenExchange, TokenGrant } from "../contract/token-vault.ts";
import { toTokenError, toUnreadableError } from "./error.ts";
import { tokenSchema, type WireToken } from "./wire.ts";

export const credentialsSchema = z.object({
  clientId: z.string().min(1),
  clientSecret: z.string().min(1),
});
export type Credentials = z.infer<typeof credentialsSchema>;

/** The grant in a token answer. Its lifetime is what the answer says: 3 h and 6 h were both seen. */
function toGrant(token: WireToken, now: number): TokenGrant {
  return {
    accessToken: token.access_token,
    refreshToken: token.refresh_token,
    expiresAt: now + token.expires_in * 1_000,
  };
}

/** The form of a refresh: everything in the body, never in the address (DOC:autenticacion-y-autorizacion). */
function refreshForm(credentials: Credentials, refreshToken: string): URLSearchParams {
  return new URLSearchParams({
    grant_type: "refresh_token",
    client_id: credentials.clientId,
    client_secret: credentials.clientSecret,
    refresh_token: refreshToken,
  });
}

export interface TokenEndpoint {
  readonly tokenUrl: URL;
  readonly credentials: Credentials;
  readonly timeoutMs: number;
  readonly clock: { now(): number };
}

/** The one call that spends a refresh token and brings the next. */
export function tokenExchange({ tokenUrl, credentials, timeoutMs, clock }: TokenEndpoint): TokenExchange {
  return async (refreshToken): Promise<Outcome<TokenGrant>> => {
    const called = await callHttp({
      url: tokenUrl,
      method: "POST",
      headers: { accept: "application/json" },
      body: refreshForm(credentials, refreshToken),
      timeoutMs,
    });
    if (!called.ok) return called;
    const now = clock.now();
    if (called.value.status !== 200) return failed(toTokenError({ ...called.value, now }));
    const token = tokenSchema.safeParse(called.value.body);
    return token.success
      ? succeeded(toGrant(token.data, now))
      : failed(toUnreadableError("the token call", true));
  };
}
