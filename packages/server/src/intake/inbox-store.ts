import type { Instant } from "@onepool/core/ledger/units.ts";
import type pg from "pg";

/** A state of an order that a notification or a list told itself. */
export interface SaidState {
  readonly hash: string;
  /** The notification's text, or the reading that a list told. */
  readonly body: unknown;
}

/** A row that a worker holds. */
export interface ClaimedNotice {
  readonly sellerId: number;
  readonly connection: string;
  readonly topic: string;
  readonly resource: string;
  /** The text of the last notification, or `{updatedAt}` of an order found by a poll. */
  readonly body: unknown;
  /** Arrivals seen when it was claimed; later ones make it due again. */
  readonly arrivals: number;
  readonly firstReceivedAt: Instant;
  readonly lastReceivedAt: Instant;
  /** This attempt's number since it last worked. */
  readonly attempts: number;
  /** The end of the lease, which also says that it is ours. */
  readonly claimedUntil: Instant;
  /** What was told and is not posted yet, the oldest first. */
  readonly said: readonly SaidState[];
  readonly needsRead: boolean;
  /** A poll listed it, so it exists. */
  readonly isFound: boolean;
  /** Its state was read or posted before. */
  readonly isKnown: boolean;
  readonly fingerprint: string | null;
  readonly idleReads: number;
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
  readonly said: readonly SaidState[];
  readonly needs_read: boolean;
  readonly is_found: boolean;
  readonly is_known: boolean;
  readonly fingerprint: string | null;
  readonly idle_reads: number;
}

/** States posted at a time: an order has a handful, a flood of invented ones is worked off in pieces. */
export const SAID_MAX = 50;

/** Claims due rows, oldest first; of connections that have to pause only those with states to post, which takes no call. */
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
    text: CLAIM_DUE,
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
    said: row.said,
    needsRead: row.needs_read,
    isFound: row.is_found,
    isKnown: row.is_known,
    fingerprint: row.fingerprint,
    idleReads: row.idle_reads,
  }));
}

const CLAIM_DUE = `
  update inbox set claimed_until = $2, attempts = inbox.attempts + 1
  from (
    select seller_id, connection, topic, resource from inbox d
    where next_attempt_at <= $1 and done_arrivals < arrivals and poisoned_at is null
      and (claimed_until is null or claimed_until <= $1)
      and (has_said or not exists (
        select from unnest($4::int8[], $5::text[]) as p (seller_id, connection)
        where p.seller_id = d.seller_id and p.connection = d.connection))
    order by next_attempt_at limit $3 for update skip locked
  ) due
  where inbox.seller_id = due.seller_id and inbox.connection = due.connection and inbox.topic = due.topic
    and inbox.resource = due.resource
  returning inbox.seller_id, inbox.connection, inbox.topic, inbox.resource, inbox.body, inbox.arrivals,
    inbox.first_received_at, inbox.last_received_at, inbox.attempts, inbox.needs_read, inbox.fingerprint, inbox.idle_reads,
    inbox.found_at is not null as is_found, inbox.done_at is not null as is_known,
    (select coalesce(json_agg(json_build_object('hash', s.hash, 'body', s.body) order by s.received_at, s.hash), '[]') from (
      select n.hash, n.body, n.received_at from noticed_state n
      where n.seller_id = inbox.seller_id and n.connection = inbox.connection and n.topic = inbox.topic
        and n.resource = inbox.resource and n.posted_at is null
      order by n.received_at, n.hash limit ${SAID_MAX}
    ) s) as said`;

/** Said in `error` of a row that was read and is to be read once more later: it keeps nobody waiting. */
const READ_AGAIN = "waits to be read again";

/** How a row's news came in. */
export interface Finish {
  readonly now: Instant;
  readonly readAgainAt: Instant | null;
  /** The state that was read; null: nothing was read. */
  readonly fingerprint: string | null;
  /** Nothing is known of it all the same, and this is why. */
  readonly unknown?: string;
  /** Until when notifications that come now wait, and after how many readings in a row that told nothing new. */
  readonly rest: { readonly notBefore: Instant | null; readonly idleReads: number };
}

