// The whole pool as the screen holds it: rows in the order they were loaded, each replaced when its numbers change.
import type { ListingView, SkuNumbers, SkuPage, SkuRow } from "../../../api/contract.ts";

/** A listing as it was read, with what only somebody who reads again and again can know. */
export interface PoolListing extends ListingView {
  /** When it was read, and since when every reading said the same state; by the server's clock. */
  readonly readAt: number;
  readonly stateSince: number;
}

export interface PoolRow extends SkuRow {
  readonly listings: readonly PoolListing[];
  /** The ledger's sequence these numbers are known to hold at; older news does not touch them. */
  readonly seq: number;
}

export interface Pool {
  readonly rows: readonly PoolRow[];
  /**
   * Where each SKU stands in `rows`. Rows are never removed or moved, so the versions of a pool share one map that
   * only grows: copying it for each page of 100,000 SKUs would cost more than reading them.
   */
  readonly positions: Map<string, number>;
  /** The rows that sell through a listing, by `listingKey`; shared and growing like `positions`. */
  readonly byListing: Map<string, ReadonlySet<string>>;
  /** False while pages are still on their way. */
  readonly complete: boolean;
}

/** New numbers of one SKU, as of a ledger sequence. */
export interface NumbersNews extends SkuNumbers {
  readonly sku: string;
}

export function emptyPool(): Pool {
  return { rows: [], positions: new Map(), byListing: new Map(), complete: false };
}

export function listingKey(connection: string, externalId: string): string {
  // Codes hold no control characters, so this separates them for sure.
  return `${connection}\n${externalId}`;
}

/** The pool with rows read from the API, new or anew. A row that the stream already carried further keeps its numbers. */
export function withRows(pool: Pool, page: Pick<SkuPage, "skus" | "seq">, readAt: number): Pool {
  const rows = [...pool.rows];
  for (const read of page.skus) {
    const position = pool.positions.get(read.sku);
    const known = position === undefined ? undefined : rows[position];
    const { seq } = page;
    const listings = read.listings.map((listing) => timed(listing, known, readAt));
    const row: PoolRow =
      known !== undefined && known.seq > seq ? { ...known, listings } : { ...read, listings, seq };
    if (position === undefined) {
      pool.positions.set(read.sku, rows.length);
      rows.push(row);
    } else {
      rows[position] = row;
    }
    for (const listing of read.listings)
      linkListing(pool, listingKey(listing.connection, listing.externalId), read.sku);
  }
  return { ...pool, rows };
}

function timed(listing: ListingView, known: PoolRow | undefined, readAt: number): PoolListing {
  const before = known?.listings.find(
    ({ connection, externalId }) => connection === listing.connection && externalId === listing.externalId,
  );
  const stateSince = before?.state === listing.state ? before.stateSince : readAt;
  return { ...listing, readAt, stateSince };
}

function linkListing(pool: Pool, key: string, sku: string): void {
  const linked = pool.byListing.get(key);
  if (linked?.has(sku) === true) return;
  pool.byListing.set(key, new Set([...(linked ?? []), sku]));
}

/** The pool with the numbers of a ledger event; SKUs it does not hold are left for `withRows`. */
export function withNumbers(pool: Pool, seq: number, news: readonly NumbersNews[]): Pool {
  let rows: PoolRow[] | null = null;
  for (const numbers of news) {
    const position = pool.positions.get(numbers.sku);
    const row = position === undefined ? undefined : (rows ?? pool.rows)[position];
    if (position === undefined || row === undefined || row.seq >= seq) continue;
    rows ??= [...pool.rows];
    rows[position] = { ...row, ...numbers, seq };
  }
  return rows === null ? pool : { ...pool, rows };
}
