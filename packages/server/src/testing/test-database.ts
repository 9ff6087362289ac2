import type pg from "pg";
import { afterAll, afterEach } from "vitest";

import type { PoolSettings } from "../postgres/open-database.ts";
import { createTestDatabase } from "./create-test-database.ts";
import { lentClients } from "./lent-clients.ts";

/** A database of the test file's own. */
export type TestDatabase = {
  readonly name: string;
  readonly url: string;
  readonly pool: pg.Pool;
  openPool(settings?: PoolSettings): pg.Pool;
};

/**
 * An own migrated database for this file or `describe` block, dropped after it. To be awaited at the top of either. A test that does not give
 * a client back fails, and so does a file that leaves connections open.
 */
export async function testDatabase(options: { readonly empty?: boolean } = {}): Promise<TestDatabase> {
  const created = await createTestDatabase(options);
  const pools = [created.database.pool];
  const openPool = (settings?: PoolSettings): pg.Pool => {
    const pool = created.database.openPool(settings);
    pools.push(pool);
    return pool;
  };
  afterEach(() => {
    const lent = lentClients(pools);
    if (lent > 0)
      throw new Error(`the test left ${lent} database client(s) in use: release every client it takes`);
  });
  afterAll(async () => {
    const left = await created.drop();
    if (left.length > 0) throw new Error(`connections were left open: ${left.join("; ")}`);
  });
  return { name: created.name, url: created.url, pool: created.database.pool, openPool };
}
