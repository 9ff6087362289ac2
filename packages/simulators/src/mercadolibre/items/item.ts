import type { ListingKey } from "../../truth/listing-key.ts";
import { unpromisedOf, type UserProduct } from "../user-products/user-product.ts";

export type ItemStatus = "active" | "paused" | "under_review" | "closed" | "inactive" | "payment_required";

/** Units of one thing a buyer can choose. */
export interface Stock {
  /** `available_quantity` as the API tells it. */
  available: number;
  sold: number;
  /** In orders that are accepted but not closed: still in `available`, but not for the next buyer. */
  held: number;
  /** The stock it shares with whatever else sells the same user product; `available` is a copy that may lag. */
  shared: UserProduct | null;
}

export interface Variation {
  id: number;
  stock: Stock;
  sellerSku: string | null;
  sellerCustomField: string | null;
  userProductId: string;
  inventoryId: string | null;
  /** What tells it from its siblings, shown as the attribute SIZE. */
  label: string;
}

/** A listing of a seller. `stock` counts only when there are no variations. */
export interface Item {
  id: string;
  account: string;
  siteId: string;
  title: string;
  categoryId: string;
  price: number;
  condition: "new" | "used";
  listingType: string;
  status: ItemStatus;
  subStatus: string[];
  stock: Stock;
  initialQuantity: number;
  sellerSku: string | null;
  sellerCustomField: string | null;
  userProductId: string | null;
  inventoryId: string | null;
  catalogListing: boolean;
  logisticType: string;
  /** `self_service_in`: also sold by Flex. */
  shippingTags: string[];
  familyId: number | null;
  familyName: string | null;
  /** The closed item that this one was relisted from. */
  parentItemId: string | null;
  /** Its price is automated, and not the seller's to write. */
  dynamicPricing: boolean;
  tags: string[];
  variations: Variation[];
  createdAt: number;
  lastUpdatedAt: number;
}

/** One thing a buyer can choose: the item, or one of its variations. */
export interface Offer {
  item: Item;
  variation: Variation | null;
}

export function stockOf({ item, variation }: Offer): Stock {
  return variation === null ? item.stock : variation.stock;
}

export function keyOf({ item, variation }: Offer): ListingKey {
  return { account: item.account, listing: item.id, variation: variation?.id ?? null };
}

/** Everything a buyer can choose on this item. */
export function offersOf(item: Item): Offer[] {
  if (item.variations.length === 0) return [{ item, variation: null }];
  return item.variations.map((variation) => ({ item, variation }));
}

/** `available_quantity` of the whole item. */
export function availableOf(item: Item): number {
  return offersOf(item).reduce((total, offer) => total + stockOf(offer).available, 0);
}

/** What the next buyer could take: never more than the user product still has, however late its copy is (ASSUMED). */
export function shownOf(offer: Offer): number {
  if (offer.item.status !== "active") return 0;
  const { available, held, shared } = stockOf(offer);
  const shareable = shared === null ? null : unpromisedOf(shared);
  return Math.max(0, Math.min(available - held, shareable ?? Infinity));
}

/** Promises units to a buyer whose order is not closed yet, or takes the promise back. */
export function hold(offer: Offer, units: number): void {
  const stock = stockOf(offer);
  stock.held += units;
  if (stock.shared !== null) stock.shared.heldUnits += units;
}
