// Whether we see what a connection's channel sells: the facts, the judgement and what follows from it.
import type { SoldUnits } from "@onepool/core/allocate/demand.ts";
import type { BlindReason } from "@onepool/core/intake/judge-sight.ts";
import type { JsonObject } from "@onepool/core/ledger/json.ts";
import type { Instant, Units } from "@onepool/core/ledger/units.ts";
import type pg from "pg";

import { soldUnits } from "../allocate/sold-units.ts";
import type { ConnectionKey } from "./notice-store.ts";

/** What is known of one connection. */
export interface StoredSight extends ConnectionKey {
  readonly settings: JsonObject;
  readonly isReconnectNeeded: boolean;
  readonly pollsFailingSince: Instant | null;
  readonly pollError: string | null;
  /** Every order up to then stands in the inbox or the ledger; null before the first complete poll. */
  readonly completeAt: Instant | null;
  readonly queueCheckedAt: Instant | null;
  readonly queueOldestAt: Instant | null;
  readonly queueFailingSince: Instant | null;
  readonly queueError: string | null;
  readonly listed: number;
  readonly unannounced: number;
  readonly firstUnannouncedAt: Instant | null;
  readonly announcedSince: number;
  readonly blindSince: Instant | null;
  readonly blindReason: BlindReason | null;
  readonly poisoned: number;
  readonly poisonedSince: Instant | null;
  readonly isStuckTold: boolean;
}

/** Takes connections whose judgement is due; each once, whoever asks. */
export async function takeDueSights(
  pool: pg.Pool,
  ask: { readonly now: Instant; readonly judgedBefore: Instant; readonly limit: number },
): Promise<ConnectionKey[]> {
  await pool.query({
    name: "intake_cover_sights",
    text: `insert into connection_sight (seller_id, connection)
      select p.seller_id, p.connection from order_poll p
      where not exists (
        select from connection_sight s where s.seller_id = p.seller_id and s.connection = p.connection)
      on conflict do nothing`,
  });
  const { rows } = await pool.query<{ sellerId: number; code: string }>({
    name: "intake_take_due_sights",
    text: `update connection_sight s set judged_at = $1 from (
        select seller_id, connection from connection_sight where judged_at is null or judged_at <= $2
        limit $3 for update skip locked
      ) due
      where s.seller_id = due.seller_id and s.connection = due.connection
      returning s.seller_id as "sellerId", s.connection as code`,
    values: [new Date(ask.now), new Date(ask.judgedBefore), ask.limit],
  });
  return rows;
}

const MS = (column: string, name: string): string =>
  `(extract(epoch from ${column}) * 1000)::int8 as "${name}"`;

const READ_SIGHTS = `
  select k.seller_id as "sellerId", k.connection as code, c.settings,
    coalesce(t.state = 'reconnect_needed', false)
      or coalesce(p.error ->> 'code' in ('reconnect_needed', 'wrong_credentials', 'wrong_settings', 'wrong_secret_key'), false)
      as "isReconnectNeeded",
    ${MS("p.failing_since", "pollsFailingSince")}, p.error ->> 'message' as "pollError", ${MS("p.complete_at", "completeAt")},
    ${MS("s.queue_checked_at", "queueCheckedAt")}, ${MS("s.queue_oldest_at", "queueOldestAt")},
    ${MS("s.queue_failing_since", "queueFailingSince")}, s.queue_error as "queueError",
    coalesce(a.listed, 0)::int8 as listed, coalesce(a.unannounced, 0)::int8 as unannounced,
    ${MS("a.first_at", "firstUnannouncedAt")}, coalesce(a.since, 0)::int8 as "announcedSince",
    ${MS("s.blind_since", "blindSince")}, s.blind_reason as "blindReason",
    coalesce(x.poisoned, 0)::int8 as poisoned, ${MS("x.since", "poisonedSince")},
    exists (
      select from alert where seller_id = k.seller_id and kind = 'notification_stuck' and subject = k.connection
        and resolved_at is null) as "isStuckTold"
  from unnest($1::int8[], $2::text[]) as k (seller_id, connection)
  join connection c on c.seller_id = k.seller_id and c.code = k.connection
  join order_poll p on p.seller_id = k.seller_id and p.connection = k.connection
  join connection_sight s on s.seller_id = k.seller_id and s.connection = k.connection
  left join connection_token t on t.seller_id = k.seller_id and t.connection = k.connection
  left join lateral (
    with l as (
      select l.changed_at, i.noticed_at is not null as is_announced from listed_order l
      left join lateral (
        select noticed_at from inbox where seller_id = l.seller_id and connection = l.connection and topic = l.topic
          and resource = l.resource offset 0
      ) i on true
      where l.seller_id = k.seller_id and l.connection = k.connection and l.found_at > $3 and l.found_at <= $4
    )
    select count(*) as listed, count(*) filter (where not is_announced) as unannounced,
      min(changed_at) filter (where not is_announced) as first_at,
      count(*) filter (where is_announced
        and changed_at > coalesce((select max(changed_at) from l where not is_announced), '-infinity')) as since
    from l
  ) a on true
  left join lateral (
    select count(*) as poisoned, min(poisoned_at) as since from inbox
    where seller_id = k.seller_id and connection = k.connection and poisoned_at is not null
  ) x on true`;

