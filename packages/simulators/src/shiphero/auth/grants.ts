import type { KeyedRandom } from "../../keyed-random.ts";

/** An old access token stays good until it expires; a client that refreshes without end must not fill the memory. */
const MOST_TOKENS = 10_000;

interface IssuedToken {
  accessToken: string;
  expiresAt: number;
}

interface GrantParts {
  random: KeyedRandom;
  now: () => number;
  accessTtlMs: () => number;
}

/** The tokens of the account's one developer user. Its refresh token is never rotated, documented. */
export type Grants = ReturnType<typeof createGrants>;

function encoded(content: object): string {
  return Buffer.from(JSON.stringify(content)).toString("base64url");
}

export function createGrants({ random, now, accessTtlMs }: GrantParts) {
  const username = "developer@example.com";
  const password = random.hex("password", 20);
  const refreshToken = `${random.hex("refresh", 42)}-`;
  const expiries = new Map<string, number>();
  let issued = 0;

  return {
    username,
    password,
    refreshToken,
    issue(): IssuedToken {
      issued += 1;
      const expiresAt = now() + accessTtlMs();
      const claims = {
        iss: "https://login.shiphero.com/",
        aud: "shiphero-public-api",
        iat: Math.floor(now() / 1_000),
        exp: Math.floor(expiresAt / 1_000),
        scope: "openid profile offline_access",
      };
      const signature = random.hex(`access|${issued}`, 64);
      const accessToken = [encoded({ alg: "RS256", typ: "JWT" }), encoded(claims), signature].join(".");
      expiries.set(accessToken, expiresAt);
      const [oldest] = expiries.keys();
      if (expiries.size > MOST_TOKENS && oldest !== undefined) expiries.delete(oldest);
      return { accessToken, expiresAt };
    },
    isValid(accessToken: string): boolean {
      const expiresAt = expiries.get(accessToken);
      return expiresAt !== undefined && expiresAt > now();
    },
  };
}
