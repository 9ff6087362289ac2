import { HALF_LIVES_MS } from "@onepool/core/allocate/demand.ts";
import type pg from "pg";

import { keepReach } from "../allocate/channel-reach.ts";
import { halved } from "../allocate/sold-units.ts";

/** Where the publisher stands in a seller's ledger. */
const FOLLOWER = "publish";

/** Entries looked at per transaction: it holds locks on the listings it marks. */
const STRIDE = 2_000;

/** Further behind than this, a listing-by-listing look is cheaper than reading what happened. */
const TOO_FAR_BEHIND = 20_000;

/** Sellers with a connection of these kinds. */
export async function sellersWithChannels(pool: pg.Pool, kinds: readonly string[]): Promise<number[]> {
  const { rows } = await pool.query<{ seller_id: number }>({
    name: "publish_sellers",
    text: "select distinct seller_id from connection where kind = any($1)",
    values: [kinds],
  });
  return rows.map((row) => row.seller_id);
}

/** Of these sellers, those whose ledger has grown since we looked. */
export async function sellersBehind(pool: pg.Pool, sellerIds: readonly number[]): Promise<number[]> {
  const { rows } = await pool.query<{ seller_id: number }>({
    name: "publish_behind",
    text: `select h.seller_id from head h left join follower f on f.seller_id = h.seller_id and f.name = $2
      where h.seller_id = any($1::int8[]) and h.seq > coalesce(f.seq, -1)`,
    values: [sellerIds, FOLLOWER],
  });
  return rows.map((row) => row.seller_id);
}

export interface Followed {
  /** Connections with listings that became due. */
  readonly connections: readonly string[];
  readonly isAtHead: boolean;
}

/** How far a seller's ledger was looked through, with the row locked. */
interface Stretch {
  readonly from: number;
  readonly through: number;
  readonly head: number;
  /** Mark every listing in place of what the entries moved. */
  readonly isWhole: boolean;
}

/**
 * Marks the listings that entries after the cursor concern as due, and moves the cursor, in one transaction: a crash marks
 * them again, never loses one.
 */
export async function followLedger(
  client: pg.PoolClient,
  sellerId: number,
  ask: { readonly kinds: readonly string[]; readonly now: number },
): Promise<Followed> {
  const stretch = await lockStretch(client, sellerId);
  if (stretch === null) return { connections: [], isAtHead: true };
  await keepReach(client, sellerId, {
    after: stretch.from,
    through: stretch.through,
    isWhole: stretch.isWhole,
  });
  const { rows } = await client.query<{ connection: string }>({
    name: stretch.isWhole ? "publish_mark_all" : "publish_mark_moved",
    text: markStatement(stretch.isWhole ? EVERY_LISTING : CONCERNED_LISTINGS),
    values: [sellerId, stretch.from, stretch.through, ask.kinds, new Date(ask.now)],
  });
  await client.query({
    name: "publish_move_cursor",
    text: "update follower set seq = $3 where seller_id = $1 and name = $2",
    values: [sellerId, FOLLOWER, stretch.through],
  });
  const connections = [...new Set(rows.map((row) => row.connection))];
  return { connections, isAtHead: stretch.through === stretch.head };
}

/** Null when there is nothing to look through. */
async function lockStretch(client: pg.PoolClient, sellerId: number): Promise<Stretch | null> {
  const cursor = await lockCursor(client, sellerId);
  if (cursor === null) return null;
  // Read after the lock: what the holder before us did is behind us.
  const heads = await client.query<{ seq: number }>({
    name: "publish_head",
    text: "select seq from head where seller_id = $1",
    values: [sellerId],
  });
  const head = heads.rows[0]?.seq ?? 0;
  const { from, isNew } = cursor;
  if (isNew || head - from > TOO_FAR_BEHIND) return { from, through: head, head, isWhole: true };
  return head > from ? { from, through: Math.min(head, from + STRIDE), head, isWhole: false } : null;
}

/** Where we stand. Null when another process begins with this seller in the same moment, and marks. */
async function lockCursor(
  client: pg.PoolClient,
  sellerId: number,
): Promise<{ readonly from: number; readonly isNew: boolean } | null> {
  const { rows } = await client.query<{ seq: number }>({
    name: "publish_lock_cursor",
    text: "select seq from follower where seller_id = $1 and name = $2 for update",
    values: [sellerId, FOLLOWER],
  });
  const [row] = rows;
  if (row !== undefined) return { from: row.seq, isNew: false };
  const made = await client.query(
    "insert into follower (seller_id, name, seq) values ($1, $2, 0) on conflict do nothing",
    [sellerId, FOLLOWER],
  );
  return made.rowCount === 1 ? { from: 0, isNew: true } : null;
}

const EVERY_LISTING = `
  select l.connection, l.external_id from listing l where l.seller_id = $1 and $2::int8 is not null and $3::int8 is not null`;

/** Listings that sell what moved, that were mapped or changed, or whose connection or locations changed. */
const CONCERNED_LISTINGS = `
  select c.connection, c.external_id
  from (
    select distinct a.sku from movement m
    cross join lateral (
      select sku from account where seller_id = $1 and account_id = m.account_id
        and bucket in ('sellable', 'reserved', 'committed') offset 0
    ) a
    where m.seller_id = $1 and m.seq > $2 and m.seq <= $3
  ) moved
  cross join lateral (
    select connection, external_id from listing_component where seller_id = $1 and sku = moved.sku offset 0
  ) c
  union
  select e.body ->> 'connection', e.body ->> 'externalId' from entry e
  where e.seller_id = $1 and e.seq > $2 and e.seq <= $3 and e.kind = 'listing'
  union
  select l.connection, l.external_id from entry e
  join listing l on l.seller_id = $1 and (e.kind = 'location' or l.connection = e.body ->> 'code')
  where e.seller_id = $1 and e.seq > $2 and e.seq <= $3 and e.kind in ('connection', 'location')`;

