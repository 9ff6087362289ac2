// Predicts from the marketplace's own truth alone what Onepool must say and every listing must show.
import type { MercadoLibreSimulator } from "@onepool/simulators/mercadolibre/start.ts";
import type pg from "pg";

import type { BenchPlan } from "./thread-bench.ts";

/** What the pool holds of each SKU by the marketplace's books: what was supplied less what was really sold. */
export function trueAvailable(simulator: MercadoLibreSimulator): Record<string, number> {
  return Object.fromEntries(
    simulator.truth().groups.map(({ id, units, netAcceptedUnits }) => [id, units - netAcceptedUnits]),
  );
}

/** What every listing has to show then, by `account/listing/variation`. */
export function rightShows(plan: BenchPlan, simulator: MercadoLibreSimulator): Record<string, number> {
  const available = trueAvailable(simulator);
  return Object.fromEntries(
    plan.listings.map(({ account, listing, variation, sku, unitsPerSale }) => [
      `${account}/${listing}/${variation ?? ""}`,
      Math.max(0, Math.floor((available[sku] ?? 0) / unitsPerSale)),
    ]),
  );
}

export function shows(simulator: MercadoLibreSimulator): Record<string, number> {
  return Object.fromEntries(
    simulator
      .truth()
      .listings.map(({ account, listing, variation, availableQuantity }) => [
        `${account}/${listing}/${variation ?? ""}`,
        availableQuantity,
      ]),
  );
}

/** Available real of every SKU by the movements in the database, added up from the beginning. */
export async function bookedAvailable(pool: pg.Pool, sellerId: number): Promise<Record<string, number>> {
  const { rows } = await pool.query<{ sku: string; available: number }>(
    `select a.sku, sum(case when a.bucket = 'sellable' then m.units when a.bucket in ('reserved', 'committed') then -m.units else 0 end)::int8 as available
     from account a join movement m on m.seller_id = a.seller_id and m.account_id = a.account_id
     where a.seller_id = $1 group by a.sku`,
    [sellerId],
  );
  return Object.fromEntries(rows.map(({ sku, available }) => [sku, available] as const));
}
