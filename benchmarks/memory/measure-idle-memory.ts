import { setTimeout as delay } from "node:timers/promises";

import type { Database } from "@onepool/server/postgres/open-database.ts";

import { openBenchLedger } from "../database/open-bench-ledger.ts";
import { startProgram, type ChildProgram } from "../http/child-program.ts";
import { httpVariants } from "../http/http-variants.ts";
import { withServer } from "../http/with-server.ts";
import type { Span } from "../measure/closed-loop.ts";
import { postmasterPid, residentMegabytes, treeMegabytes } from "./process-memory.ts";

/** What is held in memory, in megabytes (10^6 bytes); null where the system does not tell. */
export interface IdleMemory {
  readonly skus: number;
  /** Order lines posted before it was left alone, each SKU in its turn. */
  readonly orderLines: number;
  readonly serverStartedMegabytes: number | null;
  readonly serverAfterLoadMegabytes: number | null;
  readonly restSeconds: number;
  readonly serverIdleMegabytes: number | null;
  /** All of PostgreSQL's processes, what they share counted once. Not part of the server's. */
  readonly postgresIdleMegabytes: number | null;
}

export interface IdlePlan {
  readonly skus: number;
  /** How long orders are posted before. */
  readonly load: Span;
  /** How long the server is left alone then. It forgets a quiet seller after a minute, and V8 gives memory back some time later. */
  readonly restSeconds: number;
  readonly signal: AbortSignal;
  onProgress(text: string): void;
}

/** The most that Node may hold when idle (the work's own goal), in megabytes. */
export const IDLE_MEGABYTES_MAX = 300;

/** Starts the server on a database full of SKUs, lets it serve orders for them, and leaves it alone. */
export async function measureIdleMemory(database: Database, plan: IdlePlan): Promise<IdleMemory> {
  plan.onProgress(`laying ${plan.skus} SKUs`);
  const bench = await openBenchLedger(database, { code: "default", skus: plan.skus });
  await bench.ledger.close();
  const loader = startProgram(new URL("../http/load-process.ts", import.meta.url), plan.signal);
  try {
    return await withServer({ databaseUrl: database.url, profileFolder: undefined }, async (server) => {
      const started = await residentMegabytes(server.pid);
      plan.onProgress("posting orders");
      const target = { kind: "http", port: Number(new URL(server.url).port), key: server.key } as const;
      const orderLines = await postOrders(loader, target, plan);
      const afterLoad = await residentMegabytes(server.pid);
      plan.onProgress(`resting for ${plan.restSeconds} s`);
      await delay(plan.restSeconds * 1_000, undefined, { signal: plan.signal });
      const idle = await residentMegabytes(server.pid);
      const postmaster = await postmasterPid(database);
      return {
        skus: plan.skus,
        orderLines,
        serverStartedMegabytes: started,
        serverAfterLoadMegabytes: afterLoad,
        restSeconds: plan.restSeconds,
        serverIdleMegabytes: idle,
        postgresIdleMegabytes: postmaster === null ? null : await treeMegabytes(postmaster),
      };
    });
  } finally {
    await loader.stop();
  }
}

async function postOrders(
  loader: ChildProgram,
  target: Parameters<typeof httpVariants>[1],
  { skus, load }: IdlePlan,
): Promise<number> {
  const settings = [{ spread: "even", ordersPerCall: 100, callers: 16 }] as const;
  let lines = 0;
  for (const variant of httpVariants(loader, target, { settings, skus }))
    lines += (await variant.measure(load)).lines;
  return lines;
}
