import type { Bucket, Counterpart } from "@onepool/core/ledger/bucket.ts";
import type { EntryKind } from "@onepool/core/ledger/entry.ts";
import type { Instant, Units } from "@onepool/core/ledger/units.ts";

import type { Reader } from "./reader.ts";
import { milliseconds } from "./sql-fragments.ts";

/** The place of a leg in the ledger. */
export interface LegKey {
  readonly seq: number;
  readonly leg: number;
}

/** One leg with the entry it belongs to. */
export interface ListedMovement extends LegKey {
  readonly kind: EntryKind;
  readonly recordedAt: Instant;
  readonly occurredAt: Instant;
  readonly channel: string | null;
  readonly orderId: string | null;
  readonly externalId: string | null;
  readonly sku: string;
  readonly location: string;
  readonly bucket: Bucket;
  readonly units: Units;
  readonly counterpart: Counterpart;
  readonly before: Units;
  readonly after: Units;
  readonly lineId: string | null;
  readonly reason: string | null;
}

export interface MovementFilter {
  readonly sellerId: number;
  /** Legs before this one; null: from the newest. */
  readonly before: LegKey | null;
  readonly limit: number;
}

/** Narrows the accounts of one SKU. */
export interface AccountFilter {
  readonly sku: string;
  readonly location: string | null;
  readonly bucket: Bucket | null;
}

const COLUMNS = `
  m.seq, m.leg, e.kind, ${milliseconds("e.recorded_at")} as "recordedAt",
  ${milliseconds("coalesce(m.occurred_at, e.occurred_at)")} as "occurredAt",
  e.channel, e.order_id as "orderId", e.external_id as "externalId", a.sku, a.location, a.bucket,
  m.units, m.counterpart, m.before, m.after, m.line_id as "lineId", m.reason`;

const LIST_ALL = `
select ${COLUMNS}
from (
  select * from movement m
  where m.seller_id = $1 and (m.seq, m.leg) < ($2, $3)
  order by m.seq desc, m.leg desc limit $4
) m
join entry e on e.seller_id = $1 and e.seq = m.seq
join account a on a.seller_id = $1 and a.account_id = m.account_id
order by m.seq desc, m.leg desc`;

/**
 * Along the chains of the SKU's accounts: a leg before the cursor follows a leg before the cursor, or none. At most one leg
 * per account follows such a one and lies behind the cursor itself, so one more is taken and sifted out.
 */
const LIST_OF_SKU = `
select ${COLUMNS}
from account a
cross join lateral (
  select * from (
    (select * from movement m
     where m.seller_id = $1 and (m.account_id + 0) = a.account_id and (m.prev_seq, m.prev_leg) < ($2::bigint, $3::integer)
     order by m.prev_seq desc nulls last, m.prev_leg desc nulls last limit $4 + 1)
    union all
    (select * from movement m
     where m.seller_id = $1 and (m.account_id + 0) = a.account_id and m.prev_seq is null)
  ) c
  where (c.seq, c.leg) < ($2::bigint, $3::integer)
  order by c.seq desc, c.leg desc limit $4
) m
join entry e on e.seller_id = $1 and e.seq = m.seq
where a.seller_id = $1 and a.sku = $5
  and ($6::text is null or a.location = $6) and ($7::text is null or a.bucket = $7)
order by m.seq desc, m.leg desc limit $4`;

/**
 * An order's entries lie between the one that made it and the one that last changed it. There is no index by order: it
 * would cost every order written, and this is asked for one order at a time.
 */
const LIST_OF_ORDER = `
select ${COLUMNS}
from sales_order o
join entry e on e.seller_id = $1 and e.seq between o.first_seq and o.last_seq
  and e.channel = o.channel and e.order_id = o.order_id
join movement m on m.seller_id = $1 and m.seq = e.seq and (m.seq, m.leg) < ($2::bigint, $3::integer)
join account a on a.seller_id = $1 and a.account_id = m.account_id
where o.seller_id = $1 and o.channel = $5 and o.order_id = $6
order by m.seq desc, m.leg desc limit $4`;

/** Legs of all SKUs, newest first. */
export async function listMovements(reader: Reader, filter: MovementFilter): Promise<ListedMovement[]> {
  const rows = await reader.rows<ListedMovement>({ text: LIST_ALL, values: pageOf(filter) });
  return rows;
}

/** Legs of one SKU, newest first. */
export async function listMovementsOfSku(
  reader: Reader,
  filter: MovementFilter,
  account: AccountFilter,
): Promise<ListedMovement[]> {
  const { sku, location, bucket } = account;
  const rows = await reader.rows<ListedMovement>({
    text: LIST_OF_SKU,
    values: [...pageOf(filter), sku, location, bucket],
  });
  return rows;
}

/** Legs of one order, newest first. */
export async function listMovementsOfOrder(
  reader: Reader,
  filter: MovementFilter,
  order: { readonly channel: string; readonly orderId: string },
): Promise<ListedMovement[]> {
  const values = [...pageOf(filter), order.channel, order.orderId];
  const rows = await reader.rows<ListedMovement>({ text: LIST_OF_ORDER, values: values });
  return rows;
}

/** Greater than any sequence number, and any place in an entry. */
const AFTER_ALL: LegKey = { seq: Number.MAX_SAFE_INTEGER, leg: 2 ** 31 - 1 };

function pageOf({ sellerId, before, limit }: MovementFilter): unknown[] {
  const { seq, leg } = before ?? AFTER_ALL;
  return [sellerId, seq, leg, limit];
}
