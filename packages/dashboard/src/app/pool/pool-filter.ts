import type { PoolRow } from "../../features/ledger/api/pool.ts";
import { stockState } from "../../features/ledger/api/stock-state.ts";
import { anyMarked } from "../../features/publish/api/listing-mark.ts";

/** What one can narrow the pool down to, in the order of the buttons. */
export const POOL_FILTERS = [
  "all",
  "oversold",
  "soldOut",
  "lastUnits",
  "pushing",
  "differs",
  "silent",
] as const;
export type PoolFilter = (typeof POOL_FILTERS)[number];

type Passes = (row: PoolRow) => boolean;

const passes: Readonly<Record<PoolFilter, Passes>> = {
  all: () => true,
  oversold: (row) => stockState(row) === "oversold",
  soldOut: (row) => stockState(row) === "soldOut",
  lastUnits: (row) => stockState(row) === "lastUnits",
  pushing: (row) => anyMarked(row.listings, "pushing"),
  differs: (row) => anyMarked(row.listings, "differs"),
  silent: (row) => anyMarked(row.listings, "silent"),
};

export function filterRows(filter: PoolFilter): Passes {
  return passes[filter];
}

export type FilterCounts = Readonly<Record<PoolFilter, number>>;

/** The filters a row passes, kept with the row: of 100,000 rows only those that changed are looked at again. */
const known = new WeakMap<PoolRow, readonly PoolFilter[]>();

/** How many rows each filter would show. */
export function countFilters(rows: readonly PoolRow[]): FilterCounts {
  const counts = { all: 0, oversold: 0, soldOut: 0, lastUnits: 0, pushing: 0, differs: 0, silent: 0 };
  for (const row of rows) for (const filter of filtersOf(row)) counts[filter] += 1;
  return counts;
}

function filtersOf(row: PoolRow): readonly PoolFilter[] {
  let filters = known.get(row);
  if (filters === undefined) {
    filters = POOL_FILTERS.filter((filter) => passes[filter](row));
    known.set(row, filters);
  }
  return filters;
}
