// How notifications come into the inbox, whichever way they came to us.
import type { Instant } from "@onepool/core/ledger/units.ts";
import type pg from "pg";

/** A notification on its way into the inbox, its account not yet known to be anybody's. */
export interface ArrivingNotice {
  readonly kind: string;
  readonly accountId: string;
  /** Null: nothing to store, only the address is checked. */
  readonly notice: { readonly topic: string; readonly resource: string } | null;
  /** What the notification itself says of an order; null where it only points. */
  readonly says: { readonly hash: string; readonly isEnough: boolean } | null;
  /** As it came. It is kept as text, since nothing that strangers nest or escape in it concerns the database. */
  readonly text: string;
  readonly receivedAt: Instant;
  /** The channel could not deliver it and kept it: we had to ask. It comes from the channel itself, so it points at something. */
  readonly isMissed?: boolean;
}

/** A connection, wherever it is named in short. */
export interface ConnectionKey {
  readonly sellerId: number;
  readonly code: string;
}

/** A row that goes on failing keeps its pace from this attempt on, however often it is announced. */
const HURRIED_ATTEMPTS = 4;

/**
 * What an arrival makes of a row that is there already. It makes it due, but not before `not_before`: the same again and
 * again costs few readings. What a notification says itself takes no call, and waits for nothing.
 */
const ON_ARRIVAL = `do update set
  arrivals = i.arrivals + 1,
  body = excluded.body,
  last_received_at = excluded.last_received_at,
  noticed_at = coalesce(excluded.noticed_at, i.noticed_at),
  found_at = coalesce(excluded.found_at, i.found_at),
  first_received_at = case when i.done_arrivals < i.arrivals then i.first_received_at else excluded.first_received_at end,
  has_said = i.has_said or excluded.has_said,
  needs_read = excluded.needs_read or (i.done_arrivals < i.arrivals and i.needs_read),
  next_attempt_at = case
    when excluded.has_said then least(i.next_attempt_at, excluded.next_attempt_at)
    when i.done_arrivals < i.arrivals and i.attempts > ${HURRIED_ATTEMPTS} then i.next_attempt_at
    when i.done_arrivals < i.arrivals then least(i.next_attempt_at, excluded.next_attempt_at)
    else greatest(excluded.next_attempt_at, i.not_before) end,
  error = case when i.poisoned_at is null and i.done_arrivals < i.arrivals then i.error end,
  poisoned_at = case when i.not_before > excluded.last_received_at and not excluded.has_said then i.poisoned_at end`;

function storing(target: string): string {
  return `
    with target as (${target}), said as (
      insert into noticed_state (seller_id, connection, topic, resource, hash, body, received_at)
      select t.seller_id, t.connection, $3, $4, $7, $5::json, $6 from target t where $3::text is not null and $7::text is not null
      on conflict do nothing returning 1
    ), stored as (
      insert into inbox as i (seller_id, connection, topic, resource, body, first_received_at, last_received_at, next_attempt_at,
        noticed_at, found_at, has_said, needs_read)
      select t.seller_id, t.connection, $3, $4, $5::json, $6, $6, $6, case when not $9 then $6 end, case when $9 then $6 end,
        exists (select from said), $8
      from target t where $3::text is not null
      on conflict (seller_id, connection, topic, resource) ${ON_ARRIVAL}
    )
    select exists (select from target) as found`;
}

/**
 * Stores a notification that was posted to us, if the account it names is connected and the address it came to is one of
 * that seller's: an app has one address for all its accounts, so any connection of the same kind may have given the secret.
 * One statement, since the channel waits for the answer.
 */
export async function storePosted(
  pool: pg.Pool,
  arriving: ArrivingNotice,
  secret: string,
): Promise<"stored" | "unknown"> {
  const { rows } = await pool.query<{ found: boolean }>({
    name: "intake_store_posted",
    text: storing(`
      select a.seller_id, a.connection from channel_account a
      where a.kind = $1 and a.account_id = $2 and exists (
        select from connection c
        where c.seller_id = a.seller_id and c.kind = $1 and c.settings ->> 'hookSecret' = $10)`),
    values: [...valuesOf(arriving), secret],
  });
  return rows[0]?.found === true ? "stored" : "unknown";
}

/** Stores a notification that one of these connections fetched, if the account it names is that of one of them. */
export async function storeFetched(
  pool: pg.Pool,
  arriving: ArrivingNotice,
  by: readonly ConnectionKey[],
): Promise<"stored" | "unknown"> {
  const { rows } = await pool.query<{ found: boolean }>({
    name: "intake_store_fetched",
    text: storing(`
      select a.seller_id, a.connection from channel_account a
      join unnest($10::int8[], $11::text[]) as n (seller_id, connection)
        on n.seller_id = a.seller_id and n.connection = a.connection
      where a.kind = $1 and a.account_id = $2`),
    values: [...valuesOf(arriving), by.map(({ sellerId }) => sellerId), by.map(({ code }) => code)],
  });
  return rows[0]?.found === true ? "stored" : "unknown";
}

function valuesOf(arriving: ArrivingNotice): (string | boolean | Date | null)[] {
  return [
    arriving.kind,
    arriving.accountId,
    arriving.notice?.topic ?? null,
    arriving.notice?.resource ?? null,
    JSON.stringify(arriving.text),
    new Date(arriving.receivedAt),
    arriving.says?.hash ?? null,
    arriving.says?.isEnough !== true,
    arriving.isMissed === true,
  ];
}

/** Whether what a notice points at was heard of after it happened: it was read since, or will be. */
export async function isHeardSince(
  pool: pg.Pool,
  { sellerId, code }: ConnectionKey,
  notice: { readonly topic: string; readonly resource: string },
  happenedAt: Instant | null,
): Promise<boolean> {
  const { rowCount } = await pool.query({
    name: "intake_is_heard_since",
    text: `select from inbox where seller_id = $1 and connection = $2 and topic = $3 and resource = $4
      and ($5::timestamptz is null or last_received_at >= $5)`,
    values: [
      sellerId,
      code,
      notice.topic,
      notice.resource,
      happenedAt === null ? null : new Date(happenedAt),
    ],
  });
  return rowCount !== 0;
}
