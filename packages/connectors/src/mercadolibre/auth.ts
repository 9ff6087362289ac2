import { z } from "zod";

import type { Authorization, CodeExchange, AccountGrant } from "../contract/authorization.ts";
import { callHttp } from "../contract/http-call.ts";
import { failed, type Outcome, succeeded } from "../contract/outcome.ts";
import type { TokenExchange, TokenGrant } from "../contract/token-vault.ts";
import { toConsentError, toTokenError, toUnreadableError } from "./error.ts";
import { consentPageOf, readSettings, wrongAccess } from "./settings.ts";
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

export interface TokenEndpoint {
  readonly tokenUrl: URL;
  readonly credentials: Credentials;
  readonly timeoutMs: number;
  readonly clock: { now(): number };
}

/** The one call that spends a refresh token and brings the next. */
export function tokenExchange(endpoint: TokenEndpoint): TokenExchange {
  return async (refreshToken) => {
    const form = { grant_type: "refresh_token", refresh_token: refreshToken };
    const token = await askForToken(endpoint, form);
    return token.ok ? succeeded(toGrant(token.value, endpoint.clock.now())) : token;
  };
}

/** OAuth 2 with PKCE, which is mandatory once it is switched on in the app: it is always sent (SPEED). */
export const authorization: Authorization = {
  urlOf({ settings: stored, credentials: entered, redirectUri, state, codeChallenge }) {
    const settings = readSettings(stored);
    if (!settings.ok) return settings;
    const credentials = credentialsSchema.safeParse(entered);
    if (!credentials.success) return failed(wrongAccess("credentials", credentials.error));
    const page = consentPageOf(settings.value);
    if (!page.ok) return page;
    page.value.search = new URLSearchParams({
      response_type: "code",
      client_id: credentials.data.clientId,
      redirect_uri: redirectUri,
      state,
      code_challenge: codeChallenge,
      code_challenge_method: "S256",
    }).toString();
    return page;
  },

  async exchange(request) {
    const endpoint = endpointOf(request);
    if (!endpoint.ok) return endpoint;
    const token = await askForToken(endpoint.value, {
      grant_type: "authorization_code",
      code: request.code,
      redirect_uri: request.redirectUri,
      code_verifier: request.codeVerifier,
    });
    if (!token.ok) return token;
    const grant: AccountGrant = toGrant(token.value, request.clock.now());
    const { user_id: accountId } = token.value;
    return succeeded(accountId === undefined || accountId === null ? grant : { ...grant, accountId });
  },

  refusalOf: toConsentError,
};

function endpointOf({ settings: stored, credentials: entered, clock }: CodeExchange): Outcome<TokenEndpoint> {
  const settings = readSettings(stored);
  if (!settings.ok) return settings;
  const credentials = credentialsSchema.safeParse(entered);
  if (!credentials.success) return failed(wrongAccess("credentials", credentials.error));
  const { tokenUrl, timeoutMs } = settings.value;
  return succeeded({ tokenUrl: new URL(tokenUrl), credentials: credentials.data, timeoutMs, clock });
}

/** Everything stands in the body, never in the address (DOC:autenticacion-y-autorizacion). */
async function askForToken(
  { tokenUrl, credentials, timeoutMs, clock }: TokenEndpoint,
  form: Readonly<Record<string, string>>,
): Promise<Outcome<WireToken>> {
  const { clientId, clientSecret } = credentials;
  const called = await callHttp({
    url: tokenUrl,
    method: "POST",
    headers: { accept: "application/json" },
    body: new URLSearchParams({ ...form, client_id: clientId, client_secret: clientSecret }),
    timeoutMs,
  });
  if (!called.ok) return called;
  if (called.value.status !== 200) return failed(toTokenError({ ...called.value, now: clock.now() }));
  const token = tokenSchema.safeParse(called.value.body);
  return token.success ? succeeded(token.data) : failed(toUnreadableError("the token call", true));
}
