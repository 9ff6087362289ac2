// How far the readings of connections to keepers are. Each is taken by one process at a time, under a lease that every step renews.
import type { JsonObject } from "@onepool/core/ledger/json.ts";
import type { Instant } from "@onepool/core/ledger/units.ts";
import type pg from "pg";

import type { ConnectionKey } from "../notice-store.ts";

export type ReadWay = "levels" | "looks" | "collect" | "documents" | "subscription";

/** A reading that this process holds. */
export interface HeldReading extends ConnectionKey {
  readonly way: ReadWay;
  readonly cursor: string | null;
  /** Documents that changed by then are here; before it was ever complete: when it was first to be read. */
  readonly reachedAt: Instant | null;
  readonly wasComplete: boolean;
  readonly progress: JsonObject | null;
  readonly attempts: number;
  /** The entry that had last changed the connection when it was last tried. */
  readonly seenSeq: number | null;
  /** The end of the lease, which also says that it is ours. */
  readonly claimedUntil: Instant;
}

/**
 * Gives every connection of these kinds its rows. What is collected or listed begins at the cut-over, or now where there is none.
 */
export async function coverKeepers(
  pool: pg.Pool,
  ways: readonly { readonly kind: string; readonly way: ReadWay }[],
  now: Instant,
): Promise<void> {
  await pool.query({
    name: "keeper_cover",
    text: `insert into keeper_progress (seller_id, connection, way, reached_at, due_at)
      select c.seller_id, c.code, w.way, $3, $3
      from unnest($1::text[], $2::text[]) as w (kind, way) join connection c on c.kind = w.kind
      where not exists (
        select from keeper_progress p where p.seller_id = c.seller_id and p.connection = c.code and p.way = w.way)
      on conflict do nothing`,
    values: [ways.map(({ kind }) => kind), ways.map(({ way }) => way), new Date(now)],
  });
}

/**
 * Takes readings that are due, or that failed before their connection was changed. `due_at` becomes the end of the lease: that is
 * when they come up again should we not live to say otherwise.
 */
export async function takeDueReadings(
  pool: pg.Pool,
  ask: {
    readonly now: Instant;
    readonly leaseMs: number;
    readonly limit: number;
    readonly kinds: readonly string[];
  },
): Promise<HeldReading[]> {
  const claimedUntil = ask.now + ask.leaseMs;
  const { rows } = await pool.query<{
    seller_id: number;
    connection: string;
    way: ReadWay;
    cursor: string | null;
    reached_at: Date | null;
    was_complete: boolean;
    progress: JsonObject | null;
    attempts: number;
    seen_seq: number | null;
  }>({
    name: "keeper_take_due_readings",
    text: `with due as (
        select p.seller_id, p.connection, p.way from keeper_progress p
        join connection c on c.seller_id = p.seller_id and c.code = p.connection and c.kind = any($4)
        where (p.due_at <= $1 or p.attempts > 0 and p.seen_seq <> c.updated_seq)
          and (p.claimed_until is null or p.claimed_until <= $1)
        order by p.due_at limit $3 for update of p skip locked
      )
      update keeper_progress p set claimed_until = $2, due_at = $2 from due
      where p.seller_id = due.seller_id and p.connection = due.connection and p.way = due.way
      returning p.seller_id, p.connection, p.way, p.cursor, p.reached_at, p.complete_at is not null as was_complete, p.progress, p.attempts, p.seen_seq`,
    values: [new Date(ask.now), new Date(claimedUntil), ask.limit, ask.kinds],
  });
  return rows.map((row) => ({
    sellerId: row.seller_id,
    code: row.connection,
    way: row.way,
    cursor: row.cursor,
    reachedAt: row.reached_at?.getTime() ?? null,
    wasComplete: row.was_complete,
    progress: row.progress,
    attempts: row.attempts,
    seenSeq: row.seen_seq,
    claimedUntil,
  }));
}

