import type pg from "pg";

/** The ways to record one order line in one transaction: one statement, or four round trips. */
export type BaselinePattern = "one statement" | "begin-update-insert-commit";

/** One order line as the baseline knows it. */
export interface BaselineLine {
  readonly orderId: string;
  readonly sku: string;
  readonly quantity: number;
}

type RecordLine = (client: pg.ClientBase, line: BaselineLine) => Promise<void>;

const TAKE_AND_INSERT = `
  with taken as (
    update baseline.stock set available = available - $3 where sku = $2 and available >= $3 returning sku
  )
  insert into baseline.order_line (order_id, line_id, sku, quantity) select $1, '1', sku, $3 from taken`;

const TAKE = "update baseline.stock set available = available - $2 where sku = $1 and available >= $2";
const INSERT = "insert into baseline.order_line (order_id, line_id, sku, quantity) values ($1, '1', $2, $3)";

/** Prepared once per connection, as everything measured here. Each throws when there was not enough stock. */
export const RECORD_LINE: Readonly<Record<BaselinePattern, RecordLine>> = {
  async "one statement"(client, { orderId, sku, quantity }) {
    const values = [orderId, sku, quantity];
    checkOne(await client.query({ name: "baseline_take_and_insert", text: TAKE_AND_INSERT, values }), sku);
  },
  async "begin-update-insert-commit"(client, { orderId, sku, quantity }) {
    await client.query("begin");
    checkOne(await client.query({ name: "baseline_take", text: TAKE, values: [sku, quantity] }), sku);
    await client.query({ name: "baseline_insert", text: INSERT, values: [orderId, sku, quantity] });
    await client.query("commit");
  },
};

function checkOne({ rowCount }: pg.QueryResult, sku: string): void {
  if (rowCount !== 1) throw new Error(`the baseline has too little of ${sku}`);
}
