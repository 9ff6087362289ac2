import { setTimeout as delay } from "node:timers/promises";

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

/** How long work behind an answer, such as waking other processes, may still hold a client, in milliseconds. */
const FINISHING_PATIENCE_MS = 3_000;

async function clientsThatStayLent(pools: readonly pg.Pool[]): Promise<number> {
  const patientUntil = performance.now() + FINISHING_PATIENCE_MS;
  while (lentClients(pools) > 0 && performance.now() < patientUntil) await delay(5);
  return lentClients(pools);
}

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
  afterEach(async () => {
    const lent = await clientsThatStayLent(pools);
    if (lent > 0)
      throw new Error(`the test left ${lent} database client(s) in use: release every client it takes`);
  });
  afterAll(async () => {
    const left = await created.drop();
    if (left.length > 0) throw new Error(`connections were left open: ${left.join("; ")}`);
  });
  return { name: created.name, url: created.url, pool: created.database.pool, openPool };
}
