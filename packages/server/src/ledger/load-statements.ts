// One statement per kind of row a decision may ask for. `$1` is the seller; keys come as columns.
import type { Statement } from "./burst.ts";

function statement(name: string, text: string): Statement {
  return { name: `ledger_load_${name}`, text };
}

/** An instant as milliseconds. */
const ms = (column: string): string => `(extract(epoch from ${column}) * 1000)::bigint`;

export const LOAD_HEAD = statement(
  "head",
  `select seq, last_account_id, ${ms("recorded_at")} from head where seller_id = $1`,
);

export const LOAD_SKUS = statement(
  "skus",
  `select sku, attributes, updated_seq from sku where seller_id = $1 and sku = any($2::text[])`,
);

export const LOAD_LOCATIONS = statement(
  "locations",
  `select code, kind, title, updated_seq from location where seller_id = $1 and code = any($2::text[])`,
);

export const LOAD_CONNECTIONS = statement(
  "connections",
  `select code, kind, mode, settings, encode(credentials, 'base64'), ${ms("since")}, updated_seq
   from connection where seller_id = $1 and code = any($2::text[])`,
);

export const LOAD_LISTINGS = statement(
  "listings",
  `select l.connection, l.external_id, l.components, l.settings, l.updated_seq
   from unnest($2::text[], $3::text[]) as k(connection, external_id)
   join listing l on l.seller_id = $1 and l.connection = k.connection and l.external_id = k.external_id`,
);

/** Every account of the SKUs with its last leg. `(account_id + 0)` is how the chain's index names the account. */
export const LOAD_ACCOUNTS = statement(
  "accounts",
  `select a.sku, a.location, a.bucket, a.account_id, last.seq, last.leg, last.after
   from account a
   left join lateral (
     select m.seq, m.leg, m.after from movement m
     where m.seller_id = $1 and (m.account_id + 0) = a.account_id
     order by m.prev_seq desc nulls last, m.prev_leg desc nulls last
     limit 1
   ) last on true
   where a.seller_id = $1 and a.sku = any($2::text[])`,
);

export const LOAD_ORDERS = statement(
  "orders",
  `select o.channel, o.order_id, o.state
   from unnest($2::text[], $3::text[]) as k(channel, order_id)
   join sales_order o on o.seller_id = $1 and o.channel = k.channel and o.order_id = k.order_id`,
);

export const LOAD_RESERVATIONS = statement(
  "reservations",
  `select reservation_id, state, ${ms("expires_at")}, body, first_seq, last_seq
   from reservation where seller_id = $1 and reservation_id = any($2::text[])`,
);

export const LOAD_EXTERNAL_ENTRIES = statement(
  "external_entries",
  `select e.kind, e.external_id, e.seq, e.content_hash
   from unnest($2::text[], $3::text[]) as k(kind, external_id)
   join entry e on e.seller_id = $1 and e.kind = k.kind and e.external_id = k.external_id`,
);

export const LOAD_COUNTS = statement(
  "counts",
  `select distinct c.sku, c.location, ${ms("c.as_of")}
   from unnest($2::text[], $3::text[]) as k(sku, location)
   join stock_count c on c.seller_id = $1 and c.sku = k.sku and c.location = k.location`,
);

export const LOAD_MOVED_AFTER = statement(
  "moved_after",
  `select k.sku, k.location, k.after_ms, coalesce(sum(m.units), 0)::bigint
   from unnest($2::text[], $3::text[], $4::int8[]) as k(sku, location, after_ms)
   left join account a
     on a.seller_id = $1 and a.sku = k.sku and a.location = k.location and a.bucket = 'sellable'
   left join movement m
     on m.seller_id = $1 and m.account_id = a.account_id
     and m.occurred_at > timestamptz 'epoch' + k.after_ms * interval '1 millisecond'
   group by k.sku, k.location, k.after_ms`,
);

export const LOAD_UNMAPPED = statement(
  "unmapped",
  `select u.names, u.code, u.channel, u.order_id, u.line_id
   from unnest($2::text[], $3::text[]) as k(names, code)
   join unmapped_line u on u.seller_id = $1 and u.names = k.names and u.code = k.code
   order by u.seq, u.order_id, u.line_id`,
);

export const LOAD_ALERTS = statement(
  "alerts",
  `select a.kind, a.subject, a.severity, a.body
   from unnest($2::text[], $3::text[]) as k(kind, subject)
   join alert a on a.seller_id = $1 and a.kind = k.kind and a.subject = k.subject and a.resolved_at is null`,
);

/** Answers kept under these keys. */
export const LOAD_ANSWERS = statement(
  "answers",
  `select key, request_hash, status, answer from idempotent_answer where seller_id = $1 and key = any($2::text[])`,
);

/** Holds of the seller whose deadline has passed. */
export const LOAD_DUE_HOLDS = statement(
  "due_holds",
  `select reservation_id from reservation
   where seller_id = $1 and state = 'held' and expires_at <= timestamptz 'epoch' + $2::int8 * interval '1 millisecond'
   order by expires_at, reservation_id limit 1000`,
);
