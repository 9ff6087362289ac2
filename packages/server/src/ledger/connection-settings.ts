import type pg from "pg";

/**
 * The ledger's statements look rows up by their whole key, always. Left alone the planner scans tables while they are small,
 * or takes an index that holds the seller alone, keeps that plan, and a minute later reads a million rows for one. Rows are
 * made dear compared with pages, so that the index that leaves the fewest wins while the tables are still empty.
 */
const SETTINGS = `set enable_seqscan = off; set enable_bitmapscan = off; set enable_hashjoin = off;
  set enable_mergejoin = off; set enable_material = off; set cpu_tuple_cost = 1; set cpu_index_tuple_cost = 1;
  set plan_cache_mode = force_generic_plan; set jit = off`;

const settled = new WeakSet<pg.ClientBase>();

/** Makes a connection the ledger's own. Costs a round trip the first time only. */
export async function settleConnection(client: pg.ClientBase): Promise<void> {
  if (settled.has(client)) return;
  // A connection that breaks fails its queries, which is where it is dealt with; unheard, the event would end the process.
  client.on("error", () => {});
  await client.query(SETTINGS);
  settled.add(client);
}
