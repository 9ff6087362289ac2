import type { SoldUnits } from "@onepool/core/allocate/demand.ts";
import type { ComponentPool } from "@onepool/core/allocate/desired-quantity.ts";
import type { JsonObject } from "@onepool/core/ledger/json.ts";
import type { Instant, Units } from "@onepool/core/ledger/units.ts";
import type { PushProblem } from "@onepool/core/publish/listing-view.ts";
import type pg from "pg";

import { componentPools, heldWhileBlind, isPending } from "../allocate/listing-pools.ts";
import { soldUnits } from "../allocate/sold-units.ts";

/** A listing that is to be looked at, with everything a decision needs, of one snapshot. */
export interface DueListing {
  readonly externalId: string;
  readonly version: number;
  readonly observed: Units | null;
  readonly observedAt: Instant | null;
  readonly observedUntil: Instant | null;
  readonly channelVersion: string | null;
  readonly readWantedAt: Instant | null;
  readonly pushed: Units | null;
  readonly pushedAt: Instant | null;
  readonly overtakenUntil: Instant | null;
  readonly ownSold: Units;
  readonly reach: Units | null;
  readonly sold: SoldUnits;
  readonly quota: Units | null;
  readonly heldBack: Units;
  readonly mendedAt: Instant | null;
  readonly attempts: number;
  readonly problem: PushProblem | null;
  readonly dirtySince: Instant | null;
  /** The call it was found to want when it was last looked at, and its place in the queue; null until then. */
  readonly wants: "push" | "read" | null;
  readonly urgency: number | null;
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

type Dates =
  | ("observedAt" | "observedUntil" | "readWantedAt" | "pushedAt" | "overtakenUntil")
  | ("mendedAt" | "dirtySince");

type StoredListing = Omit<DueListing, Dates | "openSalesEndAt"> & {
  readonly [Column in Dates | "firstOpenedAt"]: Date | null;
};

/** Of those that were looked at and found no turn, only the most urgent are looked at again: they stand in order. */
const RANKED = { pushes: 40, readings: 120 };

/**
 * What is new is looked at by its time, however long the queue of what was looked at before. So whatever has become dangerous
 * finds its place in the queue at once, and a round costs the same whether 100 or 100,000 listings wait.
 */
const PICK = `
  (select seller_id, connection, external_id from listing_state
   where seller_id = $1 and connection = $2 and next_attempt_at <= $3 and wants is null
     and (claimed_until is null or claimed_until <= $3)
   order by next_attempt_at limit $5)
  union all
  (select seller_id, connection, external_id from listing_state where seller_id = $1 and connection = $2 and wants = 'push'
   order by urgency limit ${RANKED.pushes})
  union all
  (select seller_id, connection, external_id from listing_state where seller_id = $1 and connection = $2 and wants = 'read'
   order by urgency limit ${RANKED.readings})`;

const READ_DUE = `
  with picked as materialized (${PICK})
  select s.external_id as "externalId", s.version, s.observed, s.observed_at as "observedAt",
    s.observed_until as "observedUntil", s.channel_version as "channelVersion", s.read_wanted_at as "readWantedAt",
    s.pushed, s.pushed_at as "pushedAt", s.overtaken_until as "overtakenUntil", s.own_sold as "ownSold", s.reach,
    ${soldUnits("s")} as sold, s.quota,
    ${heldWhileBlind("l")} as "heldBack",
    s.mended_at as "mendedAt", s.attempts, s.error as problem, s.dirty_since as "dirtySince", s.wants, s.urgency,
    l.updated_seq as "updatedSeq", l.settings, ${componentPools("l")} as components,
    coalesce(o.units, 0)::int8 as "openSales", o.first_opened_at as "firstOpenedAt", h.seq
  from picked
  join listing_state s on s.seller_id = picked.seller_id and s.connection = picked.connection and s.external_id = picked.external_id
  join listing l on l.seller_id = s.seller_id and l.connection = s.connection and l.external_id = s.external_id
  join head h on h.seller_id = s.seller_id
  left join lateral (
    select sum(units) as units, min(opened_at) as first_opened_at from open_sale o
    where o.seller_id = s.seller_id and o.connection = s.connection and o.external_id = s.external_id and o.opened_at > $4
      and ${isPending("o")}
  ) o on true
  where s.claimed_until is null or s.claimed_until <= $3`;

/** Listings of a connection that are due and that nobody works on: at most `limit` new ones, and the most urgent others. */
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
    observedAt: instantOf(row.observedAt),
    observedUntil: instantOf(row.observedUntil),
    readWantedAt: instantOf(row.readWantedAt),
    pushedAt: instantOf(row.pushedAt),
    overtakenUntil: instantOf(row.overtakenUntil),
    mendedAt: instantOf(row.mendedAt),
    dirtySince: instantOf(row.dirtySince),
    openSalesEndAt: firstOpenedAt === null ? null : firstOpenedAt.getTime() + ask.openSaleMs,
  }));
}

function instantOf(date: Date | null): Instant | null {
  return date?.getTime() ?? null;
}

/** A listing's place in the queue for calls. */
export interface Rank {
  readonly externalId: string;
  readonly version: number;
  readonly wants: "push" | "read";
  readonly urgency: number;
}

/** Puts listings that found no turn into the queue. Those that somebody touched since they were read are looked at anew. */
export async function rankListings(
  pool: pg.Pool,
  key: { readonly sellerId: number; readonly connection: string },
  ranks: readonly Rank[],
): Promise<void> {
  if (ranks.length === 0) return;
  await pool.query({
    name: "publish_rank",
    text: `with ranked as (
        select s.seller_id, s.connection, s.external_id, r.wants, r.urgency
        from (
          select $1::int8 as seller_id, $2::text as connection, r.*
          from unnest($3::text[], $4::int8[], $5::text[], $6::float8[]) as r (external_id, version, wants, urgency) offset 0
        ) r
        join listing_state s on s.seller_id = r.seller_id and s.connection = r.connection and s.external_id = r.external_id
          and s.version = r.version
        order by s.external_id for update of s
      )
      update listing_state s set wants = r.wants, urgency = r.urgency
      from ranked r where s.seller_id = r.seller_id and s.connection = r.connection and s.external_id = r.external_id`,
    values: [
      key.sellerId,
      key.connection,
      ranks.map(({ externalId }) => externalId),
      ranks.map(({ version }) => version),
      ranks.map(({ wants }) => wants),
      ranks.map(({ urgency }) => urgency),
    ],
  });
}
