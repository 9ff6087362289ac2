import type { Listing } from "./listing.ts";

/** Every listing, found by account, store and SKU. */
export class ListingStore {
  readonly #byAccount = new Map<string, Map<string, Listing>>();

  find(account: string, marketplaceId: string, sku: string): Listing | undefined {
    return this.#byAccount.get(account)?.get(code(marketplaceId, sku));
  }

  add(listing: Listing): void {
    const listings = this.#byAccount.get(listing.account) ?? new Map<string, Listing>();
    listings.set(code(listing.marketplaceId, listing.sku), listing);
    this.#byAccount.set(listing.account, listings);
  }

  /** A seller's listings, in the order they were made. */
  of(account: string): Listing[] {
    return [...(this.#byAccount.get(account)?.values() ?? [])];
  }

  all(): Listing[] {
    return [...this.#byAccount.values()].flatMap((listings) => [...listings.values()]);
  }
}

function code(marketplaceId: string, sku: string): string {
  return `${marketplaceId} ${sku}`;
}
