import type pg from "pg";

import { checkChain } from "./check-chain.ts";
import { checkPromises } from "./check-promises.ts";
import type { Difference, VerifyReport } from "./verify-report.ts";

/**
 * Recomputes what can be recomputed and says what differs: nothing, ever. Reads one snapshot, so that writers may go on
 * meanwhile.
 */
export async function verifyLedger(pool: pg.Pool, sellerId?: number): Promise<VerifyReport> {
  const client = await pool.connect();
  let isClean = false;
  try {
    await client.query("begin isolation level repeatable read read only");
    const report = await verifyWithin(client, sellerId);
    await client.query("commit");
    isClean = true;
    return report;
  } finally {
    client.release(!isClean);
  }
}

/** The same inside the caller's transaction, which must not see other writers come and go. */
export async function verifyWithin(
  client: Pick<pg.ClientBase, "query">,
  sellerId?: number,
): Promise<VerifyReport> {
  const { rows } = await client.query<{ seller_id: number }>(
    "select seller_id from head where $1::bigint is null or seller_id = $1 order by seller_id",
    [sellerId ?? null],
  );
  const differences: Difference[] = [];
  let entries = 0;
  let movements = 0;
  for (const { seller_id: seller } of rows) {
    const id = Number(seller);
    const counted = await client.query<{ entries: number; movements: number }>(
      `select (select count(*) from entry where seller_id = $1) as entries,
         (select count(*) from movement where seller_id = $1) as movements`,
      [id],
    );
    entries += Number(counted.rows[0]?.entries ?? 0);
    movements += Number(counted.rows[0]?.movements ?? 0);
    differences.push(...(await checkChain(client, id)), ...(await checkPromises(client, id)));
  }
  return { sellers: rows.length, entries, movements, differences };
}
