// Orders that a channel's list names: which of them are news, and how they come into the inbox.
import type { OrderReading } from "@onepool/connectors/contract/connector.ts";
import type { Instant } from "@onepool/core/ledger/units.ts";
import type pg from "pg";

import type { ConnectionKey } from "./notice-store.ts";

/** An order of a list, under the notice that would announce it. */
export interface FoundOrder {
  readonly topic: string;
  readonly resource: string;
  readonly orderId: string;
  readonly updatedAt: Instant;
  readonly fingerprint: string;
  readonly reading?: OrderReading;
}

/** Of the orders in a channel's list, those whose state was not read yet and does not wait to be. */
export async function unreadOrders<Found extends Pick<FoundOrder, "resource" | "fingerprint">>(
  pool: pg.Pool,
  connection: ConnectionKey,
  topic: string,
  found: readonly Found[],
): Promise<Found[]> {
  const { rows } = await pool.query<{ nth: number }>({
    name: "intake_unread_orders",
    text: `select f.nth from unnest($4::text[], $5::text[]) with ordinality as f (resource, fingerprint, nth)
      where (
        select f.fingerprint in (i.fingerprint, i.listed) from inbox i
        where i.seller_id = $1 and i.connection = $2 and i.topic = $3 and i.resource = f.resource) is not true`,
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

/**
 * Puts orders that a list names into the inbox. One that waits there goes on waiting, but no longer for being unknown; one that
 * was put aside gets another try with each new state. Where
 * the list tells the state, that is noted to be posted, and no call is needed. `listed` is what the list calls this state: a
 * list that tells it differently than the order itself costs one reading more, not one at every poll.
 */
export async function storeFoundOrders(
  pool: pg.Pool,
  connection: ConnectionKey,
  found: readonly FoundOrder[],
  now: Instant,
): Promise<number> {
  const { rowCount } = await pool.query({
    name: "intake_store_found",
    text: `with f as (
        select * from unnest($3::text[], $4::text[], $5::int8[], $7::text[], $8::json[])
          as f (topic, resource, updated_at, fingerprint, reading)
      ), said as (
        insert into noticed_state (seller_id, connection, topic, resource, hash, body, received_at)
        select $1, $2, f.topic, f.resource, 'listed ' || f.fingerprint, f.reading, $6 from f where f.reading is not null
        order by f.topic, f.resource
        on conflict (seller_id, connection, topic, resource, hash) do update set body = excluded.body, posted_at = null
      )
      insert into inbox as i (seller_id, connection, topic, resource, body, first_received_at, last_received_at, next_attempt_at,
        found_at, listed, has_said, needs_read)
      select $1, $2, f.topic, f.resource, json_build_object('updatedAt', f.updated_at), $6, $6, $6, $6, f.fingerprint,
        f.reading is not null, f.reading is null
      from f order by f.topic, f.resource
      on conflict (seller_id, connection, topic, resource) do update set
        arrivals = case when i.done_arrivals >= i.arrivals or excluded.has_said then i.arrivals + 1 else i.arrivals end,
        body = case when i.done_arrivals >= i.arrivals then excluded.body else i.body end,
        first_received_at = case when i.done_arrivals >= i.arrivals then excluded.first_received_at else i.first_received_at end,
        last_received_at = excluded.last_received_at,
        next_attempt_at = case
          when excluded.has_said or i.done_arrivals >= i.arrivals or i.found_at is null
            then least(i.next_attempt_at, excluded.next_attempt_at)
          else i.next_attempt_at end,
        has_said = i.has_said or excluded.has_said,
        needs_read = excluded.needs_read or (i.done_arrivals < i.arrivals and i.needs_read),
        poisoned_at = case when excluded.has_said or i.not_before <= excluded.found_at then null else i.poisoned_at end,
        found_at = excluded.found_at, listed = excluded.listed`,
    values: [
      connection.sellerId,
      connection.code,
      found.map(({ topic }) => topic),
      found.map(({ resource }) => resource),
      found.map(({ updatedAt }) => updatedAt),
      new Date(now),
      found.map(({ fingerprint }) => fingerprint),
      found.map(({ reading }) => (reading === undefined ? null : JSON.stringify(reading))),
    ],
  });
  return rowCount ?? 0;
}
