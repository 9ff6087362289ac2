import type { KeyedRandom } from "../../keyed-random.ts";
import type { App, Seller } from "../seller.ts";

/** An old access token stays good until it expires; a client that refreshes without end must not fill the memory. */
const MOST_TOKENS = 10_000;

/** What a token may do: everything of one seller, or the grantless operations of one scope. */
export interface AccessToken {
  clientId: string;
  /** null for a grantless token. */
  account: string | null;
  scope: string | null;
  expiresAt: number;
}

interface IssuedToken {
  accessToken: string;
  expiresAt: number;
}

interface GrantParts {
  random: KeyedRandom;
  now: () => number;
  accessTtlMs: () => number;
}

/** Who may call for whom. Refresh tokens last until the seller revokes them, and are not rotated. */
export type Grants = ReturnType<typeof createGrants>;

export function createGrants({ random, now, accessTtlMs }: GrantParts) {
  const refreshTokens = new Map<string, { account: string; clientId: string; refreshToken: string }>();
  const accessTokens = new Map<string, AccessToken>();
  let issued = 0;

  const issue = (token: Omit<AccessToken, "expiresAt">): IssuedToken => {
    issued += 1;
    const accessToken = `Atza|${random.hex(`access|${issued}`, 48)}`;
    const expiresAt = now() + accessTtlMs();
    accessTokens.set(accessToken, { ...token, expiresAt });
    const [oldest] = accessTokens.keys();
    if (accessTokens.size > MOST_TOKENS && oldest !== undefined) accessTokens.delete(oldest);
    return { accessToken, expiresAt };
  };

  return {
    /** The seller authorises the app: the refresh token of the two, made at the first time. */
    authorize(seller: Seller, app: App): string {
      const known = refreshTokens.get(seller.account);
      if (known?.clientId === app.clientId) return known.refreshToken;
      const refreshToken = `Atzr|${random.hex(`refresh|${seller.account}|${app.clientId}`, 48)}`;
      refreshTokens.set(seller.account, { account: seller.account, clientId: app.clientId, refreshToken });
      return refreshToken;
    },
    /** The account whose refresh token this is, if it was given to this app. */
    accountOf(refreshToken: string, clientId: string): string | undefined {
      const found = [...refreshTokens.values()].find((grant) => grant.refreshToken === refreshToken);
      return found?.clientId === clientId ? found.account : undefined;
    },
    issueForSeller: (account: string, clientId: string): IssuedToken =>
      issue({ account, clientId, scope: null }),
    issueGrantless: (clientId: string, scope: string): IssuedToken =>
      issue({ account: null, clientId, scope }),
    verify(accessToken: string): AccessToken | "expired" | undefined {
      const token = accessTokens.get(accessToken);
      if (token === undefined) return undefined;
      return token.expiresAt > now() ? token : "expired";
    },
  };
}