/** The facts about these connections; orders that polls found between two instants say what share is announced. */
export async function readSights(
  pool: pg.Pool,
  keys: readonly ConnectionKey[],
  found: { readonly after: Instant; readonly until: Instant },
): Promise<StoredSight[]> {
  if (keys.length === 0) return [];
  const { rows } = await pool.query<StoredSight>({
    name: "intake_read_sights",
    text: READ_SIGHTS,
    values: [
      keys.map(({ sellerId }) => sellerId),
      keys.map(({ code }) => code),
      new Date(found.after),
      new Date(found.until),
    ],
  });
  return rows;
}

/** A channel is not seen any more, or for another reason than before. */
export async function beginBlindness(
  client: pg.PoolClient,
  { sellerId, code }: ConnectionKey,
  blind: { readonly reason: BlindReason; readonly since: Instant; readonly message: string },
): Promise<void> {
  await client.query(
    `update connection_sight set blind_since = $3, blind_reason = $4, blind_message = $5
     where seller_id = $1 and connection = $2`,
    [sellerId, code, new Date(blind.since), blind.reason, blind.message],
  );
}

/**
 * It is seen again. Nothing since it was lost counts as complete until a poll that began after this came to its end: raises
 * wait for it, and so it is due now. The day is more than the seller may allow the feed to be behind.
 */
export async function endBlindness(
  client: pg.PoolClient,
  { sellerId, code }: ConnectionKey,
  now: Instant,
): Promise<void> {
  await client.query(
    `update order_poll p set progress = null, due_at = least(p.due_at, $3),
       complete_at = least(p.complete_at, s.blind_since - interval '1 day')
     from connection_sight s
     where p.seller_id = $1 and p.connection = $2 and s.seller_id = $1 and s.connection = $2 and p.complete_at is not null`,
    [sellerId, code, new Date(now)],
  );
  await client.query(
    `update connection_sight set blind_since = null, blind_reason = null, blind_message = null, sighted_at = $3
     where seller_id = $1 and connection = $2`,
    [sellerId, code, new Date(now)],
  );
}

/** A listing of a channel that is not seen, with what the others need to know of it. */
export interface UnseenShare {
  readonly sku: string;
  readonly unitsPerSale: Units;
  readonly shown: Units | null;
  readonly sold: SoldUnits;
}

/** What a connection's listings may sell. */
export async function readUnseenShares(
  pool: pg.Pool,
  { sellerId, code }: ConnectionKey,
): Promise<UnseenShare[]> {
  const { rows } = await pool.query<UnseenShare>({
    name: "intake_unseen_shares",
    text: `select c.sku, c.units as "unitsPerSale", greatest(s.observed, s.pushed) as shown,
        ${soldUnits("s")} as sold
      from listing_component c
      cross join lateral (
        select observed, pushed, sold_recent, sold_steady, orders_recent, orders_steady, squares_recent, squares_steady, sold_at from listing_state
        where seller_id = $1 and connection = $2 and external_id = c.external_id offset 0
      ) s
      where c.seller_id = $1 and c.connection = $2`,
    values: [sellerId, code],
  });
  return rows;
}

/**
 * Replaces what the other connections hold back because of this one, null units being everything, and marks the listings for
 * which that changed. Answers their connections.
 */
export async function replaceHolds(
  client: pg.PoolClient,
  { sellerId, code }: ConnectionKey,
  holds: ReadonlyMap<string, Units | null>,
  now: Instant,
): Promise<string[]> {
  const { rows } = await client.query<{ connection: string }>({
    name: "intake_replace_holds",
    text: `with wanted as (
        select * from unnest($3::text[], $4::int8[]) as w (sku, units)
      ), gone as (
        delete from blind_hold h where h.seller_id = $1 and h.connection = $2
          and not exists (select from wanted w where w.sku = h.sku) returning h.sku
      ), put as (
        insert into blind_hold as h (seller_id, connection, sku, units) select $1, $2, w.sku, w.units from wanted w order by w.sku
        on conflict (seller_id, connection, sku) do update set units = excluded.units
          where h.units is distinct from excluded.units
        returning h.sku
      ), concerned as (
        select s.connection, s.external_id from (select sku from gone union select sku from put) changed
        join listing_component c on c.seller_id = $1 and c.sku = changed.sku and c.connection <> $2
        join listing_state s on s.seller_id = $1 and s.connection = c.connection and s.external_id = c.external_id
        order by s.connection, s.external_id for update of s
      )
      update listing_state s set next_attempt_at = least(s.next_attempt_at, $5), version = s.version + 1
      from concerned d where s.seller_id = $1 and s.connection = d.connection and s.external_id = d.external_id
      returning s.connection`,
    values: [sellerId, code, [...holds.keys()], [...holds.values()], new Date(now)],
  });
  return [...new Set(rows.map(({ connection }) => connection))];
}
