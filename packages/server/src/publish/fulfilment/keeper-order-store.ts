import type { Units } from "@onepool/core/ledger/units.ts";
import type { LineUnits } from "@onepool/core/publish/fulfilment/order-need.ts";
// Orders as keepers were given them.
import type { GivenOrder } from "@onepool/core/publish/fulfilment/plan-fulfilment.ts";
import type pg from "pg";

/** A line as the keeper is told it. */
export interface ItemLine {
  readonly lineId: string;
  readonly item: string;
  readonly units: Units;
}

export interface OrderKey {
  readonly sellerId: number;
  readonly channel: string;
  readonly orderId: string;
}

/** An order as it was given, with how often it was tried to tell the keeper. */
export interface StoredGiven extends GivenOrder {
  readonly connection: string;
  readonly attempts: number;
}

/** Orders that are to be looked at, held until the transaction ends; others may look at others meanwhile. */
export async function takeDueOrders(client: pg.ClientBase, limit: number): Promise<OrderKey[]> {
  const { rows } = await client.query<OrderKey>({
    name: "fulfil_take_due",
    text: `select seller_id as "sellerId", channel, order_id as "orderId" from order_due
      order by due_at limit $1 for update skip locked`,
    values: [limit],
  });
  return rows;
}

export async function forgetDue(
  client: pg.ClientBase,
  { sellerId, channel, orderId }: OrderKey,
): Promise<void> {
  await client.query("delete from order_due where seller_id = $1 and channel = $2 and order_id = $3", [
    sellerId,
    channel,
    orderId,
  ]);
}

/** Has the order looked at: what a keeper holds of it changed. */
export async function markDue(client: pg.ClientBase, key: OrderKey, now: number): Promise<void> {
  await client.query(
    `insert into order_due (seller_id, channel, order_id, due_at) values ($1, $2, $3, $4)
     on conflict (seller_id, channel, order_id) do update set due_at = excluded.due_at`,
    [key.sellerId, key.channel, key.orderId, new Date(now)],
  );
}

/** What keepers were given of an order, oldest first, held until the transaction ends. */
export async function lockGiven(client: pg.ClientBase, key: OrderKey): Promise<StoredGiven[]> {
  const { rows } = await client.query<StoredGiven>({
    name: "fulfil_lock_given",
    text: `select k.reference, k.connection, k.state, k.lines, k.attempts, coalesce((
        select d.state -> 'placed' from keeper_document d
        where d.seller_id = k.seller_id and d.connection = k.connection and d.kind = 'order' and d.keeper_id = k.keeper_order_id
      ), '[]'::json) as "left"
      from keeper_order k
      where k.seller_id = $1 and k.channel = $2 and k.order_id = $3 order by k.created_at, k.reference for update of k`,
    values: [key.sellerId, key.channel, key.orderId],
  });
  return rows;
}

export interface NewGiven extends OrderKey {
  readonly reference: string;
  readonly connection: string;
  readonly facility: string;
  readonly lines: readonly LineUnits[];
  readonly items: readonly ItemLine[];
  /** Whether we tell the keeper, or it fetches what is wanted. */
  readonly isTold: boolean;
}

export async function giveOrder(client: pg.ClientBase, given: NewGiven, now: number): Promise<void> {
  const at = new Date(now);
  await client.query(
    `insert into keeper_order (seller_id, reference, connection, channel, order_id, facility, lines, items, state, next_attempt_at, created_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, 'wanted', $9, $10)`,
    [
      given.sellerId,
      given.reference,
      given.connection,
      given.channel,
      given.orderId,
      given.facility,
      JSON.stringify(given.lines),
      JSON.stringify(given.items),
      given.isTold ? at : null,
      at,
    ],
  );
}
