// Two processes that write to one seller leave each other's memory behind with every batch. Instead of reading everything
// again, the one that fell behind forgets what the other's entries touched.
import { keyOf } from "@onepool/core/ledger/ledger-state.ts";
import type pg from "pg";

import { sendBurst, type Statement, type StepResult } from "./burst.ts";
import type { Head, SellerCache } from "./seller-cache.ts";

/** Beyond so many entries reading anew is as cheap. */
const MOST_ENTRIES = 5_000;

const READ_TOUCHED_SKUS: Statement = {
  name: "ledger_touched_skus",
  text: `select distinct (select a.sku from account a where a.seller_id = $1 and a.account_id = m.account_id)
    from movement m where m.seller_id = $1 and m.seq > $2`,
};

const READ_TOUCHING_ENTRIES: Statement = {
  name: "ledger_touching_entries",
  text: `select kind, channel, order_id, case when kind = 'sku' then body ->> 'sku' end
    from entry where seller_id = $1 and seq > $2`,
};

/** Brings memory to a head that others moved. False when it is too far behind; then it is to be dropped. */
export async function catchUp(
  client: pg.ClientBase,
  sellerId: number,
  { cache, head }: { readonly cache: SellerCache; readonly head: Head },
): Promise<boolean> {
  const behind = head.seq - cache.head.seq;
  if (behind < 0 || behind > MOST_ENTRIES) return false;
  if (behind > 0) {
    const values = [sellerId, cache.head.seq];
    const [skus, entries] = await sendBurst(client, [
      { statement: READ_TOUCHED_SKUS, values },
      { statement: READ_TOUCHING_ENTRIES, values },
    ]);
    for (const row of rowsOf(skus)) forgetPool(cache, row);
    for (const row of rowsOf(entries)) forgetRecords(cache, row);
    forgetUncertain(cache);
  }
  cache.head = head;
  return true;
}

type Row = StepResult["rows"][number];

function rowsOf(result: StepResult | undefined): StepResult["rows"] {
  return result?.rows ?? [];
}

function forgetPool({ state, tips }: SellerCache, [sku]: Row): void {
  state.accounts.delete(sku ?? "");
  tips.delete(sku ?? "");
}

function forgetRecords({ state }: SellerCache, [kind, channel, orderId, sku]: Row): void {
  if (orderId !== null) state.orders.delete(keyOf(channel ?? "", orderId ?? ""));
  // An order of a channel that nobody knew makes it known.
  if (state.connections.get(channel ?? "") === null) state.connections.delete(channel ?? "");
  if (kind === "sku") state.skus.delete(sku ?? "");
  else if (kind === "location") state.locations.clear();
  else if (kind === "connection") state.connections.clear();
  else if (kind === "listing") state.listings.clear();
}

/** Rows that entries do not name; few of them are remembered for long anyway. */
function forgetUncertain({ state }: SellerCache): void {
  for (const table of [
    state.reservations,
    state.withheldUnits,
    state.inbounds,
    state.externalEntries,
    state.counts,
    state.movedAfter,
    state.unmapped,
    state.alerts,
  ])
    table.clear();
}
