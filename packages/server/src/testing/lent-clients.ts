import type pg from "pg";

/** How many clients of these pools are in use or waited for at this moment. */
export function lentClients(pools: readonly pg.Pool[]): number {
  return pools.reduce((sum, pool) => sum + (pool.totalCount - pool.idleCount) + pool.waitingCount, 0);
}
