// One statement per kind of row a decision may ask for. `$1` is the seller; keys come as columns. Each key is looked up by
// a subquery of its own (`limit 1` keeps it one): a join would be planned as a scan of the seller's whole table while the
// table's statistics are young, and keep that plan.
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
  `select code, kind, title, serves, updated_seq from location where seller_id = $1 and code = any($2::text[])`,
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
   cross join lateral (
     select * from listing l
     where l.seller_id = $1 and l.connection = k.connection and l.external_id = k.external_id
     limit 1
   ) l`,
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
  `select k.channel, k.order_id, o.state
   from unnest($2::text[], $3::text[]) as k(channel, order_id)
   cross join lateral (
     select o.state from sales_order o
     where o.seller_id = $1 and o.channel = k.channel and o.order_id = k.order_id
     limit 1
   ) o`,
);

export const LOAD_RESERVATIONS = statement(
  "reservations",
  `select reservation_id, state, ${ms("expires_at")}, body, first_seq, last_seq
   from reservation where seller_id = $1 and reservation_id = any($2::text[])`,
);

export const LOAD_WITHHELD = statement(
  "withheld",
  `select sku, units, updated_seq from withheld where seller_id = $1 and sku = any($2::text[])`,
);

export const LOAD_INBOUNDS = statement(
  "inbounds",
  `select inbound_id, location, status, ${ms("expected_at")}, state, updated_seq
   from inbound where seller_id = $1 and inbound_id = any($2::text[])`,
);

export const LOAD_EXTERNAL_ENTRIES = statement(
  "external_entries",
  `select k.kind, k.external_id, e.seq, e.content_hash
   from unnest($2::text[], $3::text[]) as k(kind, external_id)
   cross join lateral (
     select e.seq, e.content_hash from entry e
     where e.seller_id = $1 and e.kind = k.kind and e.external_id = k.external_id and e.external_id is not null
     limit 1
   ) e`,
);

export const LOAD_COUNTS = statement(
  "counts",
  `select k.sku, k.location, k.bucket, c.as_of_ms
   from unnest($2::text[], $3::text[], $4::text[]) as k(sku, location, bucket)
   cross join lateral (
     select distinct ${ms("c.as_of")} as as_of_ms from stock_count c
     where c.seller_id = $1 and c.sku = k.sku and c.location = k.location and c.bucket = k.bucket
     offset 0
   ) c`,
);

export const LOAD_MOVED_AFTER = statement(
  "moved_after",
  `select k.sku, k.location, k.bucket, k.after_ms, (
     select coalesce(sum(m.units), 0)::bigint from movement m
     where m.seller_id = $1 and m.account_id = (
         select a.account_id from account a
         where a.seller_id = $1 and a.sku = k.sku and a.location = k.location and a.bucket = k.bucket
       )
       and m.occurred_at is not null
       and m.occurred_at > timestamptz 'epoch' + k.after_ms * interval '1 millisecond'
   )
   from unnest($2::text[], $3::text[], $4::text[], $5::int8[]) as k(sku, location, bucket, after_ms)`,
);

export const LOAD_UNMAPPED = statement(
  "unmapped",
  `select u.names, u.code, u.channel, u.order_id, u.line_id
   from unnest($2::text[], $3::text[]) as k(names, code)
   cross join lateral (
     select * from unmapped_line u where u.seller_id = $1 and u.names = k.names and u.code = k.code
     offset 0
   ) u
   order by u.seq, u.order_id, u.line_id`,
);

export const LOAD_ALERTS = statement(
  "alerts",
  `select k.kind, k.subject, a.severity, a.body
   from unnest($2::text[], $3::text[]) as k(kind, subject)
   cross join lateral (
     select a.severity, a.body from alert a
     where a.seller_id = $1 and a.kind = k.kind and a.subject = k.subject and a.resolved_at is null
     limit 1
   ) a`,
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
   order by expires_at, reservation_id limit 10000`,
);
