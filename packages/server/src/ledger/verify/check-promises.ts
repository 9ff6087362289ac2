// Promises per SKU are exactly what orders and holds claim; lines wait for a mapping exactly while they have none. Orders
// are read page by page; what is kept in memory grows with the SKUs, not with the orders.
import { postingsOf, settledOf } from "@onepool/core/ledger/claim.ts";
import type { JsonObject } from "@onepool/core/ledger/json.ts";
import { keyOf } from "@onepool/core/ledger/ledger-state.ts";
import type { OrderRecord } from "@onepool/core/ledger/order-record.ts";
import type { Component, ReservationState } from "@onepool/core/ledger/records.ts";
import { waitingRows } from "@onepool/core/ledger/unmapped.ts";
import type pg from "pg";

import { decodeOrder } from "../stored-order.ts";
import { MAX_DIFFERENCES, type Difference } from "./verify-report.ts";

type Client = Pick<pg.ClientBase, "query">;

const ORDERS_PER_PAGE = 2_000;

export async function checkPromises(client: Client, sellerId: number): Promise<Difference[]> {
  const claimed = new Claimed();
  const waiting = new Waiting(client, sellerId);
  for await (const orders of pagesOfOrders(client, sellerId)) {
    for (const order of orders) claimed.addOrder(order);
    await waiting.compare(orders);
  }
  await waiting.finish();
  await addHolds(client, sellerId, claimed);
  return [...waiting.differences, ...(await compareBalances(client, sellerId, claimed))];
}

/** Units that should stand in the pool's buckets. */
class Claimed {
  readonly units = new Map<string, number>();

  addOrder(order: OrderRecord): void {
    for (const line of order.lines) {
      if (line.recipe === null) continue;
      for (const { sku, bucket, units } of postingsOf(line.recipe, line.posted, settledOf(line)))
        if (bucket === "reserved" || bucket === "committed" || bucket === "returning")
          this.add(sku, bucket, units);
    }
  }

  add(sku: string, bucket: string, units: number): void {
    const key = keyOf(sku, bucket);
    this.units.set(key, (this.units.get(key) ?? 0) + units);
  }
}

async function* pagesOfOrders(client: Client, sellerId: number): AsyncGenerator<OrderRecord[]> {
  let after = { channel: "", orderId: "" };
  for (;;) {
    const { rows } = await client.query<{ channel: string; order_id: string; state: JsonObject }>(
      `select channel, order_id, state from sales_order
       where seller_id = $1 and (channel, order_id) > ($2, $3) order by channel, order_id limit ${ORDERS_PER_PAGE}`,
      [sellerId, after.channel, after.orderId],
    );
    if (rows.length > 0) yield rows.map((row) => decodeOrder(row.channel, row.order_id, row.state));
    const last = rows.at(-1);
    if (last === undefined || rows.length < ORDERS_PER_PAGE) return;
    after = { channel: last.channel, orderId: last.order_id };
  }
}

/** The waiting rows an order should have. */
function waitingKeys({ channel, orderId, lines }: OrderRecord): string[] {
  return lines
    .filter((line) => line.recipe === null)
    .flatMap((line) => waitingRows(channel, orderId, line))
    .map((row) => keyOf(row.names, row.code, row.channel, row.orderId, row.lineId));
}

/** Compares the rows of waiting lines with the orders' lines that have no recipe. */
class Waiting {
  readonly differences: Difference[] = [];
  private readonly client: Client;
  private readonly sellerId: number;
  private after = { channel: "", orderId: "" };

  constructor(client: Client, sellerId: number) {
    this.client = client;
    this.sellerId = sellerId;
  }

  async compare(orders: readonly OrderRecord[]): Promise<void> {
    const expected = new Set(orders.flatMap(waitingKeys));
    const last = orders.at(-1);
    const found = await this.rowsUpTo(
      last === undefined ? null : { channel: last.channel, orderId: last.orderId },
    );
    for (const key of found)
      if (!expected.delete(key)) this.report(key, "waits for a mapping although its line does not");
    for (const key of expected) this.report(key, "is not mapped and does not wait for it");
  }