/** The quantity of an order's line, by whichever source said most. */
const LINE_UNITS = ["{said,channel,facts", "{said,channel,untimed", "{said,api,facts", "{said,api,untimed"]
  .map((path) => `(line #>> '${path},quantity}')::int8`)
  .join(", ");

/** News of a sale may be this late and still be of a sale that a reading of ours reckons with. */
const BEFORE_OUR_TIME = "interval '10 minutes'";

/** Fewer units than this count as none: halved for ever they would no longer be numbers. */
const NOTHING = "1e-9";

/** The sums that halve with time, by their columns. */
const HALVED = [
  ["sold_recent", "units", HALF_LIVES_MS.recent],
  ["sold_steady", "units", HALF_LIVES_MS.steady],
  ["orders_recent", "1", HALF_LIVES_MS.recent],
  ["orders_steady", "1", HALF_LIVES_MS.steady],
  ["squares_recent", "units * units", HALF_LIVES_MS.recent],
  ["squares_steady", "units * units", HALF_LIVES_MS.steady],
] as const;

const HALVED_COLUMNS = HALVED.map(([column]) => column).join(", ");

function decayed(column: string, halfLifeMs: number): string {
  const ageMs = "extract(epoch from $5 - s.sold_at) * 1000";
  return `${column} = case when excluded.sold_at is null then s.${column} when s.sold_at is null then excluded.${column}
        else case when s.${column} < ${NOTHING} then 0 else s.${column} * ${halved(ageMs, halfLifeMs)} end + excluded.${column} end`;
}

/**
 * Own sales of listings, from the orders that came with these entries; lines of one order are sold at once. One that a channel
 * fulfils takes nothing off the pool. Of a stretch that is taken as a whole only the end counts: what was sold long ago says nothing about now.
 */
const OWN_SALES = `
  select x.connection, x.external_id, sum(x.units)::int8 as units, min(x.placed_at) as first_at,
    ${HALVED.map(([column, sum, halfLifeMs]) => `sum(${sum} * ${halved("x.age_ms", halfLifeMs)}) as ${column}`).join(", ")}
  from (
    select d.channel as connection, line ->> 'listing' as external_id, sum(greatest(${LINE_UNITS}))::float8 as units,
      to_timestamp((d.state ->> 'placed')::int8 / 1000.0) as placed_at,
      coalesce(extract(epoch from $5) * 1000 - (d.state ->> 'placed')::int8, 0)::float8 as age_ms
    from sales_order d cross join lateral json_array_elements(d.state -> 'lines') as l (line)
    where d.seller_id = $1 and d.first_seq > greatest($2, $3 - ${TOO_FAR_BEHIND}) and d.first_seq <= $3
      and line ->> 'listing' is not null
      and coalesce(line #>> '{said,channel,facts,fulfilledBy}', line #>> '{said,channel,untimed,fulfilledBy}', '') <> 'channel'
    group by d.channel, d.order_id, external_id, placed_at, age_ms
  ) x
  where x.units > 0 group by x.connection, x.external_id`;

/**
 * In one order, so that two who mark never wait for each other in a circle. An order placed long before the last reading is
 * from before our time, found by an import: what that reading shows was never in doubt because of it, so it takes nothing off.
 */
function markStatement(listings: string): string {
  return `
    with concerned as (${listings}), since as (
      select coalesce(min(recorded_at), $5) as at from entry where seller_id = $1 and seq = $2 + 1
    ), sold as (${OWN_SALES}), marked as (
      select connection, external_id, max(units) as units, min(first_at) as first_at,
        ${HALVED.map(([column]) => `coalesce(max(${column}), 0) as ${column}`).join(", ")}
      from (
        select connection, external_id, null::int8 as units, null::timestamptz as first_at,
          ${HALVED.map(([column]) => `null::float8 as ${column}`).join(", ")}, true as is_concerned from concerned
        union all
        select connection, external_id, units, first_at, ${HALVED_COLUMNS}, false from sold
      ) x
      group by connection, external_id having bool_or(is_concerned)
    )
    insert into listing_state as s (seller_id, connection, external_id, next_attempt_at, dirty_since, version,
      own_sold, ${HALVED_COLUMNS}, sold_at)
    select $1, k.connection, k.external_id, $5, since.at, 1,
      case when k.first_at < t.observed_at - ${BEFORE_OUR_TIME} then 0 else coalesce(k.units, 0) end,
      ${HALVED_COLUMNS}, case when k.units > 0 then $5::timestamptz end
    from since, marked k join connection c on c.seller_id = $1 and c.code = k.connection and c.kind = any($4)
    left join lateral (
      select observed_at from listing_state where seller_id = $1 and connection = k.connection and external_id = k.external_id offset 0
    ) t on true
    order by k.connection, k.external_id
    on conflict (seller_id, connection, external_id) do update set
      next_attempt_at = least(s.next_attempt_at, excluded.next_attempt_at),
      dirty_since = coalesce(s.dirty_since, excluded.dirty_since),
      wants = null, urgency = null,
      own_sold = s.own_sold + excluded.own_sold,
      ${HALVED.map(([column, , halfLifeMs]) => decayed(column, halfLifeMs)).join(",\n      ")},
      sold_at = coalesce(excluded.sold_at, s.sold_at),
      version = s.version + 1
    returning s.connection`;
}
