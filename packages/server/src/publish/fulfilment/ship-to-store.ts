// What people mend of orders that keepers refused: the address, or something at the keeper's side.
import type pg from "pg";

import { inTransaction } from "../../connections/in-transaction.ts";
import type { OrderKey } from "./keeper-order-store.ts";

/** Keeps where an order goes, and has told again what was refused of it; answers those references, or null for no such order. */
export function keepShipTo(
  pool: pg.Pool,
  { sellerId, channel, orderId }: OrderKey,
  said: { readonly address: Buffer; readonly now: number },
): Promise<string[] | null> {
  return inTransaction(pool, async (client) => {
    const at = new Date(said.now);
    const kept = await client.query(
      `insert into ship_to (seller_id, channel, order_id, address, kept_at)
       select $1, $2, $3, $4, $5 from sales_order where seller_id = $1 and channel = $2 and order_id = $3
       on conflict (seller_id, channel, order_id) do update set address = excluded.address, kept_at = excluded.kept_at`,
      [sellerId, channel, orderId, said.address, at],
    );
    if (kept.rowCount === 0) return null;
    const { rows } = await client.query<{ reference: string }>(
      `update keeper_order set state = 'wanted', error = null, attempts = 0, next_attempt_at = $4
       where seller_id = $1 and channel = $2 and order_id = $3 and state = 'refused' returning reference`,
      [sellerId, channel, orderId, at],
    );
    return rows.map(({ reference }) => reference);
  });
}

/** How long it is kept where an order goes, in milliseconds: 90 days. A parcel that comes back needs no address any more. */
const KEPT_MS = 90 * 24 * 3_600_000;

export async function forgetAddresses(pool: pg.Pool, now: number): Promise<void> {
  await pool.query("delete from ship_to where kept_at < $1", [new Date(now - KEPT_MS)]);
}

/** Has told again what a keeper refused; answers the state it was in, or null for none of that reference. */
export function retryKeeperOrder(
  pool: pg.Pool,
  { sellerId, reference }: { readonly sellerId: number; readonly reference: string },
  now: number,
): Promise<string | null> {
  return inTransaction(pool, async (client) => {
    const { rows } = await client.query<{ state: string }>(
      "select state from keeper_order where seller_id = $1 and reference = $2 for update",
      [sellerId, reference],
    );
    const state = rows[0]?.state ?? null;
    if (state === "refused")
      await client.query(
        `update keeper_order set state = 'wanted', error = null, attempts = 0, next_attempt_at = $3
         where seller_id = $1 and reference = $2`,
        [sellerId, reference, new Date(now)],
      );
    return state;
  });
}
