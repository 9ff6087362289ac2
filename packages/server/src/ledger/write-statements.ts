// The statements of a batch. Each checks in the database, before the commit, that it wrote as many rows as were sent: a
// count that differs divides by zero and takes the whole batch back. So a batch and its commit travel in one go.
// Rows to change are found by their place (`ctid`), which a subquery looks up by key: a join could be planned as a scan of
// the seller's whole table. Nothing moves them meanwhile, since whoever writes holds the head first.
import type { Statement } from "./burst.ts";

/** SQLSTATE of a check that failed: division_by_zero. */
export const CHECK_FAILED = "22012";

/** A statement whose last parameter is the number of rows it must write. */
export interface CheckedStatement extends Statement {
  /** The write without its check. */
  readonly write: string;
  /** Parameters, the row count among them. */
  readonly parameters: number;
}

/** A write that must touch exactly as many rows as its last parameter says. */
function checked(name: string, parameters: number, write: string): CheckedStatement {
  const text = `with written as (${write} returning 1)
    select 1 / (count(*) = $${parameters}::bigint)::int from written`;
  return { name: `ledger_${name}`, text, write, parameters };
}

/** An instant given as milliseconds. Exact: an interval of whole milliseconds is whole microseconds. */
const instant = (ms: string): string => `timestamptz 'epoch' + ${ms} * interval '1 millisecond'`;

/** Moves the head from the sequence the batch was decided on; nothing else in the batch counts if it is not there. */
export const MOVE_HEAD = checked(
  "move_head",
  6,
  `update head set seq = $3, last_account_id = $4, recorded_at = ${instant("$5::int8")}
   where seller_id = $1 and seq = $2`,
);

/** Refuses when the head moved: for batches that decided from memory and write nothing. */
export const CHECK_HEAD: Statement = {
  name: "ledger_check_head",
  text: `select 1 / count(*) from head where seller_id = $1 and seq = $2`,
};

export const INSERT_ACCOUNTS = checked(
  "insert_accounts",
  6,
  `insert into account (seller_id, account_id, sku, location, bucket)
   select $1, account_id, sku, location, bucket
   from unnest($2::int8[], $3::text[], $4::text[], $5::text[]) as t(account_id, sku, location, bucket)`,
);

export const INSERT_ENTRIES = checked(
  "insert_entries",
  11,
  `insert into entry
     (seller_id, seq, recorded_at, occurred_at, kind, channel, order_id, external_id, content_hash, body)
   select $1, $2 + place, ${instant("$3::int8")}, ${instant("occurred_ms")},
     kind, channel, order_id, external_id, content_hash, body
   from unnest($4::int8[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::json[])
     with ordinality as t(occurred_ms, kind, channel, order_id, external_id, content_hash, body, place)`,
);

export const INSERT_MOVEMENTS = checked(
  "insert_movements",
  14,
  `insert into movement (seller_id, seq, leg, account_id, bucket, units, counterpart, before, after,
     prev_seq, prev_leg, line_id, reason, occurred_at)
   select $1, seq, leg, account_id, bucket, units, counterpart, before, before + units,
     prev_seq, prev_leg, line_id, reason, ${instant("occurred_ms")}
   from unnest($2::int8[], $3::int4[], $4::int8[], $5::text[], $6::int8[], $7::text[], $8::int8[],
       $9::int8[], $10::int4[], $11::text[], $12::text[], $13::int8[])
     as t(seq, leg, account_id, bucket, units, counterpart, before,
       prev_seq, prev_leg, line_id, reason, occurred_ms)`,
);

const ORDERS = `insert into sales_order (seller_id, channel, order_id, first_seq, last_seq, state)
   select $1, channel, order_id, first_seq, last_seq, state
   from unnest($2::text[], $3::text[], $4::int8[], $5::int8[], $6::json[])
     as t(channel, order_id, first_seq, last_seq, state)`;

export const INSERT_ORDERS = checked("insert_orders", 7, ORDERS);

/** An upsert where an update would do: it always finds its row by the primary key, whatever the statistics say. */
export const UPDATE_ORDERS = checked(
  "update_orders",
  7,
  `${ORDERS}
   on conflict (seller_id, channel, order_id) do update
     set last_seq = excluded.last_seq, state = excluded.state`,
);

