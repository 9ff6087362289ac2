import type { JsonObject } from "@onepool/core/ledger/json.ts";
import type { OrderRecord, OrderStatus } from "@onepool/core/ledger/order-record.ts";
import type { Instant } from "@onepool/core/ledger/units.ts";

import { decodeOrder } from "../stored-order.ts";
import type { Reader } from "./reader.ts";
import { milliseconds } from "./sql-fragments.ts";

/** An order with the entries that made it and last changed it. */
export interface StoredOrder {
  readonly order: OrderRecord;
  readonly firstSeq: number;
  readonly lastSeq: number;
  readonly firstRecordedAt: Instant;
  readonly lastRecordedAt: Instant;
}

export interface OrderFilter {
  readonly sellerId: number;
  /** Orders first seen before this entry; null: from the newest. */
  readonly before: number | null;
  readonly limit: number;
  readonly channel: string | null;
  readonly status: OrderStatus | null;
  /** Only orders with a line that nobody mapped. */
  readonly unmapped: boolean;
  /** Only orders of which units of this SKU are on their way back. */
  readonly returning: string | null;
}

interface Row {
  readonly channel: string;
  readonly order_id: string;
  readonly state: JsonObject;
  readonly first_seq: number;
  readonly last_seq: number;
  readonly first_recorded_at: number;
  readonly last_recorded_at: number;
}

const COLUMNS = `
  o.channel, o.order_id, o.state, o.first_seq, o.last_seq,
  (select ${milliseconds("e.recorded_at")} from entry e where e.seller_id = $1 and e.seq = o.first_seq) as first_recorded_at,
  (select ${milliseconds("e.recorded_at")} from entry e where e.seller_id = $1 and e.seq = o.last_seq) as last_recorded_at`;

/** Orders of which units of a SKU are on their way back: what set out for them less what came, by their entries. */
const RETURNING = (sku: string): string => `
  select e.channel, e.order_id from account a
  join movement m on m.seller_id = $1 and (m.account_id + 0) = a.account_id
  join entry e on e.seller_id = $1 and e.seq = m.seq
  where a.seller_id = $1 and a.sku = ${sku} and a.location = '' and a.bucket = 'returning'
  group by e.channel, e.order_id having sum(m.units) > 0`;

const LIST_ORDERS = `
select ${COLUMNS}
from sales_order o
where o.seller_id = $1 and o.first_seq < $2
  and ($4::text is null or o.channel = $4)
  and ($5::text is null or o.state ->> 'status' = $5)
  and (not $6 or exists (
    select from unmapped_line u where u.seller_id = $1 and u.channel = o.channel and u.order_id = o.order_id))
  and ($7::text is null or (o.channel, o.order_id) in (${RETURNING("$7")}))
order by o.first_seq desc limit $3`;

const READ_ORDER = `select ${COLUMNS} from sales_order o where o.seller_id = $1 and o.channel = $2 and o.order_id = $3`;

/** Orders by when they were first seen, newest first. */
export async function listOrders(reader: Reader, filter: OrderFilter): Promise<StoredOrder[]> {
  const { sellerId, before, limit, channel, status, unmapped, returning } = filter;
  const values = [sellerId, before ?? Number.MAX_SAFE_INTEGER, limit, channel, status, unmapped, returning];
  const rows = await reader.rows<Row>({ text: LIST_ORDERS, values: values });
  return rows.map(orderOf);
}

/** One order, or null. */
export async function readOrder(
  reader: Reader,
  key: { readonly sellerId: number; readonly channel: string; readonly orderId: string },
): Promise<StoredOrder | null> {
  const rows = await reader.rows<Row>({ text: READ_ORDER, values: [key.sellerId, key.channel, key.orderId] });
  const [row] = rows;
  return row === undefined ? null : orderOf(row);
}

function orderOf(row: Row): StoredOrder {
  return {
    order: decodeOrder(row.channel, row.order_id, row.state),
    firstSeq: row.first_seq,
    lastSeq: row.last_seq,
    firstRecordedAt: row.first_recorded_at,
    lastRecordedAt: row.last_recorded_at,
  };
}
