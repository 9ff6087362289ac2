import { setTimeout as delay } from "node:timers/promises";

import { audit } from "./market-auditor.ts";
import type { MarketsPlan, Onepool, TwoMarkets } from "./two-markets.ts";

/** Looks this often, in milliseconds: an audit asks for every SKU. */
const LOOK_MS = 200;

/**
 * Waits until the auditor finds nothing wrong. It has no limit of its own; what was last found is said every ten seconds, so
 * that a scenario that never ends says why.
 */
export async function untilAudited(
  markets: TwoMarkets,
  { client }: Pick<Onepool, "client">,
  plan: MarketsPlan,
): Promise<void> {
  let saidAt = performance.now();
  for (;;) {
    const findings = await audit(markets, client, plan);
    if (findings.length === 0) return;
    if (performance.now() - saidAt > 10_000) {
      saidAt = performance.now();
      process.stderr.write(`not quiet yet: ${findings.slice(0, 5).join("; ")}\n`);
    }
    await delay(LOOK_MS);
  }
}
