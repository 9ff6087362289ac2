import type { Units } from "@onepool/core/ledger/units.ts";
import type pg from "pg";

import type { ConnectionKey } from "../notice-store.ts";

/** Levels of a keeper that wait for a person: how many, units in all, and the largest; null where there are none. */
export async function readDriftTotals(
  client: pg.PoolClient,
  key: ConnectionKey,
): Promise<{
  readonly levels: number;
  readonly units: Units;
  readonly sku: string;
  readonly location: string;
  readonly drift: Units;
} | null> {
  const { rows } = await client.query<{
    levels: number;
    units: number;
    sku: string;
    location: string;
    drift: number;
  }>({
    name: "keeper_read_drift_totals",
    text: `select count(*) over () as levels, sum(abs(drift)) over ()::int8 as units, sku, location, drift
      from keeper_level where seller_id = $1 and connection = $2 and state = 'open'
      order by abs(drift) desc, location, sku limit 1`,
    values: [key.sellerId, key.code],
  });
  return rows[0] ?? null;
}
