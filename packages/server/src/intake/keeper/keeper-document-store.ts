// Orders, deliveries and returns at keepers as they stand, and units of which it is not told yet what they belong to.
import type { OpenUnits } from "@onepool/core/intake/keeper/link-picks.ts";
import type { Instant, Units } from "@onepool/core/ledger/units.ts";
import type pg from "pg";

import type { ConnectionKey } from "../notice-store.ts";
import type { LevelPlace } from "./keeper-level-store.ts";

export type DocumentKind = "order" | "inbound" | "return";

export interface DocumentRow<State> {
  /** Ours, or the marketplace's order id. */
  readonly reference: string | null;
  readonly channel: string | null;
  readonly orderId: string | null;
  readonly state: State;
}

/** The document as it stands; null before the first word of it. The desk has to be taken. */
export async function readDocument<State>(
  client: pg.PoolClient,
  key: ConnectionKey,
  kind: DocumentKind,
  keeperId: string,
): Promise<DocumentRow<State> | null> {
  const { rows } = await client.query<DocumentRow<State>>({
    name: "keeper_read_document",
    text: `select reference, channel, order_id as "orderId", state from keeper_document
      where seller_id = $1 and connection = $2 and kind = $3 and keeper_id = $4`,
    values: [key.sellerId, key.code, kind, keeperId],
  });
  return rows[0] ?? null;
}

export async function writeDocument(
  client: pg.PoolClient,
  key: ConnectionKey,
  document: DocumentRow<object> & { readonly kind: DocumentKind; readonly keeperId: string },
  now: Instant,
): Promise<void> {
  const { kind, keeperId, reference, channel, orderId, state } = document;
  await client.query({
    name: "keeper_write_document",
    text: `insert into keeper_document as d
        (seller_id, connection, kind, keeper_id, reference, channel, order_id, state, updated_at)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
      on conflict (seller_id, connection, kind, keeper_id) do update set
        reference = coalesce(excluded.reference, d.reference), channel = coalesce(excluded.channel, d.channel),
        order_id = coalesce(excluded.order_id, d.order_id), state = excluded.state, updated_at = excluded.updated_at`,
    values: [
      key.sellerId,
      key.code,
      kind,
      keeperId,
      reference,
      channel,
      orderId,
      JSON.stringify(state),
      new Date(now),
    ],
  });
}

export type LinkSide = "pick" | "shipment";

/** What of one side is not held against the other yet. */
export async function readOpenUnits(
  client: pg.PoolClient,
  key: ConnectionKey,
  { sku, location }: LevelPlace,
  side: LinkSide,
): Promise<readonly OpenUnits[]> {
  const { rows } = await client.query<{
    fact_id: string;
    units: number;
    open_units: number;
    occurred_at: Date;
  }>({
    name: "keeper_read_open_units",
    text: `select fact_id, units, open_units, occurred_at from keeper_unlinked
      where seller_id = $1 and connection = $2 and location = $3 and sku = $4 and side = $5 and open_units > 0
      order by occurred_at, fact_id`,
    values: [key.sellerId, key.code, location, sku, side],
  });
  return rows.map((row) => ({
    factId: row.fact_id,
    units: row.units,
    openUnits: row.open_units,
    occurredAt: row.occurred_at.getTime(),
  }));
}

/** Keeps units of one side, `open` of them still to be held against the other. */
export async function keepUnits(
  client: pg.PoolClient,
  key: ConnectionKey,
  kept: LevelPlace & {
    readonly side: LinkSide;
    readonly factId: string;
    readonly units: Units;
    readonly open: Units;
    readonly occurredAt: Instant;
  },
): Promise<void> {
  const { sku, location, side, factId, units, open, occurredAt } = kept;
  await client.query({
    name: "keeper_keep_units",
    text: `insert into keeper_unlinked (seller_id, connection, location, sku, fact_id, side, units, open_units, occurred_at)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict do nothing`,
    values: [key.sellerId, key.code, location, sku, factId, side, units, open, new Date(occurredAt)],
  });
}

/** These are held against the other side now. */
export async function useUnits(
  client: pg.PoolClient,
  key: ConnectionKey,
  { sku, location, side }: LevelPlace & { readonly side: LinkSide },
  used: readonly { readonly factId: string; readonly units: Units }[],
): Promise<void> {
  if (used.length === 0) return;
  await client.query({
    name: "keeper_use_units",
    text: `update keeper_unlinked u set open_units = u.open_units - k.units
      from unnest($6::text[], $7::int8[]) as k (fact_id, units)
      where u.seller_id = $1 and u.connection = $2 and u.location = $3 and u.sku = $4 and u.side = $5 and u.fact_id = k.fact_id`,
    values: [
      key.sellerId,
      key.code,
      location,
      sku,
      side,
      used.map(({ factId }) => factId),
      used.map(({ units }) => units),
    ],
  });
}

/** The same order as it was given other times, or to other keepers: the ledger counts what left for it together. */
export async function readOtherOrders<State>(
  client: pg.PoolClient,
  key: ConnectionKey,
  {
    channel,
    orderId,
    keeperId,
  }: { readonly channel: string; readonly orderId: string; readonly keeperId: string },
): Promise<readonly State[]> {
  const { rows } = await client.query<{ state: State }>({
    name: "keeper_read_other_orders",
    text: `select state from keeper_document
      where seller_id = $1 and channel = $3 and order_id = $4 and kind = 'order' and (connection, keeper_id) <> ($2, $5)
      order by connection, keeper_id`,
    values: [key.sellerId, key.code, channel, orderId, keeperId],
  });
  return rows.map(({ state }) => state);
}

/** The delivery of ours that a keeper's is; null for one that we did not announce. */
export async function findInbound(
  client: pg.PoolClient,
  { sellerId, code }: ConnectionKey,
  { reference, keeperId }: { readonly reference: string | null; readonly keeperId: string },
): Promise<string | null> {
  const { rows } = await client.query<{ inbound_id: string }>({
    name: "keeper_find_inbound",
    text: `select inbound_id from (
        select k.inbound_id, 1 as rank from keeper_inbound k where k.seller_id = $1 and k.reference = $3 and k.connection = $2
        union all
        select k.inbound_id, 2 from keeper_inbound k
        where k.seller_id = $1 and k.connection = $2 and k.keeper_inbound_id = $4
        union all
        select i.inbound_id, 3 from inbound i where i.seller_id = $1 and i.inbound_id = $3
      ) found order by rank limit 1`,
    values: [sellerId, code, reference, keeperId],
  });
  return rows[0]?.inbound_id ?? null;
}
