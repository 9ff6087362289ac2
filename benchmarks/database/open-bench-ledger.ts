import { createSeller } from "@onepool/server/ledger/create-seller.ts";
import { openLedger, type Ledger } from "@onepool/server/ledger/ledger.ts";
import { createLog } from "@onepool/server/log/log.ts";
import type { Database } from "@onepool/server/postgres/open-database.ts";

import { layStock, type Stock } from "../workload/lay-stock.ts";

/** A seller with stock, and a ledger of this process. */
export interface BenchLedger {
  readonly ledger: Ledger;
  readonly sellerId: number;
}

/** Connections the server gives its ledger (start-server.ts). */
const LEDGER_CONNECTIONS = 8;

/** Opens the ledger as the server does, makes the seller, and gives it stock. `ledger.close()` is the caller's. */
export async function openBenchLedger(
  database: Database,
  seller: Stock & { readonly code: string },
): Promise<BenchLedger> {
  const clock = { now: () => Date.now() };
  const pool = database.openPool({ max: LEDGER_CONNECTIONS, pipeline: true });
  const { sellerId } = await createSeller(
    pool,
    { code: seller.code, name: seller.code, timeZone: "UTC" },
    clock,
  );
  const ledger = openLedger({ pool, clock, log: createLog({ level: "error" }) });
  await layStock(ledger, sellerId, seller);
  return { ledger, sellerId };
}
