// What intake leaves for publish: which listings have to be read again, and what the channel still holds of its own sales.
import type { OrderReport } from "@onepool/core/ledger/order-record.ts";
import type { Instant } from "@onepool/core/ledger/units.ts";
import type pg from "pg";

/** Asks for a reading of a listing and all that is sold under it, newer than `at`. Answers how many that are. */
export async function wantReadings(
  pool: pg.Pool,
  listing: { readonly sellerId: number; readonly connection: string; readonly externalId: string },
  at: Instant,
): Promise<number> {
  const { rowCount } = await pool.query({
    name: "intake_want_readings",
    text: `update listing_state set read_wanted_at = $4, next_attempt_at = least(next_attempt_at, $4), version = version + 1
      where seller_id = $1 and connection = $2
        and (external_id = $3 or (external_id > $3 || ':' and external_id < $3 || ';'))
        and (read_wanted_at is null or read_wanted_at < $4) and (observed_at is null or observed_at < $4)`,
    values: [listing.sellerId, listing.connection, listing.externalId, new Date(at)],
  });
  return rowCount ?? 0;
}

/**
 * Before an order's state goes to the ledger, if it is news: its listings are to be read before they are written, since the
 * channel may have lowered them by itself. An order that is open no longer is not counted as open from here on, so that no
 * listing ever shows it twice.
 */
export async function expectOwnSale(
  pool: pg.Pool,
  sellerId: number,
  report: OrderReport,
  now: Instant,
): Promise<void> {
  await pool.query({
    name: "intake_expect_own_sale",
    text: `with news as (
        select where not exists (
          select from sales_order s where s.seller_id = $1 and s.channel = $2 and s.order_id = $3
            and ((s.state ->> 'updated')::int8 > $6 or ((s.state ->> 'updated')::int8 = $6 and s.state ->> 'status' = $8)))
      ), wanted as (
        update listing_state set read_wanted_at = $4, next_attempt_at = least(next_attempt_at, $4), version = version + 1
        where seller_id = $1 and connection = $2 and external_id = any($5::text[]) and exists (select from news)
      )
      delete from open_sale where seller_id = $1 and connection = $2 and order_id = $3 and $7`,
    values: [
      sellerId,
      report.channel,
      report.orderId,
      new Date(now),
      report.lines.flatMap(({ listing }) => listing ?? []),
      report.updatedAt ?? now,
      report.status !== "pending",
      report.status,
    ],
  });
}

/** After an open order is in the ledger: its units still stand in the channel's own number. */
export async function noteOpenSale(
  pool: pg.Pool,
  sellerId: number,
  report: OrderReport,
  now: Instant,
): Promise<void> {
  const units = new Map<string, number>();
  for (const { listing, quantity, fulfilledBy } of report.lines) {
    if (listing !== undefined && fulfilledBy !== "channel")
      units.set(listing, (units.get(listing) ?? 0) + quantity);
  }
  await pool.query({
    name: "intake_note_open_sale",
    text: `insert into open_sale (seller_id, connection, external_id, order_id, units, opened_at)
      select $1, $2, u.external_id, $3, u.units, $4 from unnest($5::text[], $6::int8[]) as u (external_id, units)
      on conflict do nothing`,
    values: [sellerId, report.channel, report.orderId, new Date(now), [...units.keys()], [...units.values()]],
  });
}