/** The row's news is in. What arrived meanwhile makes it due again; `readAgainAt` does so later. */
export async function finishNotice(
  client: pg.PoolClient | pg.Pool,
  claimed: ClaimedNotice,
  done: Finish,
): Promise<void> {
  await client.query({
    name: "intake_finish",
    text: `update inbox set claimed_until = null, done_arrivals = $6, attempts = 0,
        arrivals = arrivals + case when $7::timestamptz is null or arrivals > $6 then 0 else 1 end,
        next_attempt_at = case when arrivals = $6 then coalesce($7, next_attempt_at) else greatest(next_attempt_at, $12) end,
        fingerprint = coalesce($9, case when needs_read then fingerprint else listed end),
        done_at = case when $11::text is null then $10 else done_at end,
        needs_read = case when arrivals = $6 then true else needs_read end,
        has_said = arrivals > $6 and has_said,
        error = coalesce($11, case when arrivals = $6 and $7::timestamptz is not null then $8 end),
        not_before = $12, idle_reads = $13
      where ${THIS_ROW}`,
    values: [
      ...keyOf(claimed),
      claimed.arrivals,
      done.readAgainAt === null ? null : new Date(done.readAgainAt),
      READ_AGAIN,
      done.fingerprint,
      new Date(done.now),
      done.unknown ?? null,
      done.rest.notBefore === null ? null : new Date(done.rest.notBefore),
      done.rest.idleReads,
    ],
  });
}

/** States that were told are in the ledger. */
export async function notePosted(client: pg.PoolClient, claimed: ClaimedNotice, now: Instant): Promise<void> {
  const { sellerId, connection, topic, resource } = claimed;
  await client.query({
    name: "intake_note_posted",
    text: `with posted as (
        update noticed_state set posted_at = $6
        where seller_id = $1 and connection = $2 and topic = $3 and resource = $4 and hash = any($5::text[])
      )
      update inbox i set has_said = i.arrivals > $7 or exists (
        select from noticed_state n where n.seller_id = $1 and n.connection = $2 and n.topic = $3 and n.resource = $4
          and n.posted_at is null and n.hash <> all($5::text[]))
      where i.seller_id = $1 and i.connection = $2 and i.topic = $3 and i.resource = $4`,
    values: [
      sellerId,
      connection,
      topic,
      resource,
      claimed.said.map(({ hash }) => hash),
      new Date(now),
      claimed.arrivals,
    ],
  });
}

/** Gives the row back: tried again at `at`, or put aside. */
export async function giveBack(
  pool: pg.Pool,
  claimed: ClaimedNotice,
  how: {
    readonly at: Instant;
    readonly error: string;
    /** The attempt was ours to wait, not the row's fault. */
    readonly isCounted: boolean;
    /** Put aside, until somebody looks or there is news after `notBefore`. */
    readonly poisoned: { readonly at: Instant; readonly notBefore: Instant } | null;
  },
): Promise<void> {
  await pool.query(
    `update inbox set claimed_until = null, next_attempt_at = $6, error = $7,
       attempts = greatest(0, attempts - $8::int), poisoned_at = $9, not_before = coalesce($10, not_before)
     where ${THIS_ROW}`,
    [
      ...keyOf(claimed),
      new Date(how.at),
      how.error,
      how.isCounted ? 0 : 1,
      how.poisoned === null ? null : new Date(how.poisoned.at),
      how.poisoned === null ? null : new Date(how.poisoned.notBefore),
    ],
  );
}

/** Forgets rows whose news has long been in, and what was told of them. */
export async function forgetDone(pool: pg.Pool, before: Instant): Promise<void> {
  await pool.query(
    `with forgotten as (
       delete from inbox where done_arrivals >= arrivals and poisoned_at is null and last_received_at < $1
       returning seller_id, connection, topic, resource
     )
     delete from noticed_state n using forgotten f
     where n.seller_id = f.seller_id and n.connection = f.connection and n.topic = f.topic and n.resource = f.resource`,
    [new Date(before)],
  );
}

const THIS_ROW = "seller_id = $1 and connection = $2 and topic = $3 and resource = $4 and claimed_until = $5";

function keyOf(claimed: ClaimedNotice): (string | number | Date)[] {
  const { sellerId, connection, topic, resource, claimedUntil } = claimed;
  return [sellerId, connection, topic, resource, new Date(claimedUntil)];
}
