import type { Instant } from "@onepool/core/ledger/units.ts";
import type { PoolMove } from "@onepool/core/publish/brake.ts";
import type pg from "pg";

import type { ListingsKey } from "./claim-store.ts";

/** Legs per balance looked through for the one that emptied a pool. */
const LEGS = 100;

/** What entries did lately to what is available of these SKUs, the newest first. */
export async function recentMoves(
  pool: pg.Pool,
  sellerId: number,
  skus: readonly string[],
): Promise<ReadonlyMap<string, readonly PoolMove[]>> {
  const { rows } = await pool.query<PoolMove & { sku: string }>({
    name: "publish_recent_moves",
    text: `select a.sku, m.seq, e.kind, sum(case when a.bucket = 'sellable' then m.units else -m.units end)::int8 as units
      from account a
      left join location o on o.seller_id = $1 and o.code = a.location
      cross join lateral (
        select m.seq, m.units from movement m
        where m.seller_id = $1 and (m.account_id + 0) = a.account_id
        order by m.prev_seq desc nulls last, m.prev_leg desc nulls last limit ${LEGS}
      ) m
      join entry e on e.seller_id = $1 and e.seq = m.seq
      where a.seller_id = $1 and a.sku = any($2)
        and (a.bucket in ('reserved', 'committed') or (a.bucket = 'sellable' and o.kind is distinct from 'channel'))
      group by a.sku, m.seq, e.kind order by a.sku, m.seq desc`,
    values: [sellerId, skus],
  });
  return Map.groupBy(rows, ({ sku }) => sku);
}

/** How many listings changes have stopped since an instant, how many are held since then, and how many there are. */
export async function readBrake(
  pool: pg.Pool,
  key: ListingsKey,
  ask: { readonly since: Instant; readonly releasedAt: Instant | null },
): Promise<{ readonly stopped: number; readonly held: number; readonly listings: number }> {
  const { rows } = await pool.query<{ stopped: number; held: number; listings: number }>({
    name: "publish_read_brake",
    text: `select count(*) filter (where stopped_at > $3) as stopped,
        count(*) filter (where error ->> 'why' = 'braked' and (error ->> 'at')::int8 > $4) as held, count(*) as listings
      from listing_state where seller_id = $1 and connection = $2`,
    values: [key.sellerId, key.connection, new Date(ask.since), ask.releasedAt ?? 0],
  });
  return rows[0] ?? { stopped: 0, held: 0, listings: 0 };
}

/** Opens the alert of a brake that holds, if none is open. In the transaction of the observation that tells of it. */
export async function openBrakeAlert(
  client: pg.ClientBase,
  key: ListingsKey,
  alert: { readonly units: number; readonly message: string; readonly now: Instant },
): Promise<void> {
  const body = { sku: null, channel: key.connection, orderId: null, lineId: null, units: alert.units };
  await client.query({
    name: "publish_open_brake",
    text: `insert into alert (seller_id, alert_id, kind, subject, severity, body, opened_at, opened_seq)
      select $1, 'brake.' || $2 || '.' || $5::text, 'brake', $2, 'critical', $3, $4, h.seq from head h where h.seller_id = $1
      on conflict do nothing`,
    values: [
      key.sellerId,
      key.connection,
      JSON.stringify({ ...body, message: alert.message }),
      new Date(alert.now),
      String(alert.now),
    ],
  });
}

/** Ends the alert once nothing is held any more; answers whether that is so. */
export async function endBrakeAlert(pool: pg.Pool, key: ListingsKey, now: Instant): Promise<boolean> {
  const { rows } = await pool.query<{ isHeld: boolean }>({
    name: "publish_is_braked",
    text: `select exists (select from listing_state where seller_id = $1 and connection = $2
      and error ->> 'why' = 'braked') as "isHeld"`,
    values: [key.sellerId, key.connection],
  });
  if (rows[0]?.isHeld === true) return false;
  await pool.query({
    name: "publish_end_brake",
    text: `update alert a set resolved_at = $3, resolved_seq = h.seq from head h
      where a.seller_id = $1 and a.kind = 'brake' and a.subject = $2 and a.resolved_at is null and h.seller_id = $1`,
    values: [key.sellerId, key.connection, new Date(now)],
  });
  return true;
}
