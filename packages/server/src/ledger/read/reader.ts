import type pg from "pg";

/** Runs the statements of this folder's stores. */
export interface Reader {
  /** The rows of one statement: one snapshot. A `name` has it prepared once per connection. */
  rows<R extends object>(statement: ReadStatement): Promise<R[]>;
}

export interface ReadStatement {
  readonly name?: string;
  readonly text: string;
  readonly values: readonly unknown[];
}

/**
 * Readers look rows up by key, always. Left alone, the planner scans whole tables of all sellers while they are young, and
 * compiles the statement of a page of SKUs for a second (jit) to run it for 12 ms.
 */
const SETTINGS = `set enable_seqscan = off; set enable_hashjoin = off; set enable_mergejoin = off;
  set plan_cache_mode = force_generic_plan; set jit = off`;

/** A reader on a pool's connections. */
export function openReader(pool: pg.Pool): Reader {
  const settled = new WeakSet<pg.ClientBase>();
  return {
    async rows<R extends object>({ values, ...statement }: ReadStatement): Promise<R[]> {
      const client = await pool.connect();
      let broken: Error | undefined;
      try {
        if (!settled.has(client)) {
          await client.query(SETTINGS);
          settled.add(client);
        }
        const answer = await client.query<R>({ ...statement, values: [...values] });
        return answer.rows;
      } catch (error) {
        broken = error as Error;
        throw error;
      } finally {
        client.release(broken);
      }
    },
  };
}
