import { joinUserProduct } from "../user-products/shared-stock.ts";
import type { World } from "../world.ts";
import { type Item, keyOf, type Offer, offersOf, type Variation } from "./item.ts";
import { recordShown } from "./stock-change.ts";

const emptyStock = () => ({ available: 0, sold: 0, held: 0, shared: null });

/** A new item with everything of an old one but its ids, its stock and its past. */
export function successorOf(world: World, old: Item, fields: Partial<Item>): Item {
  const now = world.clock.now();
  const item: Item = {
    ...old,
    id: `${old.siteId}${world.ids.next("item")}`,
    status: "active",
    subStatus: [],
    stock: emptyStock(),
    variations: [],
    createdAt: now,
    lastUpdatedAt: now,
    ...fields,
  };
  world.items.set(item.id, item);
  return item;
}

/** A variation of the new item that is what `old` was. */
export function successorOfVariation(world: World, old: Variation): Variation {
  return { ...old, id: world.ids.next("variation"), stock: emptyStock() };
}

/** Puts a new offer in an old one's place: it sells the same user product, and the same physical units. */
export function replaceOffer(world: World, old: Offer, next: Offer): void {
  joinUserProduct(world, next);
  world.truth.replaced(keyOf(old), keyOf(next));
}

/** Tells the truth of an item that is new. */
export function recordListed(world: World, item: Item): void {
  recordShown(world, offersOf(item), { cause: "listed" });
}
