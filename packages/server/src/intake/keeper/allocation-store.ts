import { placeKey } from "@onepool/core/intake/keeper/booking.ts";
import { ALLOCATION_STRIKES } from "@onepool/core/intake/keeper/judge-allocation.ts";
import type { Instant, Units } from "@onepool/core/ledger/units.ts";
import type pg from "pg";

import type { ConnectionKey } from "../notice-store.ts";
import type { LevelPlace } from "./keeper-level-store.ts";

/** Orders given longer ago have left, or are somebody's question by now. In milliseconds. */
const ORDERS_SINCE_MS = 14 * 24 * 3_600_000;

/** Units of SKUs that a keeper was given orders for and that have not left, by place. */
export async function readGivenUnits(
  client: pg.PoolClient,
  key: ConnectionKey,
  asked: {
    readonly skus: readonly string[];
    /** Our location by the keeper's facility. */
    readonly locations: ReadonlyMap<string, string>;
    readonly now: Instant;
  },
): Promise<ReadonlyMap<string, Units>> {
  const { skus, locations, now } = asked;
  const { rows } = await client.query<LevelPlace & { readonly units: number }>({
    name: "keeper_read_given_units",
    text: `with given as (
        select k.reference, k.keeper_order_id, f.location, k.lines
        from keeper_order k join unnest($4::text[], $5::text[]) as f (facility, location) on f.facility = k.facility
        where k.seller_id = $1 and k.connection = $2 and k.state in ('sent', 'cancelling', 'too_late') and k.created_at > $6
      ), wanted as (
        select g.location, l.sku, sum(l.units) as units
        from given g, json_to_recordset(g.lines) as l (sku text, units bigint)
        where l.sku = any($3::text[]) group by g.location, l.sku
      ), gone as (
        select p.location, p.sku, sum(p.units) as units
        from given g
        cross join lateral (
          select d.state from keeper_document d
          where d.seller_id = $1 and d.connection = $2 and d.kind = 'order'
            and (d.keeper_id = g.keeper_order_id or d.reference = g.reference) limit 1
        ) d
        cross join json_to_recordset(d.state -> 'placed') as p (sku text, location text, units bigint)
        where p.sku = any($3::text[]) group by p.location, p.sku
      )
      select w.sku, w.location, greatest(0, w.units - coalesce(o.units, 0))::int8 as units
      from wanted w left join gone o on o.location = w.location and o.sku = w.sku`,
    values: [
      key.sellerId,
      key.code,
      skus,
      [...locations.keys()],
      [...locations.values()],
      new Date(now - ORDERS_SINCE_MS),
    ],
  });
  return new Map(rows.map((row) => [placeKey(row), row.units] as const));
}

/** Levels of which the keeper has other units allocated than it was given, time and again: how many, and the first of them. */
export async function readAllocationTotals(
  client: pg.PoolClient,
  key: ConnectionKey,
): Promise<{
  readonly levels: number;
  readonly sku: string;
  readonly location: string;
  readonly allocated: Units;
  readonly ours: Units;
} | null> {
  const { rows } = await client.query<{
    levels: number;
    sku: string;
    location: string;
    allocated: number;
    ours: number;
  }>({
    name: "keeper_read_allocation_totals",
    text: `select count(*) over () as levels, sku, location, allocated, allocated_ours as ours from keeper_level
      where seller_id = $1 and connection = $2 and allocated_strikes > 1 and allocated_strikes >= $3 order by location, sku limit 1`,
    values: [key.sellerId, key.code, ALLOCATION_STRIKES],
  });
  return rows[0] ?? null;
}
