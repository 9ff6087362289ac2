import { createHash } from "node:crypto";

import type { KeyedRandom } from "../../keyed-random.ts";
import type { App, Seller } from "../seller.ts";

const CODE_TTL_MS = 600_000;
/** Six months. */
const REFRESH_TTL_MS = 182 * 86_400_000;
/** An old access token stays good until it expires; a client that refreshes without end must not fill the memory. */
const MOST_TOKENS_PER_ACCOUNT = 100;
const MOST_CODES = 1_000;

/** The one authorisation of an app by a seller. */
interface Grant {
  account: string;
  clientId: string;
  accessToken: string;
  accessExpiresAt: number;
  refreshToken: string;
  refreshExpiresAt: number;
  /** Live access tokens, oldest first. */
  accessTokens: string[];
  issued: number;
}

interface AuthorizationCode {
  account: string;
  clientId: string;
  redirectUri: string;
  challenge: { value: string; method: "S256" | "plain" } | null;
  expiresAt: number;
}

interface AccessToken {
  account: string;
  clientId: string;
  expiresAt: number;
}

interface GrantParts {
  random: KeyedRandom;
  now: () => number;
  accessTtlMs: () => number;
}

function challengeMatches(challenge: AuthorizationCode["challenge"], verifier: string | undefined): boolean {
  if (challenge === null) return true;
  if (verifier === undefined) return false;
  const derived =
    challenge.method === "plain" ? verifier : createHash("sha256").update(verifier).digest("base64url");
  return derived === challenge.value;
}

/** Who may call for whom: codes, access tokens, and refresh tokens that work once. */
export type Grants = ReturnType<typeof createGrants>;

export function createGrants({ random, now, accessTtlMs }: GrantParts) {
  const grants = new Map<string, Grant>();
  const codes = new Map<string, AuthorizationCode>();
  const accessTokens = new Map<string, AccessToken>();
  let codeCount = 0;

  /** New tokens for the grant; the refresh token before this one is dead from now on. */
  const issue = (seller: Seller, app: App): Grant => {
    const before = grants.get(seller.account);
    const issued = (before?.issued ?? 0) + 1;
    const at = new Date(now()).toISOString();
    const stamp = at.slice(5, 7) + at.slice(8, 10) + at.slice(11, 13);
    const key = `${seller.account}|${issued}`;
    const accessToken = `APP_USR-${app.id}-${stamp}-${random.hex(`access|${key}`, 32)}-${seller.userId}`;
    const grant: Grant = {
      account: seller.account,
      clientId: app.clientId,
      accessToken,
      accessExpiresAt: now() + accessTtlMs(),
      refreshToken: `TG-${random.hex(`refresh|${key}`, 24)}-${seller.userId}`,
      refreshExpiresAt: now() + REFRESH_TTL_MS,
      accessTokens: [...(before?.accessTokens ?? []), accessToken],
      issued,
    };
    for (const old of grant.accessTokens.splice(0, grant.accessTokens.length - MOST_TOKENS_PER_ACCOUNT)) {
      accessTokens.delete(old);
    }
    const { account, clientId, accessExpiresAt } = grant;
    accessTokens.set(accessToken, { account, clientId, expiresAt: accessExpiresAt });
    grants.set(seller.account, grant);
    return grant;
  };

  return {
    issue,

    of: (account: string): Grant | undefined => grants.get(account),

    /** The grant that a refresh token renews: only the last one issued, to the same client, in time. */
    findByRefreshToken(refreshToken: string, clientId: string): Grant | undefined {
      for (const grant of grants.values()) {
        if (grant.refreshToken !== refreshToken) continue;
        return grant.clientId === clientId && grant.refreshExpiresAt > now() ? grant : undefined;
      }
      return undefined;
    },

    createCode(code: Omit<AuthorizationCode, "expiresAt">, userId: number): string {
      codeCount += 1;
      const value = `TG-${random.hex(`code|${codeCount}`, 24)}-${userId}`;
      codes.set(value, { ...code, expiresAt: now() + CODE_TTL_MS });
      const [oldest] = codes.keys();
      if (codes.size > MOST_CODES && oldest !== undefined) codes.delete(oldest);
      return value;
    },

    /** The account behind a code, which is used up by asking with the right client. */
    redeemCode(
      value: string,
      request: { clientId: string; redirectUri: string | undefined; verifier: string | undefined },
    ): string | undefined {
      const code = codes.get(value);
      if (code === undefined || code.clientId !== request.clientId) return undefined;
      codes.delete(value);
      const fits = code.expiresAt > now() && code.redirectUri === request.redirectUri;
      return fits && challengeMatches(code.challenge, request.verifier) ? code.account : undefined;
    },

    /** Who an access token speaks for, unless it has expired. */
    verify(accessToken: string): AccessToken | undefined {
      const token = accessTokens.get(accessToken);
      return token !== undefined && token.expiresAt > now() ? token : undefined;
    },
  };
}
