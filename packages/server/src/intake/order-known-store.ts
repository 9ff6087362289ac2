import type pg from "pg";

/** Whether the ledger holds an order. */
export async function isInLedger(
  pool: pg.Pool,
  sellerId: number,
  order: { readonly channel: string; readonly orderId: string },
): Promise<boolean> {
  const { rowCount } = await pool.query({
    name: "intake_is_in_ledger",
    text: "select from sales_order where seller_id = $1 and channel = $2 and order_id = $3",
    values: [sellerId, order.channel, order.orderId],
  });
  return rowCount !== 0;
}
