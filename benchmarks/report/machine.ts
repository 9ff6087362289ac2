import os from "node:os";

import type { Database } from "@onepool/server/postgres/open-database.ts";

/** Where the figures come from. */
export interface Machine {
  readonly processor: string;
  readonly processors: number;
  readonly memoryGigabytes: number;
  readonly node: string;
  readonly postgres: string;
}

export async function describeMachine(database: Pick<Database, "pool">): Promise<Machine> {
  const { rows } = await database.pool.query<{ server_version: string }>("show server_version");
  const [first] = os.cpus();
  return {
    processor: first?.model.trim() ?? "unknown",
    processors: os.availableParallelism(),
    memoryGigabytes: Math.round(os.totalmem() / 1e9),
    node: process.versions.node,
    postgres: rows[0]?.server_version ?? "unknown",
  };
}

/** Processes that ran or wanted to, averaged over the last minute: what else the machine was busy with. */
export function loadAverage(): number {
  return os.loadavg()[0] ?? 0;
}
