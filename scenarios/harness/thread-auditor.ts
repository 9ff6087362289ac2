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

/**
 * Whether every listing shows what it has to: all of its pool that is left; or, where a pool is so scarce that it is dealt
 * out, together no more than is left, each no more than it could sell, and something as long as anybody could sell any.
 */
export function showsRight(plan: BenchPlan, simulator: MercadoLibreSimulator): boolean {
  const available = trueAvailable(simulator);
  const shown = shows(simulator);
  const right = rightShows(plan, simulator);
  const keyOf = ({ account, listing, variation }: BenchPlan["listings"][number]) =>
    `${account}/${listing}/${variation ?? ""}`;
  return [...Map.groupBy(plan.listings, ({ sku }) => sku)].every(([sku, listings]) => {
    if (listings.every((listing) => shown[keyOf(listing)] === right[keyOf(listing)])) return true;
    const dealt = listings.reduce((sum, one) => sum + one.unitsPerSale * (shown[keyOf(one)] ?? 0), 0);
    const isOffered = dealt > 0 || listings.every((one) => right[keyOf(one)] === 0);
    const isPossible = listings.every((one) => (shown[keyOf(one)] ?? 0) <= (right[keyOf(one)] ?? 0));
    return listings.length > 1 && dealt <= (available[sku] ?? 0) && isOffered && isPossible;
  });
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
