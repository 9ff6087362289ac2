// Which orders are to be looked at: those that entries of the ledger concern, of channels whose orders a keeper ships.
import type pg from "pg";

/** Where we stand in a seller's ledger. */
const FOLLOWER = "fulfilment";

/** Entries looked at per transaction. */
const STRIDE = 5_000;

/** Sellers with a keeper whose ledger has grown since we looked. */
export async function sellersToFollow(pool: pg.Pool, kinds: readonly string[]): Promise<number[]> {
  const { rows } = await pool.query<{ seller_id: number }>({
    name: "fulfil_behind",
    text: `select h.seller_id from head h left join follower f on f.seller_id = h.seller_id and f.name = $2
      where h.seq > coalesce(f.seq, -1)
        and h.seller_id in (select seller_id from connection where kind = any($1) and settings ->> 'sendsOrders' is not null)`,
    values: [kinds, FOLLOWER],
  });
  return rows.map((row) => row.seller_id);
}

/** What following needs to know of the seller. */
export interface FollowAsk {
  readonly sellerId: number;
  /** Channels whose orders keepers ship. */
  readonly channels: readonly string[];
  readonly now: number;
}

/**
 * Marks the orders that entries after the cursor concern, and moves the cursor, in one transaction. Where a connection changed,
 * all orders that are paid and have not left are looked at: another channel may be shipped by a keeper now.
 */
export async function followOrders(
  client: pg.ClientBase,
  ask: FollowAsk,
): Promise<{ readonly isAtHead: boolean }> {
  const { sellerId, channels, now } = ask;
  await client.query(
    "insert into follower (seller_id, name, seq) values ($1, $2, -1) on conflict do nothing",
    [sellerId, FOLLOWER],
  );
  const cursor = await client.query<{ seq: number }>(
    "select seq from follower where seller_id = $1 and name = $2 for update",
    [sellerId, FOLLOWER],
  );
  const heads = await client.query<{ seq: number }>("select seq from head where seller_id = $1", [sellerId]);
  const from = cursor.rows[0]?.seq ?? -1;
  const head = heads.rows[0]?.seq ?? 0;
  if (from >= head) return { isAtHead: true };
  // A seller who comes new: what is open is found by the orders' own state, not by going through years of entries.
  const through = from < 0 ? head : Math.min(head, from + STRIDE);
  const values = [sellerId, from, through, channels, new Date(now)];
  if (from < 0 || (await connectionsChanged(client, sellerId, { from, through })))
    await client.query({
      name: "fulfil_mark_open",
      text: MARK_OPEN,
      values: [sellerId, channels, new Date(now)],
    });
  if (from >= 0) await client.query({ name: "fulfil_mark", text: MARK_CONCERNED, values });
  await client.query("update follower set seq = $3 where seller_id = $1 and name = $2", [
    sellerId,
    FOLLOWER,
    through,
  ]);
  return { isAtHead: through === head };
}

async function connectionsChanged(
  client: pg.ClientBase,
  sellerId: number,
  { from, through }: { readonly from: number; readonly through: number },
): Promise<boolean> {
  const { rowCount } = await client.query({
    name: "fulfil_map_changed",
    text: `select 1 from entry where seller_id = $1 and seq > $2 and seq <= $3 and kind in ('connection', 'sku', 'location') limit 1`,
    values: [sellerId, from, through],
  });
  return rowCount === 1;
}

const MARK_CONCERNED = `
  insert into order_due (seller_id, channel, order_id, due_at)
  select distinct $1::int8, e.channel, e.order_id, $5::timestamptz from entry e
  where e.seller_id = $1 and e.seq > $2 and e.seq <= $3 and e.kind in ('order', 'mapped', 'remap') and e.channel = any($4)
  on conflict (seller_id, channel, order_id) do update set due_at = excluded.due_at`;

const MARK_OPEN = `
  insert into order_due (seller_id, channel, order_id, due_at)
  select $1::int8, o.channel, o.order_id, $3::timestamptz from sales_order o
  where o.seller_id = $1 and o.channel = any($2) and o.state ->> 'status' = 'paid'
  on conflict (seller_id, channel, order_id) do nothing`;
