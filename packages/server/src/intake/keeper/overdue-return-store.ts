import type { JsonObject } from "@onepool/core/ledger/json.ts";
import type { OrderRecord } from "@onepool/core/ledger/order-record.ts";
import type { Instant } from "@onepool/core/ledger/units.ts";
import type pg from "pg";

import { milliseconds } from "../../ledger/read/sql-fragments.ts";
import { decodeOrder } from "../../ledger/stored-order.ts";

/** Steps of one SKU's returns looked back at: what still is on its way began its way among the last of them. */
const STEPS_MAX = 500;

export interface ReturningOrder {
  readonly order: OrderRecord;
  /** When units of it were last said to come back. */
  readonly since: Instant;
}

/** Sellers with a keeper, and the settings of each. */
export async function readKeeperSellers(
  pool: pg.Pool,
  kinds: readonly string[],
): Promise<readonly { readonly sellerId: number; readonly settings: readonly unknown[] }[]> {
  const { rows } = await pool.query<{ sellerId: number; settings: readonly unknown[] }>({
    name: "keeper_read_sellers",
    text: `select seller_id as "sellerId", json_agg(settings) as settings from connection
      where kind = any($1::text[]) group by seller_id order by seller_id`,
    values: [kinds],
  });
  return rows;
}

/** Orders of which units may have been on their way back since before an instant. */
export async function readReturningOrders(
  client: pg.PoolClient,
  sellerId: number,
  before: Instant,
): Promise<readonly ReturningOrder[]> {
  const { rows } = await client.query<{
    channel: string;
    order_id: string;
    since: number;
    state: JsonObject;
  }>({
    name: "keeper_read_returning_orders",
    text: `with coming_back as (
        select e.channel, e.order_id, max(e.recorded_at) as since
        from account a
        cross join lateral (
          select m.after from movement m where m.seller_id = $1 and (m.account_id + 0) = a.account_id
          order by m.prev_seq desc nulls last, m.prev_leg desc nulls last limit 1
        ) last
        cross join lateral (
          select m.seq from movement m where m.seller_id = $1 and (m.account_id + 0) = a.account_id and m.units > 0
          order by m.prev_seq desc nulls last, m.prev_leg desc nulls last limit $3
        ) m
        join entry e on e.seller_id = $1 and e.seq = m.seq
        where a.seller_id = $1 and a.bucket = 'returning' and last.after > 0 and e.order_id is not null
        group by e.channel, e.order_id having max(e.recorded_at) <= $2
      )
      select r.channel, r.order_id, ${milliseconds("r.since")} as since, o.state
      from coming_back r join sales_order o on o.seller_id = $1 and o.channel = r.channel and o.order_id = r.order_id`,
    values: [sellerId, new Date(before), STEPS_MAX],
  });
  return rows.map((row) => ({ order: decodeOrder(row.channel, row.order_id, row.state), since: row.since }));
}

/** Ends the alerts about returns that came, or were given up; `overdue` are the subjects of those that still are. */
export async function resolveOtherOverdue(
  client: pg.PoolClient,
  sellerId: number,
  overdue: readonly string[],
  now: Instant,
): Promise<void> {
  await client.query({
    name: "keeper_resolve_other_overdue",
    text: `update alert a set resolved_at = $3, resolved_seq = h.seq from head h
      where a.seller_id = $1 and h.seller_id = $1 and a.kind = 'return_overdue' and a.resolved_at is null
        and a.subject <> all($2::text[])`,
    values: [sellerId, overdue, new Date(now)],
  });
}
