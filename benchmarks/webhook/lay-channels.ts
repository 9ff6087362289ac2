import type { Command } from "@onepool/core/ledger/command.ts";

import type { BenchLedger } from "../database/open-bench-ledger.ts";
import { skuCode } from "../workload/sku-draw.ts";
import { submitWhole } from "../workload/submit-whole.ts";
import { itemId, SELLING_ACCOUNT, SHOWING_ACCOUNT } from "./channel-stub.ts";

const COMMANDS_PER_SUBMISSION = 1_000;

/** Calls a minute that no bench reaches: the channel's own limits are not what is measured. */
const LIMIT = { perMinute: 6_000_000, burst: 100_000 };

/** Both connections without limits, and a listing of each SKU at either. */
export async function layChannels(bench: BenchLedger, skus: number): Promise<void> {
  const accounts = [SELLING_ACCOUNT, SHOWING_ACCOUNT];
  const commands: Command[] = accounts.map(({ code }) => ({
    kind: "put_connection",
    code,
    connectionKind: "mercadolibre",
    mode: "import",
    settings: { limits: { orders: LIMIT, reads: LIMIT, writes: LIMIT } },
  }));
  for (const { code, site } of accounts)
    for (let sku = 0; sku < skus; sku++)
      commands.push({
        kind: "put_listing",
        connection: code,
        externalId: itemId(site, sku),
        components: [{ sku: skuCode(sku), units: 1 }],
      });
  for (let first = 0; first < commands.length; first += COMMANDS_PER_SUBMISSION)
    await submitWhole(bench.ledger, {
      sellerId: bench.sellerId,
      commands: commands.slice(first, first + COMMANDS_PER_SUBMISSION),
    });
}
