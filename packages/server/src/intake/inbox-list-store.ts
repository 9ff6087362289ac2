// The inbox as people see it: what waits, what was put aside, what belongs to nobody, and how it is tried again.
import type { Instant } from "@onepool/core/ledger/units.ts";
import type pg from "pg";

import { inTransaction } from "../connections/in-transaction.ts";
import { REPLAYED } from "./stray-store.ts";

/** poisoned: failed too often, and put aside. waiting: to be read, or read again. stray: of a queue, and nobody's. */
export const INBOX_STATES = ["poisoned", "waiting", "stray"] as const;

export type InboxState = (typeof INBOX_STATES)[number];

/** A row of the inbox or a stray message; the first parts of its key are empty for a stray one. */
export interface InboxItem {
  readonly sellerId: number | null;
  readonly connection: string;
  /** Of the queue, for a stray message. */
  readonly topic: string;
  /** The message's id, for a stray one. */
  readonly resource: string;
  readonly reason: string | null;
  readonly attempts: number;
  readonly arrivals: number;
  readonly receivedAt: Instant;
  readonly nextAttemptAt: Instant | null;
  readonly putAsideAt: Instant | null;
}

export interface InboxFilter {
  /** Null: of all sellers. */
  readonly sellerId: number | null;
  readonly state: InboxState;
  /** The last item of the page before. */
  readonly after: Pick<InboxItem, "receivedAt" | "connection" | "topic" | "resource"> | null;
  readonly limit: number;
}

const MS = (column: string, name: string): string =>
  `(extract(epoch from ${column}) * 1000)::int8 as "${name}"`;

const ROWS = `
  select i.seller_id as "sellerId", i.connection, i.topic, i.resource, i.error as reason, i.attempts, i.arrivals,
    ${MS("i.first_received_at", "receivedAt")}, ${MS("i.next_attempt_at", "nextAttemptAt")},
    ${MS("i.poisoned_at", "putAsideAt")}
  from inbox i
  where ($1::int8 is null or i.seller_id = $1)
    and (i.first_received_at, i.connection, i.topic, i.resource) > ($2, $3, $4, $5)`;

const POISONED = `${ROWS} and i.poisoned_at is not null`;
const WAITING = `${ROWS} and i.poisoned_at is null and i.done_arrivals < i.arrivals`;

const STRAYS = `
  select s.seller_id as "sellerId", '' as connection, s.queue_url as topic, s.message_id as resource, s.reason, 0 as attempts,
    1 as arrivals, ${MS("s.received_at", "receivedAt")}, null::int8 as "nextAttemptAt", ${MS("s.received_at", "putAsideAt")}
  from stray_message s
  where ($1::int8 is null or s.seller_id = $1) and (s.received_at, '', s.queue_url, s.message_id) > ($2, $3, $4, $5)`;

const STATEMENTS: Readonly<Record<InboxState, string>> = {
  poisoned: `${POISONED} order by i.first_received_at, i.connection, i.topic, i.resource limit $6`,
  waiting: `${WAITING} order by i.first_received_at, i.connection, i.topic, i.resource limit $6`,
  stray: `${STRAYS} order by s.received_at, s.queue_url, s.message_id limit $6`,
};

/** What is in the inbox in one state, the oldest first. */
export async function listInbox(
  database: { rows<R extends object>(statement: { text: string; values: unknown[] }): Promise<R[]> },
  { sellerId, state, after, limit }: InboxFilter,
): Promise<InboxItem[]> {
  const { receivedAt, connection, topic, resource } = after ?? {
    receivedAt: 0,
    connection: "",
    topic: "",
    resource: "",
  };
  const values = [sellerId, new Date(receivedAt), connection, topic, resource, limit];
  return database.rows<InboxItem>({ text: STATEMENTS[state], values });
}

/** What names a row of the inbox, or a stray message (seller 0). */
export interface InboxKey {
  readonly sellerId: number;
  readonly connection: string;
  readonly topic: string;
  readonly resource: string;
}

/** Everything stored of one item; null when it is not there. */
export async function readInboxItem(pool: pg.Pool, key: InboxKey): Promise<object | null> {
  const { sellerId, connection, topic, resource } = key;
  const { rows } =
    sellerId === 0
      ? await pool.query<object>("select * from stray_message where queue_url = $1 and message_id = $2", [
          topic,
          resource,
        ])
      : await pool.query<object>(
          `select i.*, (
             select coalesce(json_agg(json_build_object('body', n.body, 'receivedAt', n.received_at, 'postedAt', n.posted_at)
               order by n.received_at), '[]') from noticed_state n
             where n.seller_id = i.seller_id and n.connection = i.connection and n.topic = i.topic and n.resource = i.resource
           ) as told
           from inbox i where seller_id = $1 and connection = $2 and topic = $3 and resource = $4`,
          [sellerId, connection, topic, resource],
        );
  return rows[0] ?? null;
}

/** Which items are tried again. */
export type Replay =
  | { readonly what: "one"; readonly key: InboxKey }
  | { readonly what: "poisoned"; readonly sellerId: number | null }
  | { readonly what: "since"; readonly sellerId: number | null; readonly since: Instant };

/**
 * Has items processed again as if they had just come. The ledger takes the same state once, so this may be done any number of
 * times. Answers how many.
 */
export async function replayInbox(pool: pg.Pool, replay: Replay, now: Instant): Promise<number> {
  if (replay.what === "one" && replay.key.sellerId === 0) {
    const { topic, resource } = replay.key;
    const stray = await pool.query(
      "update stray_message set reason = $3 where queue_url = $1 and message_id = $2",
      [topic, resource, REPLAYED],
    );
    return stray.rowCount ?? 0;
  }
  const { where, values } = conditionOf(replay);
  return inTransaction(pool, async (client) => {
    const { rowCount } = await client.query(
      `with chosen as (
         select seller_id, connection, topic, resource from inbox i where ${where} order by 1, 2, 3, 4 for update
       ), told as (
         update noticed_state n set posted_at = null from chosen c
         where n.seller_id = c.seller_id and n.connection = c.connection and n.topic = c.topic and n.resource = c.resource
         returning n.seller_id, n.connection, n.topic, n.resource
       )
       update inbox i set arrivals = i.arrivals + 1, next_attempt_at = $1, attempts = 0, error = null, poisoned_at = null,
         not_before = null, idle_reads = 0, needs_read = true, found_at = coalesce(i.found_at, $1),
         has_said = exists (
           select from told t where t.seller_id = i.seller_id and t.connection = i.connection and t.topic = i.topic
             and t.resource = i.resource)
       from chosen c
       where i.seller_id = c.seller_id and i.connection = c.connection and i.topic = c.topic and i.resource = c.resource`,
      [new Date(now), ...values],
    );
    return rowCount ?? 0;
  });
}

function conditionOf(replay: Replay): { readonly where: string; readonly values: readonly unknown[] } {
  switch (replay.what) {
    case "one": {
      const { sellerId, connection, topic, resource } = replay.key;
      return {
        where: "i.seller_id = $2 and i.connection = $3 and i.topic = $4 and i.resource = $5",
        values: [sellerId, connection, topic, resource],
      };
    }
    case "poisoned":
      return {
        where: "i.poisoned_at is not null and ($2::int8 is null or i.seller_id = $2)",
        values: [replay.sellerId],
      };
    case "since":
      return {
        where: "i.last_received_at >= $3 and ($2::int8 is null or i.seller_id = $2)",
        values: [replay.sellerId, new Date(replay.since)],
      };
  }
}
