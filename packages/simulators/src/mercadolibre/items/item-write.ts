import { leaveUserProduct } from "../user-products/shared-stock.ts";
import type { World } from "../world.ts";
import type { ItemChange } from "./item-change.ts";
import { type Item, type Offer, offersOf, type Stock } from "./item.ts";
import { announceItem, changeStock, recordShown } from "./stock-change.ts";

/** When the last write of each stock takes effect: a later write never overtakes an earlier one (ASSUMED). */
const appliedAt = new WeakMap<Stock, number>();

/** Sets a quantity that the seller wrote, at once or after the marketplace's own delay. */
export function writeQuantity(world: World, offer: Offer, quantity: number): void {
  const stock = offer.variation?.stock ?? offer.item.stock;
  const requestedAt = world.clock.now();
  const { min, max } = world.settings.writeApplyMs;
  if (max === 0) return changeStock(world, offer, { to: quantity }, { cause: "write", quantity });
  const draw = world.random.uniform(`apply|${offer.item.id}|${offer.variation?.id ?? ""}|${requestedAt}`);
  const applyAt = Math.max(requestedAt + Math.round(min + draw * (max - min)), appliedAt.get(stock) ?? 0);
  appliedAt.set(stock, applyAt);
  world.clock.schedule(applyAt - requestedAt, () => {
    // The item may have been locked meanwhile; what it shows is then no longer the seller's to set.
    if (offer.item.status === "closed" || offer.item.status === "under_review") return;
    changeStock(world, offer, { to: quantity }, { cause: "write", quantity, requestedAt });
  });
}

function replaceVariations(world: World, item: Item, kept: NonNullable<ItemChange["variations"]>): void {
  const gone = item.variations.filter(({ id }) => !kept.some((entry) => entry.id === id));
  for (const variation of gone) {
    const offer = { item, variation: { ...variation, stock: { ...variation.stock, available: 0 } } };
    recordShown(world, [offer], { cause: "write", quantity: 0 });
    leaveUserProduct({ item, variation });
  }
  item.variations = item.variations.filter((variation) => !gone.includes(variation));
  for (const { id, availableQuantity } of kept) {
    const variation = item.variations.find((candidate) => candidate.id === id);
    if (variation === undefined || availableQuantity === undefined) continue;
    writeQuantity(world, { item, variation }, availableQuantity);
  }
}

/** Applies a change that has been found right. */
export function applyItemChange(world: World, item: Item, change: ItemChange): void {
  if (change.price !== undefined) item.price = change.price;
  if (change.sellerCustomField !== undefined) item.sellerCustomField = change.sellerCustomField;
  if (change.sellerSku !== undefined) item.sellerSku = change.sellerSku;
  if (change.variations !== undefined) replaceVariations(world, item, change.variations);
  if (change.status !== undefined) {
    Object.assign(item, change.status);
    recordShown(world, offersOf(item), { cause: "write" });
  }
  if (change.availableQuantity !== undefined) {
    writeQuantity(world, { item, variation: null }, change.availableQuantity);
  } else {
    announceItem(world, item);
  }
}
