// The desk at which one keeper's facts are worked out, one at a time over all processes, and what lies on it: commands written down
// before the ledger is told.
import type { SnapshotWatch } from "@onepool/core/intake/keeper/judge-snapshot.ts";
import type { Command } from "@onepool/core/ledger/command.ts";
import type { Instant, Units } from "@onepool/core/ledger/units.ts";
import type pg from "pg";

import { milliseconds } from "../../ledger/read/sql-fragments.ts";
import type { ConnectionKey } from "../notice-store.ts";
import type { ClaimedFact } from "./keeper-fact-store.ts";

/** Commands that a fact came to. */
export interface Booking {
  readonly factId: string;
  readonly commands: readonly Command[];
  /** What the rest of the fact waits for; null: nothing. */
  readonly waits: string | null;
}

/** Takes the desk until the transaction ends, and reads what lies on it. */
export async function takeDesk(client: pg.PoolClient, key: ConnectionKey): Promise<readonly Booking[]> {
  await client.query({
    name: "keeper_make_desk",
    text: "insert into keeper_desk (seller_id, connection) values ($1, $2) on conflict do nothing",
    values: [key.sellerId, key.code],
  });
  await client.query({
    name: "keeper_take_desk",
    text: "select from keeper_desk where seller_id = $1 and connection = $2 for update",
    values: [key.sellerId, key.code],
  });
  const { rows } = await client.query<Booking>({
    name: "keeper_read_bookings",
    text: `select fact_id as "factId", commands, waits from keeper_booking
      where seller_id = $1 and connection = $2 order by created_at, fact_id`,
    values: [key.sellerId, key.code],
  });
  return rows;
}

/** Whether the fact is still to be done and held by whoever claimed it. */
export async function isStillOurs(client: pg.PoolClient, claimed: ClaimedFact): Promise<boolean> {
  const { rowCount } = await client.query({
    name: "keeper_fact_still_ours",
    text: `select from keeper_fact where seller_id = $1 and connection = $2 and fact_id = $3
      and claimed_until = $4 and state in ('due', 'waiting') for update`,
    values: [claimed.sellerId, claimed.connection, claimed.fact.factId, new Date(claimed.claimedUntil)],
  });
  return rowCount === 1;
}

/** Writes down what will be told; with the state that it makes true, in one transaction. */
export async function writeBooking(
  client: pg.PoolClient,
  key: ConnectionKey,
  { factId, commands, waits }: Booking,
  now: Instant,
): Promise<void> {
  await client.query({
    name: "keeper_write_booking",
    text: `insert into keeper_booking (seller_id, connection, fact_id, commands, waits, created_at)
      values ($1, $2, $3, $4, $5, $6)`,
    values: [key.sellerId, key.code, factId, JSON.stringify(commands), waits, new Date(now)],
  });
}

export interface BookingEnd {
  readonly now: Instant;
  readonly seq: number | null;
  /** What the ledger refused. */
  readonly error: string | null;
  /** What the rest of the fact waits for, and until when. */
  readonly waits: string | null;
  readonly nextAttemptAt: Instant;
}

/** It was told: the booking is over, and so is its fact, whoever holds that. */
export async function endBooking(
  client: pg.PoolClient,
  key: ConnectionKey,
  factId: string,
  end: BookingEnd,
): Promise<void> {
  const { rowCount } = await client.query({
    name: "keeper_end_booking",
    text: "delete from keeper_booking where seller_id = $1 and connection = $2 and fact_id = $3",
    values: [key.sellerId, key.code, factId],
  });
  if (rowCount === 0) return; // another process was faster
  await client.query({
    name: "keeper_end_booked_fact",
    text: `update keeper_fact set claimed_until = null, seq = coalesce(seq, $4),
        state = case when $5::text is not null then 'poison' when $7::text is not null then 'waiting' else 'done' end,
        error = coalesce($5, $7), done_at = case when coalesce($5, $7) is null then $6::timestamptz end, next_attempt_at = $8
      where seller_id = $1 and connection = $2 and fact_id = $3`,
    values: [
      key.sellerId,
      key.code,
      factId,
      end.seq,
      end.error,
      new Date(end.now),
      end.waits,
      new Date(end.nextAttemptAt),
    ],
  });
}

interface WatchRow {
  readonly lines: Units | null;
  readonly letInAt: Instant | null;
  readonly since: Instant | null;
  readonly id: string;
  readonly asOf: Instant;
  readonly strikes: number;
  readonly acceptedAt: Instant | null;
}

export interface KeptWatch extends SnapshotWatch {
  /** The time of the last snapshot that was let in. */
  readonly letInAt: Instant | null;
}

