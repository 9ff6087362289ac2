import type pg from "pg";

/** Runs `work` in a transaction that is committed when it returns and rolled back when it throws. */
export async function inTransaction<Result>(
  pool: pg.Pool,
  work: (client: pg.PoolClient) => Promise<Result>,
): Promise<Result> {
  const client = await pool.connect();
  let isClean = false;
  try {
    await client.query("begin");
    const result = await work(client);
    await client.query("commit");
    isClean = true;
    return result;
  } finally {
    if (!isClean) isClean = await rolledBack(client);
    // A connection in an unknown state is not lent to anybody else.
    client.release(!isClean);
  }
}

async function rolledBack(client: pg.PoolClient): Promise<boolean> {
  try {
    await client.query("rollback");
    return true;
  } catch {
    return false;
  }
}
