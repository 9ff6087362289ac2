import { z } from "zod";

import { callHttp } from "../contract/http-call.ts";
import { failed, type Outcome, succeeded } from "../contract/outcome.ts";
import type { TokenExchange, TokenGrant } from "../contract/token-vault.ts";
import { toTokenError, toUnreadableError } from "./error.ts";
import { tokenSchema } from "./wire.ts";

export const credentialsSchema = z.object({
  clientId: z.string().min(1),
  clientSecret: z.string().min(1),
  /** Of the operator's AWS account, for the queue alone: calls of the API are not signed. */
  awsAccessKeyId: z.string().min(1).optional(),
  awsSecretAccessKey: z.string().min(1).optional(),
});
export type Credentials = z.infer<typeof credentialsSchema>;

export interface TokenEndpoint {
  readonly tokenUrl: URL;
  readonly credentials: Credentials;
  readonly timeoutMs: number;
  readonly clock: { now(): number };
}

/** One call to Login with Amazon. The refresh token may be used any number of times, until it is revoked. */
export function tokenExchange(endpoint: TokenEndpoint): TokenExchange {
  return (refreshToken) =>
    exchange(endpoint, { grant_type: "refresh_token", refresh_token: refreshToken }, refreshToken);
}

/** The application's own tokens, for what needs no seller (grantless operations). There is no refresh token. */
export function grantlessExchange(endpoint: TokenEndpoint, scope: string): TokenExchange {
  return () => exchange(endpoint, { grant_type: "client_credentials", scope }, "");
}

async function exchange(
  { tokenUrl, credentials, timeoutMs, clock }: TokenEndpoint,
  grant: Readonly<Record<string, string>>,
  refreshToken: string,
): Promise<Outcome<TokenGrant>> {
  const called = await callHttp({
    url: tokenUrl,
    method: "POST",
    headers: { accept: "application/json" },
    body: new URLSearchParams({
      ...grant,
      client_id: credentials.clientId,
      client_secret: credentials.clientSecret,
    }),
    timeoutMs,
  });
  if (!called.ok) return called;
  const now = clock.now();
  if (called.value.status !== 200) return failed(toTokenError({ ...called.value, now }));
  const token = tokenSchema.safeParse(called.value.body);
  if (!token.success) return failed(toUnreadableError("the token call", true));
  const { access_token: accessToken, refresh_token: next, expires_in: seconds } = token.data;
  return succeeded({ accessToken, refreshToken: next ?? refreshToken, expiresAt: now + seconds * 1_000 });
}
