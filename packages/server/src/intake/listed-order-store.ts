// Orders that polls list, held against the notifications that came of them.
import type { Instant } from "@onepool/core/ledger/units.ts";
import type pg from "pg";

import type { FoundOrder } from "./found-order-store.ts";
import type { ConnectionKey } from "./notice-store.ts";

/**
 * Notes orders when a poll first lists them. Those that the ledger knows although no notification came are left out: they were
 * found by an earlier poll, or are older than what the inbox remembers.
 */
export async function noteListed(
  pool: pg.Pool,
  connection: ConnectionKey,
  listed: readonly FoundOrder[],
  now: Instant,
): Promise<void> {
  if (listed.length === 0) return;
  await pool.query({
    name: "intake_note_listed",
    text: `insert into listed_order (seller_id, connection, topic, resource, changed_at, found_at)
      select $1, $2, f.topic, f.resource, f.changed_at, $7
      from unnest($3::text[], $4::text[], $5::timestamptz[], $6::text[]) as f (topic, resource, changed_at, order_id)
      where (
          select i.noticed_at from inbox i
          where i.seller_id = $1 and i.connection = $2 and i.topic = f.topic and i.resource = f.resource) is not null
        or (
          select true from sales_order o where o.seller_id = $1 and o.channel = $2 and o.order_id = f.order_id) is null
      order by f.topic, f.resource
      on conflict do nothing`,
    values: [
      connection.sellerId,
      connection.code,
      listed.map(({ topic }) => topic),
      listed.map(({ resource }) => resource),
      listed.map(({ updatedAt }) => new Date(updatedAt)),
      listed.map(({ orderId }) => orderId),
      new Date(now),
    ],
  });
}

/** Forgets what no judgement looks at any more. */
export async function forgetListed(pool: pg.Pool, before: Instant): Promise<void> {
  await pool.query("delete from listed_order where found_at < $1", [new Date(before)]);
}
