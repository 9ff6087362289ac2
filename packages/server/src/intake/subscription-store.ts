import type { Instant } from "@onepool/core/ledger/units.ts";
import type pg from "pg";

import type { ConnectionKey } from "./notice-store.ts";

/** A connection whose channel may have to be told where to send its notifications. */
export interface Subscriber extends ConnectionKey {
  /** The entry that last changed it. */
  readonly updatedSeq: number;
  /** Polls find orders that no notification announced. */
  readonly isSilent: boolean;
}

export async function readSubscribers(pool: pg.Pool, kinds: readonly string[]): Promise<Subscriber[]> {
  const { rows } = await pool.query<Subscriber>({
    name: "intake_subscribers",
    text: `select c.seller_id as "sellerId", c.code, c.updated_seq as "updatedSeq",
        coalesce(s.blind_reason = 'notifications_silent', false) as "isSilent"
      from connection c
      left join connection_sight s on s.seller_id = c.seller_id and s.connection = c.code
      where c.kind = any($1) order by c.seller_id, c.code`,
    values: [kinds],
  });
  return rows;
}

/** Observations of a connection that are looked through: where there were more since, it is only looked after once more. */
const LOOKED_THROUGH = 2_000;

/** When any process last found the subscription standing, for which state of the connection; null when that is not the last word. */
export async function readLastKept(
  pool: pg.Pool,
  { sellerId, code }: ConnectionKey,
): Promise<{ readonly at: Instant; readonly seq: number } | null> {
  const { rows } = await pool.query<{ at: Date; seq: number | null }>({
    name: "intake_last_kept",
    text: `select r.recorded_at as at, (r.body ->> 'seq')::int8 as seq from (
        select cursor, kind, recorded_at, body from observation
        where seller_id = $1 and connection = $2 and external_id is null order by cursor desc limit ${LOOKED_THROUGH}
      ) r
      where r.kind in ('subscribed', 'unsubscribed') order by r.cursor desc limit 1`,
    values: [sellerId, code],
  });
  const [row] = rows;
  return row === undefined || row.seq === null ? null : { at: row.at.getTime(), seq: row.seq };
}
