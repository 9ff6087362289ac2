// Which rows a table shows, in which order. The answer is a list of places in the pool, computed when somebody asks
// for it and kept while numbers change: rows never move under the pointer (docs/visual-language.md).
import type { PoolRow } from "./pool.ts";

/** What a pool can be sorted by. */
export const SORT_KEYS = [
  "sku",
  "available",
  "onHand",
  "reserved",
  "committed",
  "incoming",
  "returning",
] as const;
export type SortKey = (typeof SORT_KEYS)[number];

export interface PoolOrder {
  readonly sortBy: SortKey;
  readonly descending: boolean;
  /** What was typed into the search field. */
  readonly search: string;
  /** Besides the search: a row must pass it. */
  readonly passes: (row: PoolRow) => boolean;
}

/** Compares codes as people do: A-2 before A-10. */
const codes = new Intl.Collator("en", { numeric: true });

/** The places in `rows` of what is shown, in the order shown. */
export function orderRows(rows: readonly PoolRow[], order: PoolOrder): readonly number[] {
  const found = matcher(order.search);
  const shown: number[] = [];
  rows.forEach((row, position) => {
    if (order.passes(row) && found(row)) shown.push(position);
  });
  if (order.sortBy === "sku") return sortedByCode(rows, shown, order.descending);
  const key = order.sortBy;
  const sign = order.descending ? -1 : 1;
  // Equal numbers keep the order they were loaded in, which is the order of their codes.
  return shown.sort((a, b) => sign * (numberAt(rows, a, key) - numberAt(rows, b, key)) || a - b);
}

/** An order that was kept while rows changed: what is shown, and whether the rows as they are now would be shown otherwise. */
export interface KeptOrder {
  readonly shown: readonly number[];
  readonly outOfOrder: boolean;
}

/** Keeps the rows of `shown` where they are; of the rows after the first `known` ones, which are new, puts theirs last. */
export function keepOrder(
  rows: readonly PoolRow[],
  { shown, known }: { readonly shown: readonly number[]; readonly known: number },
  order: PoolOrder,
): KeptOrder {
  const now = orderRows(rows, order);
  const added = rows.length > known ? now.filter((position) => position >= known) : [];
  const kept = added.length > 0 ? [...shown, ...added] : shown;
  const outOfOrder = now.length !== kept.length || now.some((position, index) => position !== kept[index]);
  return { shown: kept, outOfOrder };
}

function sortedByCode(rows: readonly PoolRow[], shown: number[], descending: boolean): number[] {
  const sign = descending ? -1 : 1;
  return shown.sort((a, b) => sign * codes.compare(rows[a]?.sku ?? "", rows[b]?.sku ?? ""));
}

function numberAt(rows: readonly PoolRow[], position: number, key: Exclude<SortKey, "sku">): number {
  return rows[position]?.[key] ?? 0;
}

/** Every word of the search must stand in the code, the title or a listing's id, whatever their case and accents. */
function matcher(search: string): (row: PoolRow) => boolean {
  const words = plain(search)
    .split(/\s+/)
    .filter((word) => word !== "");
  if (words.length === 0) return () => true;
  return (row) => {
    const text = searchText(row);
    return words.every((word) => text.includes(word));
  };
}

/** Folding 100,000 titles at each key stroke would be felt; a row's text is folded once and kept with its code. */
const texts = new Map<string, { readonly of: string; readonly plain: string }>();

function searchText(row: PoolRow): string {
  const text = [row.sku, row.title ?? "", ...row.listings.map((listing) => listing.externalId)].join(" ");
  const kept = texts.get(row.sku);
  if (kept?.of === text) return kept.plain;
  const folded = plain(text);
  texts.set(row.sku, { of: text, plain: folded });
  return folded;
}

function plain(text: string): string {
  const lower = text.toLowerCase();
  // Taking accents off what has none is most of the work.
  return /[\u0080-\uffff]/.test(lower) ? lower.normalize("NFD").replace(/\p{Diacritic}/gu, "") : lower;
}
