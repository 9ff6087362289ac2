import type pg from "pg";

/**
 * Readers look rows up by key, always. Left alone, the planner scans whole tables of all sellers while they are young, and
 * compiles the statement of a page of SKUs for a second (jit) to run it for 12 ms.
 */
const SETTINGS = `set enable_seqscan = off; set enable_hashjoin = off; set enable_mergejoin = off;
  set plan_cache_mode = force_generic_plan; set jit = off`;

const settled = new WeakSet<pg.ClientBase>();

/** Makes every connection a pool lends from now on a reader's. */
export function settleReadConnections(pool: pg.Pool): void {
  pool.on("acquire", (client) => {
    if (settled.has(client)) return;
    settled.add(client);
    // Goes ahead of the query it is lent for. A connection that breaks here fails that one too, and that is answered.
    client.query(SETTINGS).catch(() => {});
  });
}
