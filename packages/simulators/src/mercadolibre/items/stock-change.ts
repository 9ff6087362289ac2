import type { ShownCause } from "../../truth/truth.ts";
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

/** An item changed, by whoever: a new `last_updated` and an `items` notification, our own writes included. */
export function announceItem(world: World, item: Item): void {
  item.lastUpdatedAt = world.clock.now();
  const seller = sellerOf(world, item.account);
  world.outbox.publish(appOf(world, seller), { seller, topic: "items", resource: `/items/${item.id}` });
}

/** Announces new stock of one offer as well, under the topic of the stock itself. */
function announceStock(world: World, { item, variation }: Offer): void {
  announceItem(world, item);
  const userProductId = variation?.userProductId ?? item.userProductId;
  if (userProductId === null) return;
  const seller = sellerOf(world, item.account);
  world.outbox.publish(appOf(world, seller), {
    seller,
    topic: "stock-locations",
    resource: `/user-products/${userProductId}/stock`,
  });
}

/** Sets an offer's stock, lets the item fall asleep or wake up, and tells everybody. */
export function setAvailable(world: World, offer: Offer, available: number, cause: Cause): void {
  const { item } = offer;
  stockOf(offer).available = Math.max(0, available);
  Object.assign(item, statusAfterStock(item));
  // A whole item falls asleep or wakes up at once, so its other variations may show another number too.
  const others = offersOf(item).filter((other) => other.variation !== offer.variation);
  const changed = others.filter((other) => world.truth.shows(keyOf(other)) !== shownOf(other));
  recordShown(world, [offer], cause);
  recordShown(world, changed, { cause: cause.cause === "write" ? "applied" : cause.cause });
  announceStock(world, offer);
}