export const PUT_SKUS = checked(
  "put_skus",
  5,
  `insert into sku (seller_id, sku, attributes, created_seq, updated_seq)
   select $1, sku, attributes, seq, seq from unnest($2::text[], $3::json[], $4::int8[]) as t(sku, attributes, seq)
   on conflict (seller_id, sku) do update
     set attributes = excluded.attributes, updated_seq = excluded.updated_seq`,
);

export const PUT_LOCATIONS = checked(
  "put_locations",
  7,
  `insert into location (seller_id, code, kind, title, serves, created_seq, updated_seq)
   select $1, code, kind, title, nullif(serves::jsonb, 'null')::json, seq, seq
   from unnest($2::text[], $3::text[], $4::text[], $5::json[], $6::int8[]) as t(code, kind, title, serves, seq)
   on conflict (seller_id, code) do update
     set kind = excluded.kind, title = excluded.title, serves = excluded.serves, updated_seq = excluded.updated_seq`,
);

export const PUT_CONNECTIONS = checked(
  "put_connections",
  9,
  `insert into connection
     (seller_id, code, kind, mode, settings, credentials, since, created_seq, updated_seq)
   select $1, code, kind, mode, settings, decode(credentials, 'base64'), ${instant("since_ms")}, seq, seq
   from unnest($2::text[], $3::text[], $4::text[], $5::json[], $6::text[], $7::int8[], $8::int8[])
     as t(code, kind, mode, settings, credentials, since_ms, seq)
   on conflict (seller_id, code) do update
     set kind = excluded.kind, mode = excluded.mode, settings = excluded.settings,
       credentials = excluded.credentials, since = excluded.since, updated_seq = excluded.updated_seq`,
);

export const PUT_LISTINGS = checked(
  "put_listings",
  7,
  `insert into listing (seller_id, connection, external_id, components, settings, created_seq, updated_seq)
   select $1, connection, external_id, components, settings, seq, seq
   from unnest($2::text[], $3::text[], $4::json[], $5::json[], $6::int8[])
     as t(connection, external_id, components, settings, seq)
   on conflict (seller_id, connection, external_id) do update
     set components = excluded.components, settings = excluded.settings, updated_seq = excluded.updated_seq`,
);

export const DELETE_LISTING_COMPONENTS = checked(
  "delete_listing_components",
  5,
  `delete from listing_component c
   using (
     select (
       select x.ctid from listing_component x
       where x.seller_id = $1 and x.sku = k.sku and x.connection = k.connection and x.external_id = k.external_id
     ) as place
     from unnest($2::text[], $3::text[], $4::text[]) as k(sku, connection, external_id)
     offset 0
   ) t
   where c.seller_id = $1 and c.ctid = t.place`,
);

export const INSERT_LISTING_COMPONENTS = checked(
  "insert_listing_components",
  6,
  `insert into listing_component (seller_id, sku, connection, external_id, units)
   select $1, sku, connection, external_id, units
   from unnest($2::text[], $3::text[], $4::text[], $5::int8[]) as t(sku, connection, external_id, units)`,
);

const RESERVATIONS = `insert into reservation (seller_id, reservation_id, state, expires_at, body, first_seq, last_seq)
   select $1, reservation_id, state, ${instant("expires_ms")}, body, first_seq, last_seq
   from unnest($2::text[], $3::text[], $4::int8[], $5::json[], $6::int8[], $7::int8[])
     as t(reservation_id, state, expires_ms, body, first_seq, last_seq)`;

export const INSERT_RESERVATIONS = checked("insert_reservations", 8, RESERVATIONS);

export const UPDATE_RESERVATIONS = checked(
  "update_reservations",
  8,
  `${RESERVATIONS}
   on conflict (seller_id, reservation_id) do update set state = excluded.state, last_seq = excluded.last_seq`,
);

export const PUT_WITHHELD = checked(
  "put_withheld",
  5,
  `insert into withheld (seller_id, sku, units, updated_seq)
   select $1, sku, units, seq from unnest($2::text[], $3::int8[], $4::int8[]) as t(sku, units, seq)
   on conflict (seller_id, sku) do update set units = excluded.units, updated_seq = excluded.updated_seq`,
);

export const DELETE_WITHHELD = checked(
  "delete_withheld",
  3,
  `delete from withheld w
   using (
     select (select x.ctid from withheld x where x.seller_id = $1 and x.sku = k.sku) as place
     from unnest($2::text[]) as k(sku)
     offset 0
   ) t
   where w.seller_id = $1 and w.ctid = t.place`,
);