  /** Rows behind the last order belong to none. */
  async finish(): Promise<void> {
    for (const key of await this.rowsUpTo(null))
      this.report(key, "waits for a mapping although there is no such order");
  }

  private async rowsUpTo(last: { channel: string; orderId: string } | null): Promise<string[]> {
    const { rows } = await this.client.query<
      Record<"names" | "code" | "channel" | "order_id" | "line_id", string>
    >(
      `select names, code, channel, order_id, line_id from unmapped_line
       where seller_id = $1 and (channel, order_id) > ($2, $3) and ($4::text is null or (channel, order_id) <= ($4, $5))`,
      [this.sellerId, this.after.channel, this.after.orderId, last?.channel ?? null, last?.orderId ?? null],
    );
    if (last !== null) this.after = last;
    return rows.map((row) => keyOf(row.names, row.code, row.channel, row.order_id, row.line_id));
  }

  private report(key: string, what: string): void {
    if (this.differences.length >= MAX_DIFFERENCES) return;
    const [names, code, channel, orderId, lineId] = key.split("\u001f");
    const subject = `${channel}/${orderId}/${lineId}`;
    const sentence = `line ${lineId} of order ${orderId} of ${channel} (${names} ${code}) ${what}`;
    this.differences.push({ sellerId: this.sellerId, check: "unmapped lines", subject, sentence });
  }
}

const HOLDING: Partial<Record<ReservationState, "reserved" | "committed">> = {
  held: "reserved",
  committed: "committed",
};

async function addHolds(client: Client, sellerId: number, claimed: Claimed): Promise<void> {
  let after = "";
  for (;;) {
    const { rows } = await client.query<{
      reservation_id: string;
      state: ReservationState;
      body: { components: Component[] };
    }>(
      `select reservation_id, state, body from reservation
       where seller_id = $1 and reservation_id > $2 and state in ('held', 'committed')
       order by reservation_id limit ${ORDERS_PER_PAGE}`,
      [sellerId, after],
    );
    for (const { state, body } of rows)
      for (const { sku, units } of body.components) claimed.add(sku, HOLDING[state] ?? "nothing", units);
    const last = rows.at(-1);
    if (last === undefined || rows.length < ORDERS_PER_PAGE) return;
    after = last.reservation_id;
  }
}

async function compareBalances(client: Client, sellerId: number, claimed: Claimed): Promise<Difference[]> {
  const { rows } = await client.query<{ sku: string; bucket: string; units: number }>(
    `select a.sku, a.bucket, coalesce(last.after, 0)::bigint as units
     from account a
     left join lateral (
       select m.after from movement m where m.seller_id = $1 and (m.account_id + 0) = a.account_id
       order by m.prev_seq desc nulls last, m.prev_leg desc nulls last limit 1
     ) last on true
     where a.seller_id = $1 and a.location = ''`,
    [sellerId],
  );
  const differences: Difference[] = [];
  const report = (sku: string, bucket: string, numbers: { stands: number; claimed: number }): void => {
    if (numbers.stands === numbers.claimed || differences.length >= MAX_DIFFERENCES) return;
    const sentence = `${bucket} of ${sku} stands at ${numbers.stands}, orders and holds claim ${numbers.claimed}`;
    differences.push({ sellerId, check: "promises", subject: sku, sentence });
  };
  const left = new Map(claimed.units);
  for (const { sku, bucket, units } of rows) {
    const key = keyOf(sku, bucket);
    report(sku, bucket, { stands: Number(units), claimed: left.get(key) ?? 0 });
    left.delete(key);
  }
  for (const [key, units] of left) {
    const [sku = "", bucket = ""] = key.split("\u001f");
    report(sku, bucket, { stands: 0, claimed: units });
  }
  return differences;
}
