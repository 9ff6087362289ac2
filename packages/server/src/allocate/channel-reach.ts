// Where not every place may ship for every channel: how many units each channel can still sell of what moved. Nothing is kept, and
// nothing costs anything, for sellers whose places all serve everybody.
import { type ChannelPromise, deployable, type PlaceStock } from "@onepool/core/allocate/deployable.ts";
import type pg from "pg";

/** Entries that were looked through, the first one excluded. */
export interface Entries {
  readonly after: number;
  readonly through: number;
  /** What the entries moved is not asked: everything may have. */
  readonly isWhole: boolean;
}

/** SKUs reckoned at once. */
const CHUNK = 1_000;

/** Brings what each channel can reach up to the last of these entries. In the transaction that marks the listings they concern. */
export async function keepReach(client: pg.ClientBase, sellerId: number, entries: Entries): Promise<void> {
  const change = await mapChange(client, sellerId, entries);
  const isNarrow = await hasNarrowPlaces(client, sellerId);
  if (!isNarrow) {
    if (change !== "none") await forget(client, sellerId);
    return;
  }
  if (change === "places") await promiseAnew(client, sellerId, entries.through);
  else await promiseMore(client, sellerId, entries);
  const skus =
    change === "none" ? await movedSkus(client, sellerId, entries) : await listedSkus(client, sellerId);
  for (let from = 0; from < skus.length; from += CHUNK)
    await reckon(client, sellerId, skus.slice(from, from + CHUNK));
}

/** Whether the entries changed the places, or only the channels. */
async function mapChange(
  client: pg.ClientBase,
  sellerId: number,
  { after, through, isWhole }: Entries,
): Promise<"none" | "channels" | "places"> {
  if (isWhole) return "places";
  const { rows } = await client.query<{ kind: string }>({
    name: "reach_map_change",
    text: `select distinct kind from entry where seller_id = $1 and seq > $2 and seq <= $3 and kind in ('location', 'connection')`,
    values: [sellerId, after, through],
  });
  if (rows.some(({ kind }) => kind === "location")) return "places";
  return rows.length > 0 ? "channels" : "none";
}

async function hasNarrowPlaces(client: pg.ClientBase, sellerId: number): Promise<boolean> {
  const { rowCount } = await client.query({
    name: "reach_is_narrow",
    text: "select 1 from location where seller_id = $1 and serves is not null limit 1",
    values: [sellerId],
  });
  return rowCount === 1;
}

async function forget(client: pg.ClientBase, sellerId: number): Promise<void> {
  await client.query("delete from channel_reach where seller_id = $1", [sellerId]);
  await client.query("delete from channel_promise where seller_id = $1", [sellerId]);
}

/**
 * What entries promised, by channel. Legs of an order's lines carry the line and belong to the order's channel; a hold, and the
 * end of a hold that becomes an order, carries none and belongs to nobody.
 */
const PROMISED = `
  select a.sku, case when m.line_id is null then '' else coalesce(e.channel, '') end as channel, sum(m.units)::int8 as units
  from movement m
  cross join lateral (
    select sku from account where seller_id = $1 and account_id = m.account_id and bucket in ('reserved', 'committed') offset 0
  ) a
  join entry e on e.seller_id = $1 and e.seq = m.seq
  where m.seller_id = $1 and m.bucket in ('reserved', 'committed') and m.seq > $2 and m.seq <= $3
  group by 1, 2 having sum(m.units) <> 0`;

async function promiseMore(
  client: pg.ClientBase,
  sellerId: number,
  { after, through }: Entries,
): Promise<void> {
  await client.query({
    name: "reach_promise",
    text: `insert into channel_promise as p (seller_id, sku, channel, units) select $1, sku, channel, units from (${PROMISED}) x
      on conflict (seller_id, sku, channel) do update set units = p.units + excluded.units`,
    values: [sellerId, after, through],
  });
  await client.query("delete from channel_promise where seller_id = $1 and units = 0", [sellerId]);
}

