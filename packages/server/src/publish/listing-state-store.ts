import type { Instant } from "@onepool/core/ledger/units.ts";
import type { PushProblem } from "@onepool/core/publish/listing-view.ts";
import type pg from "pg";

/** Connections with listings that are due, whoever's they are. */
export async function connectionsDue(
  pool: pg.Pool,
  now: Instant,
): Promise<{ readonly sellerId: number; readonly connection: string }[]> {
  const { rows } = await pool.query<{ sellerId: number; connection: string }>({
    name: "publish_connections_due",
    text: `select c.seller_id as "sellerId", c.code as connection from connection c
      where (
          select true from listing_state s where s.seller_id = c.seller_id and s.connection = c.code
            and s.next_attempt_at <= $1 and s.wants is null and (s.claimed_until is null or s.claimed_until <= $1) limit 1)
        or (
          select true from listing_state s where s.seller_id = c.seller_id and s.connection = c.code and s.wants is not null limit 1)`,
    values: [new Date(now)],
  });
  return rows;
}

/** What was last noted of listings in shadow, as `desired/observed`. */
export async function lastNotes(
  pool: pg.Pool,
  key: { readonly sellerId: number; readonly connection: string },
  externalIds: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const { rows } = await pool.query<{ externalId: string; note: string }>({
    name: "publish_last_notes",
    text: `select e.external_id as "externalId", (o.body ->> 'quantity') || '/' || (o.body ->> 'observed') as note
      from unnest($3::text[]) as e (external_id)
      cross join lateral (
        select kind, body from observation o
        where o.seller_id = $1 and o.connection = $2 and o.external_id = e.external_id
        order by cursor desc limit 1) o
      where o.kind = 'would_push'`,
    values: [key.sellerId, key.connection, externalIds],
  });
  return new Map(rows.map(({ externalId, note }) => [externalId, note] as const));
}

/** Says at every listing that waits why nothing happens to it. */
export async function explainStandstill(
  pool: pg.Pool,
  key: { readonly sellerId: number; readonly connection: string },
  why: { readonly kind: string; readonly message: string },
  now: Instant,
): Promise<void> {
  const problem: PushProblem = { code: "failing", message: why.message, kind: why.kind, at: now };
  await pool.query(
    `update listing_state s set error = $3 from (
       select seller_id, connection, external_id from listing_state where seller_id = $1 and connection = $2 and next_attempt_at <= $4
         and error is null order by external_id for update
     ) waiting
     where s.seller_id = waiting.seller_id and s.connection = waiting.connection and s.external_id = waiting.external_id`,
    [key.sellerId, key.connection, JSON.stringify(problem), new Date(now)],
  );
}

/** A decision that needs no call: the listing rests until `nextAt` (null: until something changes). */
export interface Rest {
  readonly externalId: string;
  readonly version: number;
  readonly nextAt: Instant | null;
  /** It shows what it should: whatever was out or wrong is over. */
  readonly isSettled: boolean;
  /** Why it rests without showing what it should. */
  readonly problem?: PushProblem;
}

/** Writes rests, of those listings that nobody touched since they were read. */
export async function restListings(
  pool: pg.Pool,
  key: { readonly sellerId: number; readonly connection: string },
  rests: readonly Rest[],
): Promise<void> {
  if (rests.length === 0) return;
  await pool.query({
    name: "publish_rest",
    text: `with resting as (
        select s.seller_id, s.connection, s.external_id, r.next_at, r.is_settled, r.problem
        from (
          select $1::int8 as seller_id, $2::text as connection, r.*
          from unnest($3::text[], $4::int8[], $5::timestamptz[], $6::bool[], $7::json[])
            as r (external_id, version, next_at, is_settled, problem) offset 0
        ) r
        join listing_state s on s.seller_id = r.seller_id and s.connection = r.connection and s.external_id = r.external_id
          and s.version = r.version
        order by s.external_id for update of s
      )
      update listing_state s set next_attempt_at = r.next_at, wants = null, urgency = null,
        pushed = case when r.is_settled then null else s.pushed end,
        pushed_at = case when r.is_settled then null else s.pushed_at end,
        dirty_since = case when r.is_settled then null else s.dirty_since end,
        confirmed_at = case when r.is_settled then s.observed_at else s.confirmed_at end,
        error = case when r.is_settled then null else coalesce(r.problem, s.error) end
      from resting r where s.seller_id = r.seller_id and s.connection = r.connection and s.external_id = r.external_id`,
    values: [
      key.sellerId,
      key.connection,
      rests.map(({ externalId }) => externalId),
      rests.map(({ version }) => version),
      rests.map(({ nextAt }) => (nextAt === null ? null : new Date(nextAt))),
      rests.map(({ isSettled }) => isSettled),
      rests.map(({ problem }) => (problem === undefined ? null : JSON.stringify(problem))),
    ],
  });
}

/** Makes the listings due that wait for the channel's orders to be complete. */
export async function wakeHeld(
  pool: pg.Pool,
  key: { readonly sellerId: number; readonly connection: string },
  now: Instant,
): Promise<void> {
  await pool.query({
    name: "publish_wake_held",
    text: `update listing_state s set next_attempt_at = $3 from (
        select seller_id, connection, external_id from listing_state where seller_id = $1 and connection = $2 and next_attempt_at > $3
          and error ->> 'why' = 'feed_stale' order by external_id for update
      ) waiting
      where s.seller_id = waiting.seller_id and s.connection = waiting.connection and s.external_id = waiting.external_id`,
    values: [key.sellerId, key.connection, new Date(now)],
  });
}