export const PUT_INBOUNDS = checked(
  "put_inbounds",
  8,
  `insert into inbound (seller_id, inbound_id, location, status, expected_at, state, created_seq, updated_seq)
   select $1, inbound_id, location, status, ${instant("expected_ms")}, state, seq, seq
   from unnest($2::text[], $3::text[], $4::text[], $5::int8[], $6::json[], $7::int8[])
     as t(inbound_id, location, status, expected_ms, state, seq)
   on conflict (seller_id, inbound_id) do update
     set location = excluded.location, status = excluded.status, expected_at = excluded.expected_at,
       state = excluded.state, updated_seq = excluded.updated_seq`,
);

export const PUT_INBOUND_LINES = checked(
  "put_inbound_lines",
  7,
  `insert into inbound_line (seller_id, sku, inbound_id, expected, received, open_units)
   select $1, sku, inbound_id, expected, received, open_units
   from unnest($2::text[], $3::text[], $4::int8[], $5::int8[], $6::int8[])
     as t(sku, inbound_id, expected, received, open_units)
   on conflict (seller_id, sku, inbound_id) do update
     set expected = excluded.expected, received = excluded.received, open_units = excluded.open_units`,
);

export const INSERT_COUNTS = checked(
  "insert_counts",
  8,
  `insert into stock_count (seller_id, sku, location, bucket, as_of, seq, units)
   select $1, sku, location, bucket, ${instant("as_of_ms")}, seq, units
   from unnest($2::text[], $3::text[], $4::text[], $5::int8[], $6::int8[], $7::int8[])
     as t(sku, location, bucket, as_of_ms, seq, units)`,
);

export const INSERT_UNMAPPED = checked(
  "insert_unmapped",
  8,
  `insert into unmapped_line (seller_id, names, code, channel, order_id, line_id, seq)
   select $1, names, code, channel, order_id, line_id, seq
   from unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::int8[])
     as t(names, code, channel, order_id, line_id, seq)`,
);

export const DELETE_UNMAPPED = checked(
  "delete_unmapped",
  7,
  `delete from unmapped_line u
   using (
     select (
       select x.ctid from unmapped_line x
       where x.seller_id = $1 and x.names = k.names and x.code = k.code and x.channel = k.channel
         and x.order_id = k.order_id and x.line_id = k.line_id
     ) as place
     from unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[])
       as k(names, code, channel, order_id, line_id)
     offset 0
   ) t
   where u.seller_id = $1 and u.ctid = t.place`,
);

export const UPDATE_OPEN_ALERTS = checked(
  "update_open_alerts",
  8,
  `update alert a set severity = t.severity, body = t.body, resolved_seq = t.resolved_seq,
     resolved_at = case when t.resolved_seq is null then null else ${instant("$7::int8")} end
   from (
     select k.severity, k.body, k.resolved_seq, (
       select x.ctid from alert x
       where x.seller_id = $1 and x.kind = k.kind and x.subject = k.subject and x.resolved_at is null
     ) as place
     from unnest($2::text[], $3::text[], $4::text[], $5::json[], $6::int8[])
       as k(kind, subject, severity, body, resolved_seq)
     offset 0
   ) t
   where a.seller_id = $1 and a.ctid = t.place`,
);

export const INSERT_ALERTS = checked(
  "insert_alerts",
  10,
  `insert into alert (seller_id, alert_id, kind, subject, severity, body, opened_at, opened_seq, resolved_at, resolved_seq)
   select $1, alert_id, kind, subject, severity, body, ${instant("$9::int8")}, opened_seq,
     case when resolved_seq is null then null else ${instant("$9::int8")} end, resolved_seq
   from unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::json[], $7::int8[], $8::int8[])
     as t(alert_id, kind, subject, severity, body, opened_seq, resolved_seq)`,
);

export const INSERT_ANSWERS = checked(
  "insert_answers",
  7,
  `insert into idempotent_answer (seller_id, key, request_hash, status, answer, created_at)
   select $1, key, request_hash, status, answer, ${instant("$6::int8")}
   from unnest($2::text[], $3::text[], $4::int4[], $5::json[]) as t(key, request_hash, status, answer)`,
);