/** From the first entry on: a place came to serve some only, so that nothing was kept until now. */
async function promiseAnew(client: pg.ClientBase, sellerId: number, through: number): Promise<void> {
  await client.query("delete from channel_promise where seller_id = $1", [sellerId]);
  await promiseMore(client, sellerId, { after: 0, through, isWhole: true });
}

/** SKUs whose units or promises moved, and those of listings that were mapped or changed. */
async function movedSkus(
  client: pg.ClientBase,
  sellerId: number,
  { after, through }: Entries,
): Promise<string[]> {
  const { rows } = await client.query<{ sku: string }>({
    name: "reach_moved",
    text: `
      select distinct a.sku from movement m
      cross join lateral (
        select sku from account where seller_id = $1 and account_id = m.account_id
          and bucket in ('sellable', 'reserved', 'committed') offset 0
      ) a
      where m.seller_id = $1 and m.seq > $2 and m.seq <= $3
      union
      select c.sku from entry e
      join listing l on l.seller_id = $1 and l.connection = e.body ->> 'connection' and l.external_id = e.body ->> 'externalId'
      cross join json_to_recordset(l.components) as c (sku text collate "C")
      where e.seller_id = $1 and e.seq > $2 and e.seq <= $3 and e.kind = 'listing'`,
    values: [sellerId, after, through],
  });
  return rows.map(({ sku }) => sku);
}

async function listedSkus(client: pg.ClientBase, sellerId: number): Promise<string[]> {
  const { rows } = await client.query<{ sku: string }>({
    name: "reach_listed",
    text: "select distinct sku from listing_component where seller_id = $1",
    values: [sellerId],
  });
  return rows.map(({ sku }) => sku);
}

interface StoredStock {
  readonly sku: string;
  readonly places: readonly PlaceStock[];
  readonly promises: readonly ChannelPromise[];
  readonly connections: readonly string[];
}

const READ_STOCK = `
  select k.sku,
    coalesce((
      select json_agg(json_build_object('location', o.code, 'serves', o.serves, 'sellable', coalesce((
        select b.units from account a
        cross join lateral (
          select m.after as units from movement m
          where m.seller_id = a.seller_id and (m.account_id + 0) = a.account_id
          order by m.prev_seq desc nulls last, m.prev_leg desc nulls last limit 1
        ) b
        where a.seller_id = $1 and a.sku = k.sku and a.location = o.code and a.bucket = 'sellable'), 0)))
      from location o where o.seller_id = $1 and o.kind <> 'channel'), '[]'::json) as places,
    coalesce((
      select json_agg(json_build_object('channel', p.channel, 'units', p.units))
      from channel_promise p where p.seller_id = $1 and p.sku = k.sku), '[]'::json) as promises,
    array(select distinct c.connection from listing_component c where c.seller_id = $1 and c.sku = k.sku) as connections
  from unnest($2::text[]) as k (sku)`;

async function reckon(client: pg.ClientBase, sellerId: number, skus: readonly string[]): Promise<void> {
  const { rows } = await client.query<StoredStock>({
    name: "reach_stock",
    text: READ_STOCK,
    values: [sellerId, skus],
  });
  const reaches = rows.flatMap(({ sku, places, promises, connections }) =>
    connections.map((connection) => ({ sku, connection, units: deployable(connection, places, promises) })),
  );
  await client.query({
    name: "reach_keep",
    text: `insert into channel_reach (seller_id, sku, connection, units)
      select $1, sku, connection, units from unnest($2::text[], $3::text[], $4::int8[]) as t (sku, connection, units)
      on conflict (seller_id, sku, connection) do update set units = excluded.units`,
    values: [
      sellerId,
      reaches.map(({ sku }) => sku),
      reaches.map(({ connection }) => connection),
      reaches.map(({ units }) => units),
    ],
  });
}
