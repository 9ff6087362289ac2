// Which order of ours a keeper's order, or a return's, is about.
import type { JsonObject } from "@onepool/core/ledger/json.ts";
import type { OrderRecord } from "@onepool/core/ledger/order-record.ts";
import type pg from "pg";

import { decodeOrder } from "../../ledger/stored-order.ts";
import type { ConnectionKey } from "../notice-store.ts";

interface Row {
  readonly channel: string;
  readonly order_id: string;
  readonly state: JsonObject;
}

export async function readOrder(
  client: pg.PoolClient,
  sellerId: number,
  { channel, orderId }: { readonly channel: string; readonly orderId: string },
): Promise<OrderRecord | null> {
  const { rows } = await client.query<Row>({
    name: "keeper_read_order",
    text: `select channel, order_id, state from sales_order where seller_id = $1 and channel = $2 and order_id = $3`,
    values: [sellerId, channel, orderId],
  });
  return orderOf(rows);
}

/**
 * The order by what a keeper calls it: our reference, its own id where we gave it the order, or the marketplace's order id, of
 * `channels` only where they are said. Null where there is none yet, or where two channels have one of that id.
 */
export async function findOrder(
  client: pg.PoolClient,
  { sellerId, code }: ConnectionKey,
  named: { readonly references: readonly string[]; readonly keeperOrderId: string | null },
  channels: readonly string[] | null,
): Promise<OrderRecord | null> {
  const { references, keeperOrderId } = named;
  const given = await client.query<Row>({
    name: "keeper_find_given_order",
    text: `select o.channel, o.order_id, o.state from keeper_order k
      join sales_order o on o.seller_id = $1 and o.channel = k.channel and o.order_id = k.order_id
      where k.seller_id = $1 and k.reference = any($3::text[]) and k.connection = $2
      union all
      select o.channel, o.order_id, o.state from keeper_order k
      join sales_order o on o.seller_id = $1 and o.channel = k.channel and o.order_id = k.order_id
      where k.seller_id = $1 and k.connection = $2 and k.keeper_order_id = $4 limit 1`,
    values: [sellerId, code, references, keeperOrderId],
  });
  if (given.rows.length > 0) return orderOf(given.rows);
  const { rows } = await client.query<Row>({
    name: "keeper_find_order",
    text: `select o.channel, o.order_id, o.state
      from (select c.code from connection c where c.seller_id = $1 and ($3::text[] is null or c.code = any($3::text[]))) c
      cross join unnest($2::text[]) as r (reference)
      join sales_order o on o.seller_id = $1 and o.channel = c.code and o.order_id = r.reference
      limit 2`,
    values: [sellerId, references, channels],
  });
  return rows.length === 1 ? orderOf(rows) : null;
}

function orderOf([row]: readonly Row[]): OrderRecord | null {
  return row === undefined ? null : decodeOrder(row.channel, row.order_id, row.state);
}
