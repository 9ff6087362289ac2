import type { Item, Offer } from "../items/item.ts";
import type { Seller, Store } from "../seller.ts";
import { siteOf } from "../seller.ts";
import type { StockLocation, UserProduct } from "./user-product.ts";

/** Where the units of an order come from. */
export type Source = Omit<StockLocation, "quantity">;

/** Seller and marketplace both sell it: Full, with the tag of Flex. */
export function sharesWithFlex(item: Item): boolean {
  return item.logisticType === "fulfillment" && item.shippingTags.includes("self_service_in");
}

function place(type: StockLocation["type"], quantity: number, store?: Store): StockLocation {
  return { type, storeId: store?.id ?? null, nodeId: store?.nodeId ?? null, quantity };
}

/** The places that a user product of these offers has, all units in the first: at most the marketplace's and one own. */
export function placesFor(seller: Seller, offers: readonly Offer[], units: number): StockLocation[] {
  const [depot] = seller.stores.filter(({ isStockLocation }) => isStockLocation);
  const isFull = offers.some(({ item }) => item.logisticType === "fulfillment");
  const isOwn = offers.some(({ item }) => item.logisticType !== "fulfillment" || sharesWithFlex(item));
  const own = seller.tags.includes("warehouse_management")
    ? place("seller_warehouse", isFull ? 0 : units, depot)
    : place("selling_address", isFull ? 0 : units);
  return [...(isFull ? [place("meli_facility", units)] : []), ...(isOwn || !isFull ? [own] : [])];
}

function unitsIn(places: readonly StockLocation[], inFacility: boolean): number {
  return places
    .filter(({ type }) => (type === "meli_facility") === inFacility)
    .reduce((total, { quantity }) => total + quantity, 0);
}

/** Gives a user product the places that its items and its seller now call for; nothing is lost on the way. */
export function arrangePlaces(seller: Seller, product: UserProduct): void {
  if (product.locations.length === 0) return;
  const wanted = placesFor(seller, product.offers, 0);
  const types = (places: readonly StockLocation[]): string =>
    [...new Set(places.map(({ type }) => type))].toSorted().join();
  if (types(wanted) === types(product.locations)) return;
  const inFacility = unitsIn(product.locations, true);
  const own = unitsIn(product.locations, false);
  for (const next of wanted) {
    const share = next.type === "meli_facility" ? inFacility : own;
    next.quantity = wanted.length === 1 ? inFacility + own : share;
  }
  product.locations = wanted;
}

/** ASSUMED names of the marketplace's own warehouses; ARBA01 was captured. */
function facilityNode(siteId: string): string {
  const { country } = siteOf(siteId);
  return country === "AR" ? "ARBA01" : `${country}FF01`;
}

/**
 * Where an order is sent from: the marketplace's warehouse first if the item is in Full and it holds enough,
 * else the seller's place with the most (ASSUMED for several depots; documented for ME1).
 */
export function sourceOf(product: UserProduct, { item }: Offer, units: number): Source | null {
  const facility = product.locations.find(({ type }) => type === "meli_facility");
  const own = product.locations
    .filter(({ type }) => type !== "meli_facility")
    .toSorted((a, b) => b.quantity - a.quantity)[0];
  const fromFacility = facility !== undefined && item.logisticType === "fulfillment";
  const chosen = fromFacility && (facility.quantity >= units || own === undefined) ? facility : own;
  if (chosen === undefined) return null;
  const { type, storeId, nodeId } = chosen;
  return { type, storeId, nodeId: type === "meli_facility" ? facilityNode(product.siteId) : nodeId };
}

/** How an order from `source` travels. */
export function logisticTypeFrom(source: Source | null, item: Item): string {
  if (source === null || item.logisticType !== "fulfillment") return item.logisticType;
  return source.type === "meli_facility" ? "fulfillment" : "self_service";
}

/** The place of `product` that an order came from, if it is still there. */
export function placeOf(product: UserProduct, source: Source | null): StockLocation | undefined {
  return product.locations.find(({ type, storeId }) => type === source?.type && storeId === source.storeId);
}
