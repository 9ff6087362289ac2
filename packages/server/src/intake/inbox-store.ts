import type { Instant } from "@onepool/core/ledger/units.ts";
import type pg from "pg";

/** A notification on its way into the inbox, its account not yet known to be anybody's. */
export interface ArrivingNotice {
  readonly kind: string;
  readonly accountId: string;
  /** The secret of the address it came to. */
  readonly secret: string;
  /** Null: nothing to store, only the address is checked. */
  readonly notice: { readonly topic: string; readonly resource: string } | null;
  /** As it came. It is kept as text, since nothing that strangers nest or escape in it concerns the database. */
  readonly text: string;
  readonly receivedAt: Instant;
}

/** What makes a row due again, whatever it was waiting for. */
const ON_ARRIVAL = `do update set
  arrivals = i.arrivals + 1,
  body = excluded.body,
  last_received_at = excluded.last_received_at,
  first_received_at = case when i.done_arrivals < i.arrivals then i.first_received_at else excluded.first_received_at end,
  next_attempt_at = case when i.done_arrivals < i.arrivals then least(i.next_attempt_at, excluded.next_attempt_at)
    else excluded.next_attempt_at end,
  attempts = case when i.poisoned_at is null and i.done_arrivals < i.arrivals then i.attempts else 0 end,
  error = null,
  poisoned_at = null`;

/**
 * Stores a notification, if the account it names is connected and the address it came to is one of that seller's: an app
 * has one address for all its accounts, so any connection of the same kind may have given the secret. One statement, since
 * the channel waits for the answer.
 */
export async function storeNotice(pool: pg.Pool, arriving: ArrivingNotice): Promise<"stored" | "unknown"> {
  const { rows } = await pool.query<{ found: boolean }>({
    name: "intake_store_notice",
    text: `with target as (
        select a.seller_id, a.connection from channel_account a
        where a.kind = $1 and a.account_id = $2 and exists (
          select from connection c
          where c.seller_id = a.seller_id and c.kind = $1 and c.settings ->> 'hookSecret' = $3)
      ), stored as (
        insert into inbox as i (seller_id, connection, topic, resource, body, first_received_at, last_received_at, next_attempt_at)
        select t.seller_id, t.connection, $4, $5, $6::json, $7, $7, $7 from target t where $4::text is not null
        on conflict (seller_id, connection, topic, resource) ${ON_ARRIVAL}
      )
      select exists (select from target) as found`,
    values: [
      arriving.kind,
      arriving.accountId,
      arriving.secret,
      arriving.notice?.topic ?? null,
      arriving.notice?.resource ?? null,
      JSON.stringify(arriving.text),
      new Date(arriving.receivedAt),
    ],
  });
  return rows[0]?.found === true ? "stored" : "unknown";
}

/** Puts orders found without a notification into the inbox, unless they wait there already or nobody could read them. */
export async function storeFoundOrders(
  pool: pg.Pool,
  connection: { readonly sellerId: number; readonly code: string },
  found: readonly {
    readonly topic: string;
    readonly resource: string;
    readonly updatedAt: Instant;
    readonly fingerprint: string;
  }[],
  now: Instant,
): Promise<number> {
  const { rowCount } = await pool.query(
    `insert into inbox as i (seller_id, connection, topic, resource, body, first_received_at, last_received_at, next_attempt_at)
     select $1, $2, f.topic, f.resource, json_build_object('updatedAt', f.updated_at, 'fingerprint', f.fingerprint), $6, $6, $6
     from unnest($3::text[], $4::text[], $5::int8[], $7::text[]) as f (topic, resource, updated_at, fingerprint)
     order by f.topic, f.resource
     on conflict (seller_id, connection, topic, resource) ${ON_ARRIVAL}
     where i.done_arrivals >= i.arrivals`,
    [
      connection.sellerId,
      connection.code,
      found.map(({ topic }) => topic),
      found.map(({ resource }) => resource),
      found.map(({ updatedAt }) => updatedAt),
      new Date(now),
      found.map(({ fingerprint }) => fingerprint),
    ],
  );
  return rowCount ?? 0;
}

/** A row that a worker holds. */
export interface ClaimedNotice {
  readonly sellerId: number;
  readonly connection: string;
  readonly topic: string;
  readonly resource: string;
  /** The text of the last notification, or `{updatedAt, fingerprint}` of an order found by a poll. */
  readonly body: unknown;
  /** Arrivals seen when it was claimed; later ones make it due again. */
  readonly arrivals: number;
  readonly firstReceivedAt: Instant;
  readonly lastReceivedAt: Instant;
  /** This attempt's number since it last worked. */
  readonly attempts: number;
  /** The end of the lease, which also says that it is ours. */
  readonly claimedUntil: Instant;
}

interface StoredNotice {
  readonly seller_id: number;
  readonly connection: string;
  readonly topic: string;
  readonly resource: string;
  readonly body: unknown;
  readonly arrivals: number;
  readonly first_received_at: Date;
  readonly last_received_at: Date;
  readonly attempts: number;
}

