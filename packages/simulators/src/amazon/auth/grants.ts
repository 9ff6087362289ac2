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

interface Authorization {
  account: string;
  clientId: string;
  refreshToken: string;
  latest: IssuedToken;
}

interface GrantParts {
  random: KeyedRandom;
  now: () => number;
  accessTtlMs: () => number;
}

/** Who may call for whom. Refresh tokens last until the seller revokes them, and are not rotated. */
export type Grants = ReturnType<typeof createGrants>;

export function createGrants({ random, now, accessTtlMs }: GrantParts) {
  const authorizations = new Map<string, Authorization>();
  const accessTokens = new Map<string, AccessToken>();
  const issuedBySubject = new Map<string, number>();

  const issue = (token: Omit<AccessToken, "expiresAt">): IssuedToken => {
    const subject = `${token.clientId}|${token.account ?? token.scope ?? ""}`;
    const issued = (issuedBySubject.get(subject) ?? 0) + 1;
    issuedBySubject.set(subject, issued);
    const accessToken = `Atza|${random.hex(`access|${subject}|${issued}`, 48)}`;
    const expiresAt = now() + accessTtlMs();
    accessTokens.set(accessToken, { ...token, expiresAt });
    const [oldest] = accessTokens.keys();
    if (accessTokens.size > MOST_TOKENS && oldest !== undefined) accessTokens.delete(oldest);
    return { accessToken, expiresAt };
  };

  const issueForSeller = (account: string, clientId: string): IssuedToken => {
    const token = issue({ account, clientId, scope: null });
    const authorization = authorizations.get(account);
    if (authorization?.clientId === clientId) authorization.latest = token;
    return token;
  };

  return {
    issueForSeller,
    issueGrantless: (clientId: string, scope: string): IssuedToken =>
      issue({ account: null, clientId, scope }),
    /** The refresh token that the seller gave to the app, made at the first time, and an access token that is good now. */
    authorize(seller: Seller, app: App): { refreshToken: string } & IssuedToken {
      const { account } = seller;
      const known = authorizations.get(account);
      if (known?.clientId !== app.clientId) {
        const refreshToken = `Atzr|${random.hex(`refresh|${account}|${app.clientId}`, 48)}`;
        const latest = issueForSeller(account, app.clientId);
        authorizations.set(account, { account, clientId: app.clientId, refreshToken, latest });
        return { refreshToken, ...latest };
      }
      const latest = known.latest.expiresAt > now() ? known.latest : issueForSeller(account, app.clientId);
      return { refreshToken: known.refreshToken, ...latest };
    },
    /** The account whose refresh token this is, if it was given to this app. */
    accountOf(refreshToken: string, clientId: string): string | undefined {
      const found = [...authorizations.values()].find((grant) => grant.refreshToken === refreshToken);
      return found?.clientId === clientId ? found.account : undefined;
    },
    verify(accessToken: string): AccessToken | "expired" | undefined {
      const token = accessTokens.get(accessToken);
      if (token === undefined) return undefined;
      return token.expiresAt > now() ? token : "expired";
    },
  };
}
