import { type Offer, shownOf, stockOf } from "../items/item.ts";
import { sellerOf, type World } from "../world.ts";
import { arrangePlaces, placeOf, placesFor, type Source } from "./locations.ts";
import { setTotal, totalOf, type UserProduct } from "./user-product.ts";

/** What happens to stock: set to a number of units, or moved by some, at the place they come from. */
export type StockChange = { to: number } | { by: number; source: Source | null };

function isSame(a: Offer, b: Offer): boolean {
  return a.item === b.item && a.variation === b.variation;
}

/** Everything else that sells the same user product. */
export function siblingsOf(offer: Offer): Offer[] {
  const shared = stockOf(offer).shared;
  return shared === null ? [] : shared.offers.filter((other) => !isSame(other, offer));
}

/** Takes an offer out of its user product, which stays with its other items. */
export function leaveUserProduct(offer: Offer): void {
  const stock = stockOf(offer);
  if (stock.shared === null) return;
  stock.shared.offers = siblingsOf(offer);
  stock.shared.heldUnits -= stock.held;
  stock.shared = null;
}

/** Joins an offer to the user product it names: the first one brings the stock, later ones find it there. */
export function joinUserProduct(world: World, offer: Offer): void {
  const stock = stockOf(offer);
  const id = (offer.variation ?? offer.item).userProductId;
  if ((stock.shared?.id ?? null) === id) return;
  leaveUserProduct(offer);
  if (id === null) return;
  const known = world.userProducts.get(id);
  if (known !== undefined && known.account !== offer.item.account) {
    throw new RangeError(`user product ${id} belongs to ${known.account}`);
  }
  const product = known ?? newUserProduct(world, offer, id);
  world.userProducts.set(id, product);
  product.offers.push(offer);
  arrangePlaces(sellerOf(world, product.account), product);
  product.heldUnits += stock.held;
  stock.shared = product;
  if (known !== undefined && product.locations.length > 0) stock.available = totalOf(product);
}

function newUserProduct(world: World, offer: Offer, id: string): UserProduct {
  const now = world.clock.now();
  const { item, variation } = offer;
  return {
    id,
    account: item.account,
    siteId: item.siteId,
    name: variation === null ? item.title : `${item.title} ${variation.label}`,
    familyId: item.familyId,
    locations: placesFor(sellerOf(world, item.account), [offer], stockOf(offer).available),
    version: 1,
    heldUnits: 0,
    offers: [],
    changes: 0,
    createdAt: now,
    lastUpdatedAt: now,
  };
}

/** Carries a change of one offer into what its items share. */
export function changeShared(world: World, product: UserProduct, offer: Offer, change: StockChange): void {
  const isSale = "by" in change;
  if (product.locations.length === 0) {
    const seller = sellerOf(world, product.account);
    product.locations = placesFor(seller, product.offers, stockOf(offer).available);
  } else if (isSale) {
    const location = placeOf(product, change.source) ?? product.locations[0];
    if (location !== undefined) location.quantity = Math.max(0, location.quantity + change.by);
  } else {
    setTotal(product, change.to);
  }
  touchShared(world, product, { bumps: !isSale || world.settings.salesBumpVersion });
}

/** Notes that the shared stock is another now. */
export function touchShared(world: World, product: UserProduct, { bumps }: { bumps: boolean }): void {
  if (bumps) product.version += 1;
  product.changes += 1;
  product.lastUpdatedAt = world.clock.now();
}

/** Those of `offers` that buyers see another number on than the truth has noted. */
export function outOfStep(world: World, offers: readonly Offer[]): Offer[] {
  return offers.filter(({ item, variation }) => {
    const key = { account: item.account, listing: item.id, variation: variation?.id ?? null };
    return world.truth.shows(key) !== shownOf({ item, variation });
  });
}
