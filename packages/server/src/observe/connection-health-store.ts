import type { JsonObject } from "@onepool/core/ledger/json.ts";
import type { Instant, Units } from "@onepool/core/ledger/units.ts";

import type { Reader } from "../ledger/read/reader.ts";
import { milliseconds } from "../ledger/read/sql-fragments.ts";

/** What is stored of how a connection is doing, at one moment. */
export interface StoredHealth {
  readonly code: string;
  /** Null before its tokens were first exchanged. */
  readonly token: "valid" | "reconnect_needed" | null;
  /** Null before the connection was first polled. */
  readonly poll: StoredPoll | null;
  /** The same of all that is read at a keeper; null for a channel, and for a keeper that is not read. */
  readonly readings: StoredPoll | null;
  /** Facts that a keeper told and that wait for something, or were put aside. */
  readonly facts: { readonly waiting: number; readonly poisoned: number };
  /** Orders whose news waits to be read, since when the oldest does, and what was put aside as unreadable. */
  readonly unread: number;
  readonly oldestUnreadAt: Instant | null;
  readonly poisoned: number;
  /** The news of an order that came through last. */
  readonly receivedAt: Instant | null;
  readonly alerts: readonly StoredConnectionAlert[];
  readonly events: readonly StoredEvent[];
}

interface StoredPoll {
  /** Every order up to then was listed by the last complete poll; null before the first. */
  readonly completeAt: Instant | null;
  readonly dueAt: Instant;
  /** Failures in a row, and what the last one said. */
  readonly attempts: number;
  readonly error: { readonly kind: string; readonly message: string } | null;
}

interface StoredConnectionAlert {
  readonly kind: string;
  readonly severity: "info" | "warning" | "critical";
  readonly message: string;
  readonly units: Units;
  readonly openedAt: Instant;
}

interface StoredEvent {
  readonly cursor: number;
  readonly kind: string;
  readonly externalId: string | null;
  readonly recordedAt: Instant;
  readonly body: JsonObject;
}

/** Observations of all of a seller's connections that are looked through, and events told of each connection. */
const RECENT = 500;
const EVENTS = 8;

const READ_HEALTH = `
  with recent as materialized (
    select cursor, connection, external_id, kind, recorded_at, body from observation
    where seller_id = $1 order by cursor desc limit ${RECENT}
  )
  select k.code, t.state as token,
    (select json_build_object('completeAt', ${milliseconds("p.complete_at")}, 'dueAt', ${milliseconds("p.due_at")},
       'attempts', p.attempts, 'error', p.error)
     from order_poll p where p.seller_id = $1 and p.connection = k.code) as poll,
    (select json_build_object('completeAt', case when count(*) = count(p.complete_at) then ${milliseconds("min(p.complete_at)")} end,
       'dueAt', ${milliseconds("min(p.due_at)")}, 'attempts', max(p.attempts),
       'error', (array_agg(p.error order by p.attempts desc, p.way) filter (where p.attempts > 0))[1])
     from keeper_progress p
     where p.seller_id = $1 and p.connection = k.code and p.way in ('levels', 'collect', 'documents')
     having count(*) > 0) as readings,
    (select json_build_object('waiting', count(*) filter (where f.state = 'waiting'), 'poisoned', count(*) filter (where f.state = 'poison'))
     from keeper_fact f where f.seller_id = $1 and f.connection = k.code and f.state in ('due', 'waiting', 'poison')) as facts,
    i.unread, i.oldest_unread_at as "oldestUnreadAt", i.poisoned,
    (select ${milliseconds("o.recorded_at")} from observation o
     where o.seller_id = $1 and o.connection = k.code and o.external_id is null and o.kind = 'received'
     order by o.cursor desc limit 1) as "receivedAt",
    (select coalesce(json_agg(json_build_object('kind', a.kind, 'severity', a.severity, 'message', a.body ->> 'message',
       'units', (a.body ->> 'units')::int8, 'openedAt', ${milliseconds("a.opened_at")}) order by a.opened_at), '[]'::json)
     from alert a where a.seller_id = $1 and a.subject = k.code and a.resolved_at is null
       and a.body ->> 'channel' = k.code and a.body ->> 'orderId' is null) as alerts,
    (select coalesce(json_agg(e order by e.cursor desc), '[]'::json) from (
       select r.cursor, r.kind, r.external_id as "externalId", ${milliseconds("r.recorded_at")} as "recordedAt", r.body
       from recent r where r.connection = k.code order by r.cursor desc limit ${EVENTS}) e) as events
  from unnest($2::text[]) as k (code)
  left join connection_token t on t.seller_id = $1 and t.connection = k.code
  cross join lateral (
    select count(*) filter (where i.done_arrivals < i.arrivals and i.poisoned_at is null) as unread,
      ${milliseconds("min(i.first_received_at) filter (where i.done_arrivals = 0 and i.poisoned_at is null)")} as oldest_unread_at,
      count(*) filter (where i.poisoned_at is not null) as poisoned
    from inbox i where i.seller_id = $1 and i.connection = k.code
      and (i.done_arrivals < i.arrivals or i.poisoned_at is not null)
  ) i`;

/** How connections of a seller are doing, by code. */
export async function readHealth(
  reader: Reader,
  sellerId: number,
  codes: readonly string[],
): Promise<ReadonlyMap<string, StoredHealth>> {
  if (codes.length === 0) return new Map();
  const rows = await reader.rows<StoredHealth>({ text: READ_HEALTH, values: [sellerId, codes] });
  return new Map(rows.map((row) => [row.code, row] as const));
}