/** What is known of the keeper's full snapshots. */
export async function readWatch(client: pg.PoolClient, key: ConnectionKey): Promise<KeptWatch> {
  const { rows } = await client.query<WatchRow>({
    name: "keeper_read_watch",
    text: `select snapshot_lines as lines, ${milliseconds("snapshot_at")} as "letInAt", ${milliseconds("held_since")} as since, held_snapshot as id,
        ${milliseconds("held_as_of")} as "asOf", held_strikes as strikes, ${milliseconds("accepted_at")} as "acceptedAt"
      from keeper_desk where seller_id = $1 and connection = $2`,
    values: [key.sellerId, key.code],
  });
  const [row] = rows;
  if (row === undefined) return { lines: null, letInAt: null, held: null };
  const { lines, letInAt, since, id, asOf, strikes, acceptedAt } = row;
  return { lines, letInAt, held: since === null ? null : { since, id, asOf, strikes, acceptedAt } };
}

/** Snapshots are held from now on, or another one in a row is. */
export async function holdSnapshots(
  client: pg.PoolClient,
  key: ConnectionKey,
  held: { readonly id: string; readonly asOf: Instant; readonly strikes: number; readonly why: string },
  now: Instant,
): Promise<void> {
  await client.query({
    name: "keeper_hold_snapshots",
    text: `update keeper_desk set held_since = coalesce(held_since, $3), held_snapshot = $4, held_as_of = $5,
        held_strikes = $6, held_why = $7
      where seller_id = $1 and connection = $2`,
    values: [key.sellerId, key.code, new Date(now), held.id, new Date(held.asOf), held.strikes, held.why],
  });
}

/** A snapshot was let in whole: so many lines are usual, and nothing is held any more. */
export async function letSnapshotIn(
  client: pg.PoolClient,
  key: ConnectionKey,
  { lines, asOf }: { readonly lines: Units; readonly asOf: Instant },
): Promise<void> {
  await client.query({
    name: "keeper_let_snapshot_in",
    text: `update keeper_desk set snapshot_lines = $3, snapshot_at = $4, held_since = null, held_snapshot = null,
        held_as_of = null, held_strikes = 0, held_why = null, accepted_at = null
      where seller_id = $1 and connection = $2 and (snapshot_at is null or snapshot_at <= $4)`,
    values: [key.sellerId, key.code, lines, new Date(asOf)],
  });
}

/** A snapshot names what is not known here. */
export async function noteUnknown(
  client: pg.PoolClient,
  key: ConnectionKey,
  snapshotId: string,
): Promise<void> {
  await client.query({
    name: "keeper_note_unknown",
    text: "update keeper_desk set unknown_snapshot = $3 where seller_id = $1 and connection = $2",
    values: [key.sellerId, key.code, snapshotId],
  });
}

/** Whether a part of the snapshot named what is not known here. */
export async function namesUnknown(
  client: pg.PoolClient,
  key: ConnectionKey,
  snapshotId: string,
): Promise<boolean> {
  const { rowCount } = await client.query({
    name: "keeper_names_unknown",
    text: "select from keeper_desk where seller_id = $1 and connection = $2 and unknown_snapshot = $3",
    values: [key.sellerId, key.code, snapshotId],
  });
  return rowCount === 1;
}

/** Lines of the parts of a snapshot that are here; null while its last part is not. */
export async function countSnapshotLines(
  client: pg.PoolClient,
  key: ConnectionKey,
  snapshotId: string,
): Promise<Units | null> {
  const { rows } = await client.query<{ lines: number; is_whole: boolean | null }>({
    name: "keeper_count_snapshot_lines",
    text: `select coalesce(sum(json_array_length(body -> 'lines')), 0)::int8 as lines, bool_or(is_last_part) as is_whole
      from keeper_fact where seller_id = $1 and connection = $2 and snapshot_id = $3`,
    values: [key.sellerId, key.code, snapshotId],
  });
  const [row] = rows;
  return row?.is_whole === true ? row.lines : null;
}

/** The items that a snapshot names, over all its parts. */
export async function readSnapshotItems(
  client: pg.PoolClient,
  key: ConnectionKey,
  snapshotId: string,
): Promise<readonly { readonly item: string; readonly facility: string }[]> {
  const { rows } = await client.query<{ item: string; facility: string }>({
    name: "keeper_read_snapshot_items",
    text: `select l ->> 'item' as item, l ->> 'facility' as facility
      from keeper_fact f, json_array_elements(f.body -> 'lines') l
      where f.seller_id = $1 and f.connection = $2 and f.snapshot_id = $3`,
    values: [key.sellerId, key.code, snapshotId],
  });
  return rows;
}
