import type { Listing } from "./listing.ts";

/** Every listing, found by account, store and SKU. */
export class ListingStore {
  readonly #byAccount = new Map<string, Map<string, Listing>>();
  readonly #byName = new Map<string, Map<string, Listing>>();

  find(account: string, marketplaceId: string, sku: string): Listing | undefined {
    return this.#byAccount.get(account)?.get(code(marketplaceId, sku));
  }

  /** By the name that control calls use. */
  named(account: string, name: string): Listing | undefined {
    return this.#byName.get(account)?.get(name);
  }

  add(listing: Listing): void {
    const { account, marketplaceId, sku, name } = listing;
    const bySku = this.#byAccount.get(account) ?? new Map<string, Listing>();
    const byName = this.#byName.get(account) ?? new Map<string, Listing>();
    this.#byAccount.set(account, bySku.set(code(marketplaceId, sku), listing));
    this.#byName.set(account, byName.set(name, listing));
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
