import type { Offer } from "../items/item.ts";

export type LocationType = "selling_address" | "meli_facility" | "seller_warehouse";

/** Units of a user product in one place. */
export interface StockLocation {
  type: LocationType;
  /** Both only for a seller's depot. */
  storeId: string | null;
  nodeId: string | null;
  quantity: number;
}

/** One thing that a seller has, whatever the number of items that sell it: they all share its stock. */
export interface UserProduct {
  id: string;
  account: string;
  siteId: string;
  name: string;
  familyId: number | null;
  /** Empty until the stock is first set: reading it is a 404 until then. */
  locations: StockLocation[];
  /** What `x-version` says; every writer makes it larger. */
  version: number;
  /** In orders of any of its items that are accepted but not closed. */
  heldUnits: number;
  /** Everything buyers can choose that sells it. */
  offers: Offer[];
  /** Changes so far: keys the draws of how long the items take to follow. */
  changes: number;
  createdAt: number;
  lastUpdatedAt: number;
}

/** Units in all its places. */
export function totalOf({ locations }: Pick<UserProduct, "locations">): number {
  return locations.reduce((total, { quantity }) => total + quantity, 0);
}

/** What of it the next buyer could take, whichever item they come by; null while its stock was never set. */
export function unpromisedOf(product: UserProduct): number | null {
  return product.locations.length === 0 ? null : totalOf(product) - product.heldUnits;
}

/** Makes the places hold `units` in all: the first one takes the difference, the others only what it cannot. */
export function setTotal(product: UserProduct, units: number): void {
  let missing = units - totalOf(product);
  for (const location of product.locations) {
    const next = Math.max(0, location.quantity + missing);
    missing -= next - location.quantity;
    location.quantity = next;
  }
}
