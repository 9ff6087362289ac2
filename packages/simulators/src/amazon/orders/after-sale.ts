import { type Listing, MERCHANT_CHANNEL } from "../listings/listing.ts";
import { moveLive, tellFbaStock } from "../listings/stock-change.ts";
import { sellerOf, type World } from "../world.ts";
import { recordOrder, statusFromItems, tellOrder } from "./order-change.ts";
import { type CancelledBy, isPending, type Order, type OrderItem, truthIdOf } from "./order.ts";

/** Why a seller cancels, as `cancelOrder` takes it. */
export const merchantReasons = [
  "NO_INVENTORY",
  "BUYER_CANCELLED",
  "SHIPPING_ADDRESS_UNDELIVERABLE",
  "CUSTOMER_EXCHANGE",
  "PRICING_ERROR",
] as const;

/** Documented in 2010 and 2011: every cancellation puts the units back but one for lack of inventory. */
export function restocksByItself(by: CancelledBy, reason: string): boolean {
  return by !== "MERCHANT" || reason !== "NO_INVENTORY";
}

/** The listing an item came from. */
function listingOf(world: World, order: Order, item: OrderItem): Listing | undefined {
  return world.listings.find(order.account, order.marketplaceId, item.sellerSku);
}

/** Items that can still be cancelled: nothing of them has shipped. */
export function cancellable(order: Order): OrderItem[] {
  return order.items.filter(({ cancellation, shipped }) => cancellation === null && shipped === 0);
}

/** Cancels items that are still `cancellable`, whole. */
export function cancelItems(
  world: World,
  order: Order,
  items: readonly OrderItem[],
  how: { by: CancelledBy; reason: string; restock: boolean },
): void {
  const before = isPending(order) ? order.status : undefined;
  for (const item of items) {
    item.cancellation = { by: how.by, reason: how.reason, at: world.clock.now() };
    // First the pool, then the listing: a buyer must not take a unit back before it is counted as given back.
    world.truth.released(item.key, item.quantity, truthIdOf(order, item));
  }
  const status = statusFromItems(order);
  order.status = status === "UNSHIPPED" ? (before ?? status) : status;
  recordOrder(world, order);
  for (const item of items) returnUnits(world, order, item, how.restock);
  tellOrder(world, order, "Canceled", items.length === order.items.length ? "all" : items);
}

function returnUnits(world: World, order: Order, item: OrderItem, restock: boolean): void {
  const listing = listingOf(world, order, item);
  if (listing === undefined) return;
  const { channelCode, quantity } = item;
  if (channelCode !== MERCHANT_CHANNEL && listing.fba !== null) {
    listing.fba.reserved.pendingCustomerOrder -= quantity;
  }
  if (restock && listing.channels.has(channelCode)) {
    moveLive(world, { listing, channelCode }, quantity, { cause: "restocked" });
  }
}

/** The buyer asks the seller to cancel: a flag and a message, and nothing else changes. */
export function requestCancel(world: World, order: Order, items: readonly OrderItem[], reason: string): void {
  const at = world.clock.now();
  for (const item of items) item.cancelRequest = { reason, at };
  recordOrder(world, order);
  world.news.orderChanged({
    seller: sellerOf(world, order.account),
    order,
    items,
    orderChangeType: "BuyerRequestedChange",
    changeReason: "Buyer Requested Cancel",
    at,
  });
}

/** A parcel, and what is in it. */
export interface Parcel {
  packageReferenceId: string;
  carrier: string;
  trackingNumber: string | null;
  shippedAt: number;
  contents: { item: OrderItem; quantity: number }[];
}

/** The parcel leaves; the caller has checked that its contents are still there to be shipped. */
export function shipParcel(world: World, order: Order, parcel: Parcel): void {
  const { contents, ...label } = parcel;
  for (const { item, quantity } of contents) {
    item.shipped += quantity;
    world.truth.left(item.key, truthIdOf(order, item));
    const listing = listingOf(world, order, item);
    if (item.channelCode !== MERCHANT_CHANNEL && listing?.fba) {
      listing.fba.reserved.pendingCustomerOrder -= quantity;
      tellFbaStock(world, listing);
    }
  }
  const items = contents.map(({ item, quantity }) => ({ orderItemId: item.orderItemId, quantity }));
  order.packages.push({ ...label, delivered: false, items });
  order.status = statusFromItems(order);
  recordOrder(world, order);
  tellOrder(
    world,
    order,
    "Shipped",
    contents.map(({ item }) => item),
  );
}

/** Amazon cannot ship what was sold elsewhere: the order stays as it is, and its units stay held. */
export function strandOrder(world: World, order: Order): void {
  order.status = "UNFULFILLABLE";
  recordOrder(world, order);
  tellOrder(world, order, "Unfulfillable");
}

/** The parcels arrive. ASSUMED: it is an update of the order, and no status changes. */
export function deliverParcels(world: World, order: Order): void {
  for (const parcel of order.packages) parcel.delivered = true;
  recordOrder(world, order);
}
