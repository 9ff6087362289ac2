// Recomputes every balance from its movements, and looks at the order of entries. PostgreSQL sorts and sums; only
// differences come here.
import type pg from "pg";

import { MAX_DIFFERENCES, type Difference } from "./verify-report.ts";

interface Check {
  readonly name: string;
  /** Selects subject and sentence of each difference; `$1` is the seller. */
  readonly sql: string;
}

const CHECKS: readonly Check[] = [
  {
    name: "sequence",
    sql: `select 'entry ' || seq as subject, 'entry ' || seq || ' follows entry ' || before || ': numbers are missing or double' as sentence
      from (select seq, coalesce(lag(seq) over (order by seq), 0) as before from entry where seller_id = $1) e
      where seq <> before + 1`,
  },
  {
    name: "sequence",
    sql: `select 'head' as subject, 'the head stands at ' || h.seq || ' and the last entry is ' || coalesce(e.seq, 0) as sentence
      from head h left join lateral (select max(seq) as seq from entry where seller_id = $1) e on true
      where h.seller_id = $1 and h.seq <> coalesce(e.seq, 0)`,
  },
  {
    name: "recorded time",
    sql: `select 'entry ' || seq as subject, 'entry ' || seq || ' was recorded before the entry in front of it' as sentence
      from (
        select seq, recorded_at, lag(recorded_at) over (order by seq) as before from entry where seller_id = $1
        union all
        select h.seq + 1, h.recorded_at, (select max(recorded_at) from entry where seller_id = $1) from head h where h.seller_id = $1
      ) e
      where recorded_at < before`,
  },
  {
    name: "balance",
    sql: `select 'movement ' || seq || '.' || leg as subject,
        'leg ' || leg || ' of entry ' || seq || ' takes account ' || account_id || ' from ' || before || ' to ' || after
          || ', its movements add up to ' || (total - units) || ' and ' || total as sentence
      from (
        select seq, leg, account_id, units, before, after,
          sum(units) over (partition by account_id order by seq, leg) as total
        from movement where seller_id = $1
      ) m
      where after <> total or before <> total - units`,
  },
  {
    name: "chain",
    sql: `select 'movement ' || seq || '.' || leg as subject,
        'leg ' || leg || ' of entry ' || seq || ' follows ' || coalesce(prev_seq || '.' || prev_leg, 'nothing')
          || ' and not ' || coalesce(true_seq || '.' || true_leg, 'nothing') || ', the leg before it in account ' || account_id as sentence
      from (
        select seq, leg, account_id, prev_seq, prev_leg, lag(seq) over chain as true_seq, lag(leg) over chain as true_leg
        from movement where seller_id = $1
        window chain as (partition by account_id order by seq, leg)
      ) m
      where (prev_seq, prev_leg) is distinct from (true_seq, true_leg)`,
  },
  {
    name: "entries of movements",
    sql: `select 'entry ' || m.seq as subject, 'entry ' || m.seq || ' has legs numbered otherwise than from 0, or is not there' as sentence
      from (select seq, count(*) as legs, min(leg) as first, max(leg) as last from movement where seller_id = $1 group by seq) m
      left join entry e on e.seller_id = $1 and e.seq = m.seq
      where e.seq is null or m.first <> 0 or m.last <> m.legs - 1`,
  },
  {
    name: "accounts",
    sql: `select 'movement ' || m.seq || '.' || m.leg as subject,
        'leg ' || m.leg || ' of entry ' || m.seq || ' is in ' || m.bucket || ', its account ' || m.account_id || ' is '
          || coalesce(a.bucket, 'missing') as sentence
      from movement m left join account a on a.seller_id = $1 and a.account_id = m.account_id
      where m.seller_id = $1 and a.bucket is distinct from m.bucket`,
  },
  {
    name: "accounts",
    sql: `select 'account ' || a.account_id as subject,
        'account ' || a.account_id || ' was numbered beyond the head, or names an unknown location' as sentence
      from account a join head h on h.seller_id = $1
      where a.seller_id = $1 and (a.account_id > h.last_account_id or (a.location <> '' and not exists (
        select from location l where l.seller_id = $1 and l.code = a.location)))`,
  },
  {
    name: "below zero",
    sql: `select 'movement ' || seq || '.' || leg as subject,
        'leg ' || leg || ' of entry ' || seq || ' leaves ' || after || ' in ' || bucket as sentence
      from movement where seller_id = $1 and after < 0 and bucket <> 'sellable'`,
  },
  {
    name: "listing components",
    sql: `select connection || '/' || external_id as subject,
        'listing ' || external_id || ' of ' || connection || ' and its components differ in ' || sku as sentence
      from (
        select l.connection, l.external_id, c.sku, c.units
        from listing l cross join lateral json_to_recordset(l.components) as c (sku text collate "C", units bigint)
        where l.seller_id = $1
      ) told
      full join (select connection, external_id, sku, units from listing_component where seller_id = $1) kept
        using (connection, external_id, sku, units)
      where told is null or kept is null`,
  },
  {
    name: "withheld units",
    sql: `select sku as subject, 'of SKU ' || sku || ' ' || coalesce(kept, 0) || ' are withheld, by its last entry ' || coalesce(told, 0) as sentence
      from (
        select distinct on (body ->> 'sku') body ->> 'sku' as sku, (body ->> 'units')::bigint as told
        from entry where seller_id = $1 and kind = 'withheld' order by body ->> 'sku', seq desc
      ) last
      full join (select sku, units as kept from withheld where seller_id = $1) row using (sku)
      where coalesce(kept, 0) <> coalesce(told, 0)`,
  },
  {
    name: "incoming",
    // Units under way to a channel's location need no inbound.
    sql: `select sku as subject, 'incoming of ' || sku || ' at ' || location || ' stands at ' || coalesce(stands, 0)
        || ', inbounds have ' || coalesce(announced, 0) || ' under way' as sentence
      from (
        select a.sku, a.location, b.after as stands, l.kind
        from account a
        left join location l on l.seller_id = $1 and l.code = a.location
        join (
          select distinct on (account_id) account_id, after from movement where seller_id = $1
          order by account_id, seq desc, leg desc
        ) b on b.account_id = a.account_id
        where a.seller_id = $1 and a.bucket = 'incoming'
      ) held
      full join (
        select p.sku, i.location, sum(p.open_units)::bigint as announced
        from inbound_line p join inbound i on i.seller_id = $1 and i.inbound_id = p.inbound_id
        where p.seller_id = $1 and p.open_units > 0 group by p.sku, i.location
      ) told using (sku, location)
      where coalesce(stands, 0) < coalesce(announced, 0)
        or (coalesce(stands, 0) > coalesce(announced, 0) and kind is distinct from 'channel')`,
  },
  {
    name: "oversold alerts",
    sql: `select sku as subject, 'SKU ' || sku || ' has ' || coalesce(available, 0) || ' available and '
        || coalesce('an open oversold alert over ' || units, 'no open oversold alert') as sentence
      from (
        select a.sku, sum(case when a.bucket = 'sellable' then case when l.kind = 'channel' then 0 else b.after end
          when a.bucket in ('reserved', 'committed') then -b.after else 0 end) as available
        from account a
        left join location l on l.seller_id = $1 and l.code = a.location
        join (
          select distinct on (account_id) account_id, after from movement where seller_id = $1
          order by account_id, seq desc, leg desc
        ) b on b.account_id = a.account_id
        where a.seller_id = $1
        group by a.sku
      ) pool
      full join (
        select subject as sku, (body ->> 'units')::bigint as units from alert
        where seller_id = $1 and kind = 'oversold' and resolved_at is null
      ) open using (sku)
      where greatest(0, -coalesce(available, 0)) <> coalesce(units, 0)`,
  },
];

/** The differences that SQL alone can find. */
export async function checkChain(
  client: Pick<pg.ClientBase, "query">,
  sellerId: number,
): Promise<Difference[]> {
  const differences: Difference[] = [];
  for (const { name, sql } of CHECKS) {
    const { rows } = await client.query<{ subject: string; sentence: string }>(
      `select subject, sentence from (${sql}) found limit ${MAX_DIFFERENCES}`,
      [sellerId],
    );
    for (const { subject, sentence } of rows) differences.push({ sellerId, check: name, subject, sentence });
  }
  return differences;
}
