import type { Database } from "@onepool/server/postgres/open-database.ts";

import { layBaseline } from "../baseline/baseline-tables.ts";
import { baselineVariants, type ByHand } from "../baseline/baseline-variants.ts";
import { openBenchLedger } from "../database/open-bench-ledger.ts";
import { withClients } from "../database/with-clients.ts";
import { interleave, type Measured, type Pace, type Variant } from "../measure/interleave.ts";
import type { Setting } from "../workload/setting.ts";
import { ledgerVariants, type ThroughLedger } from "./ledger-variants.ts";

/** What is measured inside one process: the ledger, and by hand. */
export interface LedgerPlan {
  readonly settings: readonly Setting[];
  readonly baselineConnections: readonly number[];
  readonly skus: number;
  readonly pace: Pace;
}

/** The ledger and the baseline in turn, in one database. */
export async function measureLedger(
  database: Database,
  plan: LedgerPlan,
): Promise<readonly Measured<ThroughLedger | ByHand>[]> {
  plan.pace.onProgress("laying stock");
  await layBaseline(database.pool, plan.skus);
  const bench = await openBenchLedger(database, { code: "bench", skus: plan.skus });
  try {
    return await withClients(database, Math.max(...plan.baselineConnections), (clients) => {
      const variants: readonly Variant<ThroughLedger | ByHand>[] = [
        ...ledgerVariants(bench, plan.settings, plan.skus),
        ...baselineVariants(clients, plan.baselineConnections, plan.skus),
      ];
      return interleave(variants, plan.pace);
    });
  } finally {
    await bench.ledger.close();
  }
}
