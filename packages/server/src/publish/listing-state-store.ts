import type { ComponentPool } from "@onepool/core/allocate/desired-quantity.ts";
import type { JsonObject } from "@onepool/core/ledger/json.ts";
import type { Instant, Units } from "@onepool/core/ledger/units.ts";
import type { PushProblem } from "@onepool/core/publish/listing-view.ts";
import type pg from "pg";

import { componentPools } from "../allocate/listing-pools.ts";

/** A listing that is to be looked at, with everything a decision needs, of one snapshot. */
export interface DueListing {
  readonly externalId: string;
  readonly version: number;
  readonly observed: Units | null;
  readonly observedAt: Instant | null;
  readonly readWantedAt: Instant | null;
  readonly pushed: Units | null;
  readonly pushedAt: Instant | null;
  readonly attempts: number;
  readonly problem: PushProblem | null;
  readonly dirtySince: Instant | null;
  /** When the listing was last mapped or changed. */
  readonly updatedSeq: number;
  readonly settings: JsonObject;
  readonly components: readonly ComponentPool[];
  readonly openSales: Units;
  /** When the first of them is no longer counted. */
  readonly openSalesEndAt: Instant | null;
  /** The ledger's last entry in this snapshot. */
  readonly seq: number;
}

interface StoredListing extends Omit<
  DueListing,
  "observedAt" | "readWantedAt" | "pushedAt" | "dirtySince" | "openSalesEndAt"
> {
  readonly observedAt: Date | null;
  readonly readWantedAt: Date | null;
  readonly pushedAt: Date | null;
  readonly dirtySince: Date | null;
  readonly firstOpenedAt: Date | null;
}

const READ_DUE = `
  select s.external_id as "externalId", s.version, s.observed, s.observed_at as "observedAt",
    s.read_wanted_at as "readWantedAt", s.pushed, s.pushed_at as "pushedAt", s.attempts, s.error as problem,
    s.dirty_since as "dirtySince", l.updated_seq as "updatedSeq", l.settings, ${componentPools("l")} as components,
    coalesce(o.units, 0)::int8 as "openSales", o.first_opened_at as "firstOpenedAt", h.seq
  from listing_state s
  join listing l on l.seller_id = s.seller_id and l.connection = s.connection and l.external_id = s.external_id
  join head h on h.seller_id = s.seller_id
  left join lateral (
    select sum(units) as units, min(opened_at) as first_opened_at from open_sale o
    join sales_order d on d.seller_id = o.seller_id and d.channel = o.connection and d.order_id = o.order_id
      and d.state ->> 'status' = 'pending'
    where o.seller_id = s.seller_id and o.connection = s.connection and o.external_id = s.external_id and o.opened_at > $4
  ) o on true
  where s.seller_id = $1 and s.connection = $2 and s.next_attempt_at <= $3
    and (s.claimed_until is null or s.claimed_until <= $3)
  order by s.next_attempt_at limit $5`;

/** Listings of a connection that are due and that nobody works on. */
export async function readDue(
  pool: pg.Pool,
  key: { readonly sellerId: number; readonly connection: string },
  ask: { readonly now: Instant; readonly openSaleMs: number; readonly limit: number },
): Promise<DueListing[]> {
  const openedAfter = new Date(ask.now - ask.openSaleMs);
  const { rows } = await pool.query<StoredListing>({
    name: "publish_read_due",
    text: READ_DUE,
    values: [key.sellerId, key.connection, new Date(ask.now), openedAfter, ask.limit],
  });
  return rows.map(({ firstOpenedAt, ...row }) => ({
    ...row,
    observedAt: row.observedAt?.getTime() ?? null,
    readWantedAt: row.readWantedAt?.getTime() ?? null,
    pushedAt: row.pushedAt?.getTime() ?? null,
    dirtySince: row.dirtySince?.getTime() ?? null,
    openSalesEndAt: firstOpenedAt === null ? null : firstOpenedAt.getTime() + ask.openSaleMs,
  }));
}

/** Connections with listings that are due, whoever's they are. */
export async function connectionsDue(
  pool: pg.Pool,
  now: Instant,
): Promise<{ readonly sellerId: number; readonly connection: string }[]> {
  const { rows } = await pool.query<{ sellerId: number; connection: string }>({
    name: "publish_connections_due",
    text: `select distinct seller_id as "sellerId", connection from listing_state
      where next_attempt_at <= $1 and (claimed_until is null or claimed_until <= $1)`,
    values: [new Date(now)],
  });
  return rows;
}

/**
 * Up to when every order of a connection is in the ledger: the start of the last complete poll, unless some of what was
 * found waits to be read for the first time. Null while that is not known.
 */
export async function readOrdersKnownUntil(
  pool: pg.Pool,
  key: { readonly sellerId: number; readonly connection: string },
  now: Instant,
): Promise<Instant | null> {
  const { rows } = await pool.query<{ at: Date | null }>({
    name: "publish_orders_known",
    text: `select p.complete_at as at from order_poll p
      where p.seller_id = $1 and p.connection = $2 and not exists (
        select from inbox i where i.seller_id = $1 and i.connection = $2 and i.done_arrivals < i.arrivals
          and i.poisoned_at is null and (i.done_arrivals = 0 or i.next_attempt_at <= $3))`,
    values: [key.sellerId, key.connection, new Date(now)],
  });
  return rows[0]?.at?.getTime() ?? null;
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
       select external_id from listing_state where seller_id = $1 and connection = $2 and next_attempt_at <= $4
         and error is null order by external_id for update
     ) waiting
     where s.seller_id = $1 and s.connection = $2 and s.external_id = waiting.external_id`,
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
        select s.external_id, r.next_at, r.is_settled from listing_state s
        join unnest($3::text[], $4::int8[], $5::timestamptz[], $6::bool[]) as r (external_id, version, next_at, is_settled)
          on r.external_id = s.external_id and r.version = s.version
        where s.seller_id = $1 and s.connection = $2 order by s.external_id for update of s
      )
      update listing_state s set next_attempt_at = r.next_at,
        pushed = case when r.is_settled then null else s.pushed end,
        pushed_at = case when r.is_settled then null else s.pushed_at end,
        dirty_since = case when r.is_settled then null else s.dirty_since end,
        confirmed_at = case when r.is_settled then s.observed_at else s.confirmed_at end,
        error = case when r.is_settled then null else s.error end
      from resting r where s.seller_id = $1 and s.connection = $2 and s.external_id = r.external_id`,
    values: [
      key.sellerId,
      key.connection,
      rests.map(({ externalId }) => externalId),
      rests.map(({ version }) => version),
      rests.map(({ nextAt }) => (nextAt === null ? null : new Date(nextAt))),
      rests.map(({ isSettled }) => isSettled),
    ],
  });
}
