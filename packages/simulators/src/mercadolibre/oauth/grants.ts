import type { KeyedRandom } from "../../keyed-random.ts";
import type { App, Seller } from "../seller.ts";

/** Six months. */
const REFRESH_TTL_MS = 182 * 86_400_000;
/** An old access token stays good until it expires; a client that refreshes without end must not fill the memory. */
const MOST_TOKENS_PER_ACCOUNT = 100;
/** Documented: four months without a call end an authorisation. */
const UNUSED_MS = 122 * 86_400_000;

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
  grantedAt: number;
  lastUsedAt: number;
  /** Taken back by the seller, or by the marketplace itself. */
  revoked: boolean;
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

/** Who may call for whom: access tokens, and refresh tokens that work once. */
export type Grants = ReturnType<typeof createGrants>;

export function createGrants({ random, now, accessTtlMs }: GrantParts) {
  const grants = new Map<string, Grant>();
  const accessTokens = new Map<string, AccessToken>();

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
      grantedAt: before?.revoked === false ? before.grantedAt : now(),
      lastUsedAt: now(),
      revoked: false,
    };
    for (const old of grant.accessTokens.splice(0, grant.accessTokens.length - MOST_TOKENS_PER_ACCOUNT)) {
      accessTokens.delete(old);
    }
    const { account, clientId, accessExpiresAt } = grant;
    accessTokens.set(accessToken, { account, clientId, expiresAt: accessExpiresAt });
    grants.set(seller.account, grant);
    return grant;
  };

  const dropAccessTokens = (grant: Grant): void => {
    for (const token of grant.accessTokens.splice(0)) accessTokens.delete(token);
  };

  return {
    issue,

    of: (account: string): Grant | undefined => grants.get(account),

    /** The grant that a refresh token renews: only the last one issued, to the same client, in time. */
    findByRefreshToken(refreshToken: string, clientId: string): Grant | undefined {
      for (const grant of grants.values()) {
        if (grant.refreshToken !== refreshToken) continue;
        const alive =
          !grant.revoked && grant.refreshExpiresAt > now() && grant.lastUsedAt + UNUSED_MS > now();
        return alive && grant.clientId === clientId ? grant : undefined;
      }
      return undefined;
    },

    /** Who an access token speaks for, unless it has expired. */
    verify(accessToken: string): AccessToken | undefined {
      const token = accessTokens.get(accessToken);
      if (token === undefined || token.expiresAt <= now()) return undefined;
      const grant = grants.get(token.account);
      if (grant !== undefined) grant.lastUsedAt = now();
      return token;
    },

    /** The authorisation is over: every token of it is dead until the seller agrees again. */
    revoke(account: string): void {
      const grant = grants.get(account);
      if (grant === undefined) return;
      grant.revoked = true;
      dropAccessTokens(grant);
    },

    /** A new secret ends the access tokens of a client; refresh tokens live on (ASSUMED). */
    dropAccessTokensOf(clientId: string): void {
      for (const grant of grants.values()) if (grant.clientId === clientId) dropAccessTokens(grant);
    },

    /** Authorisations of a client that hold. */
    listOf: (clientId: string): Grant[] =>
      [...grants.values()].filter((grant) => grant.clientId === clientId && !grant.revoked),
  };
}
