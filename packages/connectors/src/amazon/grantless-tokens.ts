import { type Outcome, succeeded } from "../contract/outcome.ts";
import type { TokenExchange, TokenVault } from "../contract/token-vault.ts";

/** A token is not used in the last minute of its life, in milliseconds. */
const EARLY_MS = 60_000;

/**
 * The application's own tokens. Every process has its own: they come from the client's secret alone, and none ends because another
 * was asked for.
 */
export function grantlessTokens(clock: { now(): number }): TokenVault {
  let held = { accessToken: "", expiresAt: 0 };
  let underWay: Promise<Outcome<string>> | null = null;

  const renewed = async (exchange: TokenExchange): Promise<Outcome<string>> => {
    const granted = await exchange("");
    if (!granted.ok) return granted;
    held = granted.value;
    return succeeded(held.accessToken);
  };
  const renew = (exchange: TokenExchange): Promise<Outcome<string>> => {
    underWay ??= renewed(exchange).finally(() => {
      underWay = null;
    });
    return underWay;
  };

  return {
    current: async (exchange) =>
      held.expiresAt - EARLY_MS > clock.now() ? succeeded(held.accessToken) : renew(exchange),
    replace: async (refused, exchange) =>
      refused === held.accessToken ? renew(exchange) : succeeded(held.accessToken),
  };
}
