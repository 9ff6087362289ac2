import type { ShownCause } from "../../truth/truth.ts";
import { changeShared, outOfStep, siblingsOf, type StockChange } from "../user-products/shared-stock.ts";
import { totalOf, type UserProduct } from "../user-products/user-product.ts";
import { appOf, sellerOf, type World } from "../world.ts";
import { statusAfterStock } from "./item-status.ts";
import { type Item, keyOf, type Offer, offersOf, shownOf, stockOf } from "./item.ts";

interface Cause {
  cause: ShownCause;
  /** The number the seller asked for. */
  quantity?: number;
  /** When the seller asked, if it took effect later. */
  requestedAt?: number;
}

/** Tells the truth what buyers can take from each of these now. */
export function recordShown(world: World, offers: readonly Offer[], cause: Cause): void {
  for (const offer of offers) world.truth.shown({ key: keyOf(offer), shows: shownOf(offer), ...cause });
}

/** The same cause, for offers that only follow. */
function following(world: World, { cause, requestedAt }: Cause): Cause {
  return cause === "write" || cause === "applied"
    ? { cause: "applied", requestedAt: requestedAt ?? world.clock.now() }
    : { cause };
}

/** An item changed, by whoever: a new `last_updated` and an `items` notification, our own writes included. */
export function announceItem(world: World, item: Item): void {
  item.lastUpdatedAt = world.clock.now();
  const seller = sellerOf(world, item.account);
  world.outbox.publish(appOf(world, seller), { seller, topic: "items", resource: `/items/${item.id}` });
}

/** The stock of a user product changed, at whichever place. */
function announceShared(world: World, product: UserProduct): void {
  const seller = sellerOf(world, product.account);
  const resource = `/user-products/${product.id}/stock`;
  world.outbox.publish(appOf(world, seller), { seller, topic: "stock-locations", resource });
}

/** Gives an offer another number: the item falls asleep or wakes up, its other variations with it, and that is told. */
function showAvailable(world: World, offer: Offer, available: number, cause: Cause): void {
  const { item } = offer;
  stockOf(offer).available = Math.max(0, available);
  Object.assign(item, statusAfterStock(item));
  const others = offersOf(item).filter((other) => other.variation !== offer.variation);
  recordShown(world, [offer], cause);
  recordShown(world, outOfStep(world, others), following(world, cause));
  announceItem(world, item);
}

/** What one offer's copy of the stock becomes, once the news of the shared stock reaches it. */
function catchUp(world: World, offer: Offer, product: UserProduct, cause: Cause): void {
  const total = totalOf(product);
  const { available, shared } = stockOf(offer);
  const gone = shared !== product || offer.item.status === "closed";
  if (!gone && available !== total) showAvailable(world, offer, total, cause);
}

/** Tells everything that sells a user product of its new stock: buyers cannot take more at once, the items follow late. */
export function spreadShared(world: World, product: UserProduct, cause: Cause): void {
  const late = following(world, cause);
  recordShown(world, outOfStep(world, product.offers), late);
  announceShared(world, product);
  const { min, max } = world.settings.userProductSpreadMs;
  for (const offer of product.offers) {
    if (stockOf(offer).available === totalOf(product)) continue;
    const draw = world.random.uniform(
      `spread|${product.id}|${product.changes}|${offer.item.id}|${offer.variation?.id ?? ""}`,
    );
    const delayMs = Math.round(min + draw * (max - min));
    if (delayMs === 0) catchUp(world, offer, product, late);
    else world.clock.schedule(delayMs, () => catchUp(world, offer, product, late));
  }
}

/** Changes an offer's stock, and what it shares with other items, and tells everybody. */
export function changeStock(world: World, offer: Offer, change: StockChange, cause: Cause): void {
  const { available, shared } = stockOf(offer);
  const next = Math.max(0, "to" in change ? change.to : available + change.by);
  stockOf(offer).available = next;
  if (shared !== null) changeShared(world, shared, offer, change);
  showAvailable(world, offer, next, cause);
  if (shared !== null) spreadShared(world, shared, cause);
}

/** Promises of orders changed what buyers can take, here and wherever the same user product is sold. */
export function recordPromises(world: World, offer: Offer, cause: "sold" | "restocked"): void {
  recordShown(world, [offer], { cause });
  recordShown(world, outOfStep(world, siblingsOf(offer)), { cause });
}
