import { createHash } from "node:crypto";

import type { KeyedRandom } from "../../keyed-random.ts";

const CODE_TTL_MS = 600_000;
const MOST_CODES = 1_000;

/** What the code's owner must prove to know. */
export interface Challenge {
  value: string;
  method: "S256" | "plain";
}

interface AuthorizationCode {
  account: string;
  clientId: string;
  redirectUri: string;
  challenge: Challenge | null;
  expiresAt: number;
}

function challengeMatches(challenge: Challenge | null, verifier: string | undefined): boolean {
  if (challenge === null) return true;
  if (verifier === undefined) return false;
  const derived =
    challenge.method === "plain" ? verifier : createHash("sha256").update(verifier).digest("base64url");
  return derived === challenge.value;
}

/** Codes of sellers who have agreed, each good for one exchange. */
export type AuthorizationCodes = ReturnType<typeof createAuthorizationCodes>;

export function createAuthorizationCodes(random: KeyedRandom, now: () => number) {
  const codes = new Map<string, AuthorizationCode>();
  let count = 0;

  return {
    create(code: Omit<AuthorizationCode, "expiresAt">, userId: number): string {
      count += 1;
      const value = `TG-${random.hex(`code|${count}`, 24)}-${userId}`;
      codes.set(value, { ...code, expiresAt: now() + CODE_TTL_MS });
      const [oldest] = codes.keys();
      if (codes.size > MOST_CODES && oldest !== undefined) codes.delete(oldest);
      return value;
    },

    /** The account behind a code, which is used up by asking with the right client. */
    redeem(
      value: string,
      request: { clientId: string; redirectUri: string | undefined; verifier: string | undefined },
    ): string | undefined {
      const code = codes.get(value);
      if (code === undefined || code.clientId !== request.clientId) return undefined;
      codes.delete(value);
      const fits = code.expiresAt > now() && code.redirectUri === request.redirectUri;
      return fits && challengeMatches(code.challenge, request.verifier) ? code.account : undefined;
    },
  };
}
