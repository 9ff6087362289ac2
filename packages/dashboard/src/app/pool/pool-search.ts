import { SORT_KEYS, type SortKey } from "../../features/ledger/api/pool-order.ts";
import { POOL_FILTERS, type PoolFilter } from "./pool-filter.ts";

/** What the pool page shows, as its address says it: `/?q=brace&show=oversold&sort=-available`. */
export interface PoolSearch {
  readonly q?: string;
  readonly show?: PoolFilter;
  /** A column, with `-` before it for the largest first. */
  readonly sort?: string;
}

/** What of an address makes sense; the rest is passed over, so that an old link still opens the pool. */
export function readPoolSearch(raw: Readonly<Record<string, unknown>>): PoolSearch {
  const { q, show, sort } = raw;
  // A search for 123 stands in the address as a number.
  const words = typeof q === "number" ? String(q) : q;
  return {
    ...(typeof words === "string" && words !== "" ? { q: words } : {}),
    ...(POOL_FILTERS.some((filter) => filter === show && filter !== "all")
      ? { show: show as PoolFilter }
      : {}),
    ...(typeof sort === "string" && isSort(sort) ? { sort } : {}),
  };
}

export interface PoolSort {
  readonly sortBy: SortKey;
  readonly descending: boolean;
}

/** By code unless the address says otherwise: the order that changes least. */
export function sortOf({ sort = "sku" }: Pick<PoolSearch, "sort">): PoolSort {
  const key = SORT_KEYS.find((known) => known === sort.replace(/^-/, ""));
  return { sortBy: key ?? "sku", descending: sort.startsWith("-") };
}

export function sortText({ sortBy, descending }: PoolSort): string | undefined {
  return sortBy === "sku" && !descending ? undefined : `${descending ? "-" : ""}${sortBy}`;
}

function isSort(text: string): boolean {
  return SORT_KEYS.some((key) => key === text || `-${key}` === text);
}
