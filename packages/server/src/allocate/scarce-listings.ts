import type { ConnectorKind } from "@onepool/connectors/contract/connector.ts";
import { livePace, type Pace, type SoldUnits } from "@onepool/core/allocate/demand.ts";
import type { ComponentPool } from "@onepool/core/allocate/desired-quantity.ts";
import type { JsonObject } from "@onepool/core/ledger/json.ts";
import type { ConnectionMode } from "@onepool/core/ledger/records.ts";
import type { Instant, Units } from "@onepool/core/ledger/units.ts";
import type { PoolShare } from "@onepool/core/publish/may-write.ts";
import { ordersKnownUntil } from "@onepool/core/publish/order-feed.ts";
import type pg from "pg";

import { capabilityOf } from "../connections/capability-of.ts";
import { readOrderFeeds } from "../publish/order-feeds.ts";
import { componentPools, heldWhileBlind, isPending } from "./listing-pools.ts";
import { soldUnits } from "./sold-units.ts";

/** Where the deal stands in a seller's ledger. Its row is also the lock under which scarce units are dealt and given. */
const FOLLOWER = "allocate";

/** A listing that sells of a scarce pool, with all that a deal needs to know of it. */
export interface ScarceListing extends PoolShare {
  readonly connection: string;
  readonly externalId: string;
  readonly kind: string;
  readonly mode: ConnectionMode;
  readonly settings: JsonObject;
  readonly pools: readonly ComponentPool[];
  /** How it sells now, in its own units. */
  readonly pace: Pace;
  readonly quota: Units | null;
  /** Units of each pool held back while other channels are not seen. */
  readonly heldBack: Units;
  /** It moved since it was read, and is about to be read again. */
  readonly isStale: boolean;
  /** What is wrong with it, by its code; null when nothing is. */
  readonly problemCode: string | null;
  /** A write there can be compared with what was read. */
  readonly isCompared: boolean;
}

/** What reading scarce listings needs beside the database. */
export interface ScarceContext {
  readonly sellerId: number;
  readonly kinds: ReadonlyMap<string, ConnectorKind>;
}

/** Holds the seller's deal until the transaction ends; answers how far it has looked through the ledger. */
export async function lockDeal(client: pg.ClientBase, sellerId: number): Promise<number> {
  await client.query({
    name: "allocate_begin",
    text: "insert into follower (seller_id, name, seq) values ($1, $2, 0) on conflict do nothing",
    values: [sellerId, FOLLOWER],
  });
  const { rows } = await client.query<{ seq: number }>({
    name: "allocate_lock",
    text: "select seq from follower where seller_id = $1 and name = $2 for update",
    values: [sellerId, FOLLOWER],
  });
  return rows[0]?.seq ?? 0;
}

/** Says how far the deal has looked through the ledger. Under its lock. */
export async function moveDeal(client: pg.ClientBase, sellerId: number, seq: number): Promise<void> {
  await client.query({
    name: "allocate_move",
    text: "update follower set seq = $3 where seller_id = $1 and name = $2",
    values: [sellerId, FOLLOWER, seq],
  });
}

/** The scarce pools that one listing sells of, with everybody who sells of them. */
export interface ScarceOf {
  /** By SKU, what is available. */
  readonly pools: ReadonlyMap<string, Units>;
  /** By SKU, what is withheld from reservations. */
  readonly withheld: ReadonlyMap<string, Units>;
  readonly listings: readonly ScarceListing[];
}

export async function readScarceOf(
  client: pg.ClientBase,
  lane: ScarceContext & { readonly connection: string },
  ask: { readonly externalId: string; readonly now: Instant },
): Promise<ScarceOf> {
  const { rows } = await client.query<{ sku: string; withheld: Units }>({
    name: "allocate_scarce_of",
    text: `select e.sku, coalesce((select w.units from withheld w where w.seller_id = $1 and w.sku = e.sku), 0)::int8 as withheld
      from listing l cross join json_to_recordset(l.components) as c (sku text)
      join end_game e on e.seller_id = $1 and e.sku = c.sku
      where l.seller_id = $1 and l.connection = $2 and l.external_id = $3`,
    values: [lane.sellerId, lane.connection, ask.externalId],
  });
  const skus = rows.map(({ sku }) => sku);
  const listings = await readPoolListings(client, lane, { skus, now: ask.now });
  const withheld = new Map(rows.map((row) => [row.sku, row.withheld] as const));
  return { pools: poolsOf(listings, skus), withheld, listings };
}

/** What is available of each of these SKUs, as these listings know it. */
export function poolsOf(listings: readonly ScarceListing[], skus: readonly string[]): Map<string, Units> {
  const all = listings.flatMap(({ pools }) => pools);
  return new Map(
    skus.flatMap((sku) => {
      const pool = all.find((one) => one.sku === sku);
      return pool === undefined ? [] : [[sku, pool.available] as const];
    }),
  );
}

