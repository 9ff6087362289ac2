import { MAX_UNITS } from "@onepool/core/ledger/units.ts";
import type pg from "pg";

import { skuCode } from "../workload/sku-draw.ts";

/**
 * What somebody would write by hand: a number per SKU that may not fall below zero, and a row per order line. Half of each page of stock is left
 * free, so that an update finds room beside the old row (heap-only tuples): the baseline at its best.
 */
const TABLES = `
  create schema baseline;
  create table baseline.stock (
    sku text collate "C" primary key,
    available bigint not null check (available >= 0)
  ) with (fillfactor = 50);
  create table baseline.order_line (
    order_id text collate "C" not null,
    line_id text collate "C" not null,
    sku text collate "C" not null,
    quantity bigint not null,
    recorded_at timestamptz not null default now(),
    primary key (order_id, line_id)
  );`;

/** Makes the tables with as many SKUs and units as the ledger has beside them. */
export async function layBaseline(pool: pg.Pool, skus: number): Promise<void> {
  await pool.query(TABLES);
  const codes = Array.from({ length: skus }, (_, index) => skuCode(index));
  await pool.query(
    "insert into baseline.stock (sku, available) select sku, $2 from unnest($1::text[]) as codes (sku)",
    [codes, MAX_UNITS],
  );
  await pool.query("vacuum (analyze) baseline.stock");
}
