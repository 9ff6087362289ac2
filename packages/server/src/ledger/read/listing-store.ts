import type { ListingNow } from "./listing-now.ts";
import type { Reader } from "./reader.ts";
import { listingNow } from "./sql-fragments.ts";

export interface ListingKey {
  readonly connection: string;
  readonly externalId: string;
}

export interface ListingFilter {
  readonly sellerId: number;
  /** The last listing of the page before. */
  readonly after: ListingKey | null;
  readonly limit: number;
  readonly connection: string | null;
  /** Sells this SKU. */
  readonly sku: string | null;
}

const LIST_LISTINGS = `
select ${listingNow("(select h.seq from head h where h.seller_id = $1)")} as now
from listing l
where l.seller_id = $1 and (l.connection, l.external_id) > ($2, $3)
  and ($5::text is null or l.connection = $5)
  and ($6::text is null or exists (
    select from listing_component s
    where s.seller_id = $1 and s.sku = $6 and s.connection = l.connection and s.external_id = l.external_id))
order by l.connection, l.external_id limit $4`;

const READ_LISTING = `
select ${listingNow("(select h.seq from head h where h.seller_id = $1)")} as now
from listing l where l.seller_id = $1 and l.connection = $2 and l.external_id = $3`;

/** Listings by connection and external id. */
export async function listListings(reader: Reader, filter: ListingFilter): Promise<ListingNow[]> {
  const { sellerId, after, limit, connection, sku } = filter;
  const values = [sellerId, after?.connection ?? "", after?.externalId ?? "", limit, connection, sku];
  const rows = await reader.rows<{ now: ListingNow }>({ text: LIST_LISTINGS, values: values });
  return rows.map(({ now }) => now);
}

/** One listing, or null. */
export async function readListing(
  reader: Reader,
  sellerId: number,
  key: ListingKey,
): Promise<ListingNow | null> {
  const rows = await reader.rows<{ now: ListingNow }>({
    text: READ_LISTING,
    values: [sellerId, key.connection, key.externalId],
  });
  return rows[0]?.now ?? null;
}