interface StoredScarce {
  readonly connection: string;
  readonly externalId: string;
  readonly kind: string;
  readonly mode: ConnectionMode;
  readonly settings: JsonObject;
  readonly connectionSettings: JsonObject;
  readonly pools: readonly ComponentPool[];
  readonly problemCode: string | null;
  readonly observed: Units | null;
  readonly observedAt: Date | null;
  readonly observedUntil: Date | null;
  readonly readWantedAt: Date | null;
  readonly channelVersion: string | null;
  readonly pushed: Units | null;
  readonly overtakenUntil: Date | null;
  readonly ownSold: Units;
  readonly reach: Units | null;
  readonly sold: SoldUnits;
  readonly quota: Units | null;
  readonly heldBack: Units;
  readonly openSales: Units;
}

const READ_LISTINGS = `
  select l.connection, l.external_id as "externalId", c.kind, c.mode, l.settings, c.settings as "connectionSettings", ${componentPools("l")} as pools,
    s.error ->> 'code' as "problemCode", s.observed, s.observed_at as "observedAt", s.observed_until as "observedUntil",
    s.read_wanted_at as "readWantedAt", s.channel_version as "channelVersion", s.pushed, s.overtaken_until as "overtakenUntil", s.own_sold as "ownSold",
    s.reach, ${soldUnits("s")} as sold, s.quota,
    ${heldWhileBlind("l")} as "heldBack",
    coalesce((
      select sum(o.units) from open_sale o
      where ${isPending("o")} and o.seller_id = $1 and o.connection = l.connection and o.external_id = l.external_id
        and o.opened_at > $3::timestamptz - k.settles_ms * interval '1 millisecond'), 0)::int8 as "openSales"
  from (select distinct seller_id, connection, external_id from listing_component where seller_id = $1 and sku = any($2)) m
  cross join lateral (
    select connection, external_id, settings, components from listing
    where seller_id = $1 and connection = m.connection and external_id = m.external_id offset 0
  ) l
  join connection c on c.seller_id = m.seller_id and c.code = l.connection
  join unnest($4::text[], $5::int8[]) as k (kind, settles_ms) on k.kind = c.kind
  join listing_state s on s.seller_id = m.seller_id and s.connection = m.connection and s.external_id = m.external_id
  order by l.connection, l.external_id`;

/**
 * Everybody who sells of these SKUs at channels we speak to. Listings of connections that are not live and were never read
 * are left out: nobody can say what they show, and the seller has not asked us to care yet.
 */
export async function readPoolListings(
  client: pg.ClientBase,
  context: ScarceContext,
  ask: { readonly skus: readonly string[]; readonly now: Instant },
): Promise<ScarceListing[]> {
  if (ask.skus.length === 0) return [];
  const kinds = [...context.kinds.values()].map(({ capability }) => capability);
  const { rows } = await client.query<StoredScarce>({
    name: "allocate_pool_listings",
    text: READ_LISTINGS,
    values: [
      context.sellerId,
      ask.skus,
      new Date(ask.now),
      kinds.map(({ kind }) => kind),
      kinds.map(({ ownOrderSettlesMs }) => ownOrderSettlesMs),
    ],
  });
  const feeds = await readOrderFeeds(client, context.sellerId, ask.now);
  return rows
    .filter(({ mode, observed }) => mode === "live" || observed !== null)
    .map((row) => {
      const feed = feeds.get(row.connection);
      return listingOf(row, context, {
        now: ask.now,
        until: feed === undefined ? null : ordersKnownUntil(feed),
      });
    });
}

function listingOf(
  row: StoredScarce,
  { kinds }: ScarceContext,
  known: { readonly now: Instant; readonly until: Instant | null },
): ScarceListing {
  const { connection, externalId, kind, mode, settings, pools, quota, problemCode } = row;
  const { observed, pushed, ownSold, reach, openSales, channelVersion } = row;
  const channel = kinds.get(kind);
  const comparesWrites = channel !== undefined && capabilityOf(channel, row.connectionSettings).compareAndSet;
  return {
    key: `${connection} ${externalId}`,
    connection,
    externalId,
    kind,
    mode,
    settings,
    pools,
    components: pools.map(({ sku, unitsPerSale: units }) => ({ sku, units })),
    quota,
    heldBack: row.heldBack,
    isStale: (instantOf(row.readWantedAt) ?? 0) > (instantOf(row.observedAt) ?? 0),
    problemCode,
    pace: livePace(row.sold, known.now),
    // Whether a later reading brings a version is not known; it always does where it ever did.
    isCompared: comparesWrites && (channelVersion !== null || pushed !== null),
    exposure: {
      observed,
      observedAt: instantOf(row.observedAt),
      observedUntil: instantOf(row.observedUntil),
      pushed,
      overtakenUntil: instantOf(row.overtakenUntil),
      ownSold,
      reach,
      openSales,
      ordersKnownUntil: known.until,
    },
  };
}

function instantOf(date: Date | null): Instant | null {
  return date?.getTime() ?? null;
}
