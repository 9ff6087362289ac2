// What intake leaves for publish: which listings have to be read again, and what the channel still holds of its own sales.
import type { OrderReport } from "@onepool/core/ledger/order-record.ts";
import type { Instant } from "@onepool/core/ledger/units.ts";
import type pg from "pg";

/**
 * Asks for a reading of a listing and all that is sold under it, newer than `at`, due at `dueAt`. Answers how many that are.
 */
export async function wantReadings(
  pool: pg.Pool,
  listing: { readonly sellerId: number; readonly connection: string; readonly externalId: string },
  { at, dueAt }: { readonly at: Instant; readonly dueAt: Instant },
): Promise<number> {
  const { rowCount } = await pool.query({
    name: "intake_want_readings",
    text: `update listing_state set read_wanted_at = $4, next_attempt_at = least(next_attempt_at, $5), version = version + 1
      where seller_id = $1 and connection = $2
        and external_id = any(array(
          select $3::text union all
          select external_id from listing_state
          where seller_id = $1 and connection = $2 and external_id > $3 || ':' and external_id < $3 || ';'))
        and (read_wanted_at is null or read_wanted_at < $4) and (observed_at is null or observed_at < $4)`,
    values: [listing.sellerId, listing.connection, listing.externalId, new Date(at), new Date(dueAt)],
  });
  return rowCount ?? 0;
}

/**
 * Before an order's state goes to the ledger, if it is news. The channel lowers its own number at a sale, so the listings are
 * to be read before they are written. Where it does so only when the order closes (`isGross`), an open one is noted instead:
 * it counts from the moment the ledger holds it as pending, until the ledger says otherwise. An untimed state is news where its
 * status is.
 */
export async function expectOwnSale(
  pool: pg.Pool,
  sellerId: number,
  report: OrderReport,
  ask: { readonly now: Instant; readonly isGross: boolean },
): Promise<void> {
  const units = new Map<string, number>();
  for (const { listing, quantity } of report.lines) {
    if (listing !== undefined) units.set(listing, (units.get(listing) ?? 0) + quantity);
  }
  await pool.query({
    name: "intake_expect_own_sale",
    text: `with news as (
        select where not exists (
          select from sales_order s where s.seller_id = $1 and s.channel = $2 and s.order_id = $3
            and ((s.state ->> 'updated')::int8 > $6 or (($10 or (s.state ->> 'updated')::int8 = $6) and s.state ->> 'status' = $8)))
      ), wanted as (
        update listing_state set read_wanted_at = $4, next_attempt_at = least(next_attempt_at, $4), version = version + 1
        where seller_id = $1 and connection = $2 and external_id = any($5::text[]) and not $9 and exists (select from news)
      )
      insert into open_sale (seller_id, connection, external_id, order_id, units, opened_at)
      select $1, $2, u.external_id, $3, u.units, $4 from news, unnest($5::text[], $7::int8[]) as u (external_id, units)
      where $9 on conflict do nothing`,
    values: [
      sellerId,
      report.channel,
      report.orderId,
      new Date(ask.now),
      [...units.keys()],
      report.updatedAt ?? ask.now,
      [...units.values()],
      report.status,
      ask.isGross && report.status === "pending",
      report.updatedAt === undefined,
    ],
  });
}

/** After the ledger holds an order that is open no longer: nothing is left to count. */
export async function forgetOpenSale(pool: pg.Pool, sellerId: number, report: OrderReport): Promise<void> {
  await pool.query({
    name: "intake_forget_open_sale",
    text: `delete from open_sale o using unnest($4::text[]) as l (external_id)
      where o.seller_id = $1 and o.connection = $2 and o.order_id = $3 and o.external_id = l.external_id`,
    values: [sellerId, report.channel, report.orderId, report.lines.flatMap(({ listing }) => listing ?? [])],
  });
}