/** A step of a reading is done and the next one follows: it is kept with what the step brought. */
export interface ReadingStep {
  readonly cursor?: string | null;
  readonly progress: JsonObject | null;
  readonly seenSeq: number;
  /** A new end of the lease. */
  readonly claimedUntil: Instant;
}

/** Null: it is not ours any more, and nothing may be written with it. */
export async function stepReading(
  client: pg.PoolClient | pg.Pool,
  held: HeldReading,
  step: ReadingStep,
): Promise<HeldReading | null> {
  const cursor = step.cursor === undefined ? held.cursor : step.cursor;
  const { rowCount } = await client.query({
    name: "keeper_step_reading",
    text: `update keeper_progress set cursor = $5, progress = $6, claimed_until = $7, seen_seq = $8,
        due_at = case when due_at = $4 then $7 else due_at end
      where ${THIS_READING}`,
    values: [...keyOf(held), cursor, jsonOf(step.progress), new Date(step.claimedUntil), step.seenSeq],
  });
  if (rowCount !== 1) return null;
  const { progress, seenSeq, claimedUntil } = step;
  return { ...held, cursor, progress, seenSeq, claimedUntil };
}

/** How a turn ended. */
export interface ReadingEnd {
  readonly dueAt: Instant;
  readonly seenSeq: number;
  readonly progress: JsonObject | null;
  /** It came to its end: it had begun then, and what there was by then is here. */
  readonly completeAt: Instant | null;
  readonly reachedAt?: Instant;
  /** Null: it did not fail, or only has to wait; what failed before that is over when it comes to its end. */
  readonly failure: { readonly at: Instant; readonly error: JsonObject } | null;
}

/** Gives a reading back. Whoever asked for it meanwhile has it read again at once. */
export async function endReading(
  client: pg.PoolClient | pg.Pool,
  held: HeldReading,
  end: ReadingEnd,
): Promise<boolean> {
  const { rowCount } = await client.query({
    name: "keeper_end_reading",
    text: `update keeper_progress set claimed_until = null, progress = $6, seen_seq = $7,
        due_at = case when due_at = $4 then $5 else least(due_at, $5) end,
        complete_at = coalesce($8, complete_at), reached_at = coalesce($9, reached_at),
        attempts = case when $10::json is not null then attempts + 1 when $8::timestamptz is null then attempts else 0 end,
        error = case when $8::timestamptz is null then coalesce($10, error) end,
        failing_since = case when $8::timestamptz is null then coalesce(failing_since, $11) end
      where ${THIS_READING}`,
    values: [
      ...keyOf(held),
      new Date(end.dueAt),
      jsonOf(end.progress),
      end.seenSeq,
      end.completeAt === null ? null : new Date(end.completeAt),
      end.reachedAt === undefined ? null : new Date(end.reachedAt),
      jsonOf(end.failure?.error ?? null),
      end.failure === null ? null : new Date(end.failure.at),
    ],
  });
  return rowCount === 1;
}

/** Has readings come up by then. Those that fail keep their pace. */
export async function askForReadings(
  client: pg.PoolClient | pg.Pool,
  { sellerId, code }: ConnectionKey,
  ask: { readonly ways: readonly ReadWay[]; readonly dueAt: Instant },
): Promise<void> {
  await client.query({
    name: "keeper_ask_for_readings",
    text: `update keeper_progress set due_at = $4
      where seller_id = $1 and connection = $2 and way = any($3) and due_at > $4 and attempts = 0`,
    values: [sellerId, code, ask.ways, new Date(ask.dueAt)],
  });
}

const THIS_READING = "seller_id = $1 and connection = $2 and way = $3 and claimed_until = $4";

function keyOf({ sellerId, code, way, claimedUntil }: HeldReading): (string | number | Date)[] {
  return [sellerId, code, way, new Date(claimedUntil)];
}

function jsonOf(value: JsonObject | null): string | null {
  return value === null ? null : JSON.stringify(value);
}