/** Claims due rows, oldest first, leaving out connections that have to pause. */
export async function claimDue(
  pool: pg.Pool,
  ask: {
    readonly now: Instant;
    readonly leaseMs: number;
    readonly limit: number;
    readonly paused: readonly { readonly sellerId: number; readonly code: string }[];
  },
): Promise<ClaimedNotice[]> {
  const claimedUntil = ask.now + ask.leaseMs;
  const { rows } = await pool.query<StoredNotice>({
    name: "intake_claim_due",
    text: `update inbox set claimed_until = $2, attempts = inbox.attempts + 1
      from (
        select seller_id, connection, topic, resource from inbox d
        where next_attempt_at <= $1 and done_arrivals < arrivals and poisoned_at is null
          and (claimed_until is null or claimed_until <= $1)
          and not exists (
            select from unnest($4::int8[], $5::text[]) as p (seller_id, connection)
            where p.seller_id = d.seller_id and p.connection = d.connection)
        order by next_attempt_at limit $3 for update skip locked
      ) due
      where inbox.seller_id = due.seller_id and inbox.connection = due.connection and inbox.topic = due.topic
        and inbox.resource = due.resource
      returning inbox.seller_id, inbox.connection, inbox.topic, inbox.resource, inbox.body, inbox.arrivals,
        inbox.first_received_at, inbox.last_received_at, inbox.attempts`,
    values: [
      new Date(ask.now),
      new Date(claimedUntil),
      ask.limit,
      ask.paused.map(({ sellerId }) => sellerId),
      ask.paused.map(({ code }) => code),
    ],
  });
  return rows.map((row) => ({
    sellerId: row.seller_id,
    connection: row.connection,
    topic: row.topic,
    resource: row.resource,
    body: row.body,
    arrivals: row.arrivals,
    firstReceivedAt: row.first_received_at.getTime(),
    lastReceivedAt: row.last_received_at.getTime(),
    attempts: row.attempts,
    claimedUntil,
  }));
}

/** Said in `error` of a row that was read and is to be read once more later: it keeps nobody waiting. */
const READ_AGAIN = "waits to be read again";

/** The row's news is in: the state with this fingerprint was read. What arrived meanwhile makes it due again; `readAgainAt` does so later. */
export async function finishNotice(
  client: pg.PoolClient | pg.Pool,
  claimed: ClaimedNotice,
  done: { readonly readAgainAt: Instant | null; readonly fingerprint: string | null },
): Promise<void> {
  await client.query({
    name: "intake_finish",
    text: `update inbox set claimed_until = null, done_arrivals = $6, attempts = 0,
        arrivals = arrivals + case when $7::timestamptz is null or arrivals > $6 then 0 else 1 end,
        next_attempt_at = case when arrivals = $6 then coalesce($7, next_attempt_at) else next_attempt_at end,
        body = case when $9::text is null then body
          when json_typeof(body) = 'object' then json_build_object('fingerprint', $9::text, 'listed', body ->> 'fingerprint')
          else json_build_object('text', body, 'fingerprint', $9::text) end,
        error = case when arrivals = $6 and $7::timestamptz is not null then $8 end
      where ${THIS_ROW}`,
    values: [
      ...keyOf(claimed),
      claimed.arrivals,
      done.readAgainAt === null ? null : new Date(done.readAgainAt),
      READ_AGAIN,
      done.fingerprint,
    ],
  });
}

/** Gives the row back: tried again at `at`, or never before somebody looks (`isPoisoned`). */
export async function giveBack(
  pool: pg.Pool,
  claimed: ClaimedNotice,
  how: {
    readonly at: Instant;
    readonly error: string;
    /** The attempt was ours to wait, not the row's fault. */
    readonly isCounted: boolean;
    readonly poisonedAt: Instant | null;
  },
): Promise<void> {
  await pool.query(
    `update inbox set claimed_until = null, next_attempt_at = $6, error = $7,
       attempts = greatest(0, attempts - $8::int), poisoned_at = $9
     where ${THIS_ROW}`,
    [
      ...keyOf(claimed),
      new Date(how.at),
      how.error,
      how.isCounted ? 0 : 1,
      how.poisonedAt === null ? null : new Date(how.poisonedAt),
    ],
  );
}

/** Forgets rows whose news has long been in. */
export async function forgetDone(pool: pg.Pool, before: Instant): Promise<void> {
  await pool.query(
    "delete from inbox where done_arrivals >= arrivals and poisoned_at is null and last_received_at < $1",
    [new Date(before)],
  );
}

const THIS_ROW = "seller_id = $1 and connection = $2 and topic = $3 and resource = $4 and claimed_until = $5";

function keyOf(claimed: ClaimedNotice): (string | number | Date)[] {
  const { sellerId, connection, topic, resource, claimedUntil } = claimed;
  return [sellerId, connection, topic, resource, new Date(claimedUntil)];
}

/**
 * Of the orders in a channel's list, those whose state was not read yet. A list that tells a state differently than the order
 * itself (`listed`) costs one reading more, not one at every poll.
 */
export async function unreadOrders<Found extends { readonly resource: string; readonly fingerprint: string }>(
  pool: pg.Pool,
  connection: { readonly sellerId: number; readonly code: string },
  topic: string,
  found: readonly Found[],
): Promise<Found[]> {
  const { rows } = await pool.query<{ nth: number }>({
    name: "intake_unread_orders",
    text: `select f.nth from unnest($4::text[], $5::text[]) with ordinality as f (resource, fingerprint, nth)
      where not exists (
        select from inbox i where i.seller_id = $1 and i.connection = $2 and i.topic = $3 and i.resource = f.resource
          and f.fingerprint in (i.body ->> 'fingerprint', i.body ->> 'listed'))`,
    values: [
      connection.sellerId,
      connection.code,
      topic,
      found.map(({ resource }) => resource),
      found.map(({ fingerprint }) => fingerprint),
    ],
  });
  const unread = new Set(rows.map(({ nth }) => nth));
  return found.filter((_, index) => unread.has(index + 1));
}
