import type { Instant } from "@onepool/core/ledger/units.ts";
import type pg from "pg";

import type { ConnectionKey } from "./notice-store.ts";

/** How a queue stands, for everybody who names it. */
export async function noteQueue(
  pool: pg.Pool,
  connections: readonly ConnectionKey[],
  seen:
    | { readonly checkedAt: Instant; readonly oldestAt: Instant | null }
    | { readonly failingSince: Instant; readonly error: string },
): Promise<void> {
  const keys = [connections.map(({ sellerId }) => sellerId), connections.map(({ code }) => code)];
  if ("checkedAt" in seen) {
    await pool.query({
      name: "intake_note_queue",
      text: `insert into connection_sight as s (seller_id, connection, queue_checked_at, queue_oldest_at)
        select n.seller_id, n.connection, $3, $4 from unnest($1::int8[], $2::text[]) as n (seller_id, connection)
        order by 1, 2
        on conflict (seller_id, connection) do update set queue_checked_at = greatest(s.queue_checked_at, $3),
          queue_oldest_at = $4, queue_failing_since = null, queue_error = null`,
      values: [...keys, new Date(seen.checkedAt), seen.oldestAt === null ? null : new Date(seen.oldestAt)],
    });
    return;
  }
  await pool.query({
    name: "intake_note_queue_failing",
    text: `insert into connection_sight as s (seller_id, connection, queue_failing_since, queue_error)
      select n.seller_id, n.connection, $3, $4 from unnest($1::int8[], $2::text[]) as n (seller_id, connection)
      order by 1, 2
      on conflict (seller_id, connection) do update set queue_error = $4,
        queue_failing_since = coalesce(s.queue_failing_since, excluded.queue_failing_since)`,
    values: [...keys, new Date(seen.failingSince), seen.error],
  });
}
