import type { Database } from "@onepool/server/postgres/open-database.ts";
import type pg from "pg";

/** Lends this many connections, all open from the start. */
export async function withClients<T>(
  database: Database,
  count: number,
  work: (clients: readonly pg.PoolClient[]) => Promise<T>,
): Promise<T> {
  const pool = database.openPool({ max: count });
  const clients: pg.PoolClient[] = [];
  try {
    while (clients.length < count) clients.push(await pool.connect());
    return await work(clients);
  } finally {
    // Not back to the pool: one may be in the middle of a transaction.
    for (const client of clients) client.release(true);
    await pool.end();
  }
}
