/** What a buyer can choose on a marketplace: a listing, or one variation of it, of one seller account. */
export interface ListingKey {
  account: string;
  listing: string;
  variation: number | null;
}

/** The key as one string, for maps. */
export function listingCode(key: ListingKey): string {
  return key.variation === null
    ? `${key.account}/${key.listing}`
    : `${key.account}/${key.listing}/${key.variation}`;
}
