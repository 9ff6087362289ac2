import type { Instant } from "@onepool/core/ledger/units.ts";
import type pg from "pg";

import type { ListingsKey } from "./claim-store.ts";

/** Whether a number of ours was ever sent to this connection. */
export async function hasWritten(pool: pg.Pool, key: ListingsKey): Promise<boolean> {
  const { rowCount } = await pool.query(
    "select from listing_state where seller_id = $1 and connection = $2 and pushed_seq is not null limit 1",
    [key.sellerId, key.connection],
  );
  return rowCount !== 0;
}

/** Makes all listings due that rest or wait. */
export async function wakeListings(pool: pg.Pool, key: ListingsKey, now: Instant): Promise<void> {
  await pool.query(
    `update listing_state s set next_attempt_at = $3 from (
       select seller_id, connection, external_id from listing_state where seller_id = $1 and connection = $2 and wants is null
         and (next_attempt_at is null or next_attempt_at > $3) order by external_id for update
     ) resting
     where s.seller_id = resting.seller_id and s.connection = resting.connection and s.external_id = resting.external_id`,
    [key.sellerId, key.connection, new Date(now)],
  );
}
