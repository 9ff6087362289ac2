import type { JsonObject } from "@onepool/core/ledger/json.ts";
import type { OrderRecord } from "@onepool/core/ledger/order-record.ts";
import type {
  AlertKind,
  AlertRecord,
  AlertSeverity,
  ReservationRecord,
} from "@onepool/core/ledger/records.ts";
import type { Instant } from "@onepool/core/ledger/units.ts";

import { decodeOrder } from "../stored-order.ts";
import type { Reader } from "./reader.ts";
import { milliseconds } from "./sql-fragments.ts";

/** A promise that could be given up: an order's, or a hold's. */
export interface OpenPromise {
  readonly order: OrderRecord | null;
  readonly reservation: Pick<ReservationRecord, "reservationId" | "components"> | null;
}

export interface StoredAlert {
  readonly id: string;
  readonly kind: AlertKind;
  readonly subject: string;
  readonly severity: AlertSeverity;
  readonly body: Omit<AlertRecord, "kind" | "subject" | "severity">;
  readonly openedAt: Instant;
  readonly openedSeq: number;
  readonly resolvedAt: Instant | null;
  readonly resolvedSeq: number | null;
  /** Of an open oversold alert: the promise of the SKU that was made last. */
  readonly youngestPromise: OpenPromise | null;
}

export interface AlertFilter {
  readonly sellerId: number;
  readonly state: "open" | "resolved" | "all";
  readonly kind: string | null;
  readonly sku: string | null;
  /** The last alert of the page before. */
  readonly before: { readonly openedSeq: number; readonly id: string } | null;
  readonly limit: number;
}

/**
 * Down the chains of the SKU's promises, newest first, to the first that was made from available units and still stands.
 * An oversold pool has promises, so the walk ends soon: what it passes are orders that were shipped or cancelled since.
 */
const YOUNGEST_PROMISE = `(
  select json_build_object('channel', p.channel, 'orderId', p.order_id, 'state', p.state,
    'reservationId', p.reservation_id, 'components', p.body -> 'components')
  from account a
  cross join lateral (
    select m.seq, o.channel, o.order_id, o.state, r.reservation_id, r.body
    from movement m
    join entry e on e.seller_id = $1 and e.seq = m.seq
    left join sales_order o on o.seller_id = $1 and o.channel = e.channel and o.order_id = e.order_id
      and exists (
        select from json_array_elements(o.state -> 'lines') l
        where l -> 'posted' ->> 'reserved' is not null or l -> 'posted' ->> 'committed' is not null)
    left join reservation r on r.seller_id = $1 and e.kind = 'reservation'
      and r.reservation_id = e.body ->> 'reservationId' and r.state in ('held', 'committed')
    where m.seller_id = $1 and (m.account_id + 0) = a.account_id and m.units > 0 and m.counterpart = 'available'
      and (o.order_id is not null or r.reservation_id is not null)
    order by m.prev_seq desc nulls last, m.prev_leg desc nulls last limit 1
  ) p
  where a.seller_id = $1 and a.sku = x.subject and a.bucket in ('reserved', 'committed')
  order by p.seq desc limit 1
)`;

const LIST_ALERTS = `
select x.alert_id as id, x.kind, x.subject, x.severity, x.body, ${milliseconds("x.opened_at")} as "openedAt",
  x.opened_seq as "openedSeq", ${milliseconds("x.resolved_at")} as "resolvedAt", x.resolved_seq as "resolvedSeq",
  case when x.kind = 'oversold' and x.resolved_at is null then ${YOUNGEST_PROMISE} end as "youngestPromise"
from alert x
where x.seller_id = $1 and (x.opened_seq, x.alert_id) < ($2::bigint, $3::text)
  and case $4 when 'open' then x.resolved_at is null when 'resolved' then x.resolved_at is not null else true end
  and ($5::text is null or x.kind = $5)
  and ($6::text is null or x.body ->> 'sku' = $6)
order by x.opened_seq desc, x.alert_id desc limit $7`;

/** Alerts, newest first. */
export async function listAlerts(reader: Reader, filter: AlertFilter): Promise<StoredAlert[]> {
  const { sellerId, state, kind, sku, before, limit } = filter;
  const { openedSeq, id } = before ?? { openedSeq: Number.MAX_SAFE_INTEGER, id: "" };
  const values = [sellerId, openedSeq, id, state, kind, sku, limit];
  const rows = await reader.rows<Row>({ text: LIST_ALERTS, values: values });
  return rows.map((row) => ({ ...row, youngestPromise: promiseOf(row.youngestPromise) }));
}

interface Row extends Omit<StoredAlert, "youngestPromise"> {
  readonly youngestPromise: StoredPromise | null;
}

interface StoredPromise {
  readonly channel: string | null;
  readonly orderId: string | null;
  readonly state: JsonObject | null;
  readonly reservationId: string | null;
  readonly components: ReservationRecord["components"] | null;
}

function promiseOf(stored: StoredPromise | null): OpenPromise | null {
  if (stored === null) return null;
  const { channel, orderId, state, reservationId, components } = stored;
  const isOrder = channel !== null && orderId !== null && state !== null;
  return {
    order: isOrder ? decodeOrder(channel, orderId, state) : null,
    reservation: reservationId === null ? null : { reservationId, components: components ?? [] },
  };
}
