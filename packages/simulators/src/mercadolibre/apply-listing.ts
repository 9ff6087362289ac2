import type { ListingSetup, UserProductSetup, VariationSetup } from "./account-setup.ts";
import { given } from "./given.ts";
import { statusAfterStock } from "./items/item-status.ts";
import { availableOf, type Item, type Offer, offersOf, stockOf, type Variation } from "./items/item.ts";
import { announceItem, recordShown, spreadShared } from "./items/stock-change.ts";
import type { Seller } from "./seller.ts";
import { arrangePlaces } from "./user-products/locations.ts";
import { joinUserProduct, leaveUserProduct, touchShared } from "./user-products/shared-stock.ts";
import { setTotal, totalOf, type UserProduct } from "./user-products/user-product.ts";
import type { World } from "./world.ts";

function newVariation(world: World, item: Item, setup: VariationSetup): Variation {
  return {
    id: setup.variation ?? world.ids.next("variation"),
    stock: { available: 0, sold: 0, held: 0, shared: null },
    sellerSku: null,
    sellerCustomField: null,
    userProductId: setup.userProductId ?? `${item.siteId}U${world.ids.next("userProduct")}`,
    inventoryId: null,
    label: String(item.variations.length + 1),
  };
}

function newItem(world: World, seller: Seller, setup: ListingSetup): Item {
  const now = world.clock.now();
  const id = setup.listing ?? `${seller.siteId}${world.ids.next("item")}`;
  return {
    id,
    account: seller.account,
    siteId: seller.siteId,
    title: `Product ${id}`,
    categoryId: `${seller.siteId}1055`,
    price: 100,
    condition: "new",
    listingType: "gold_special",
    status: "active",
    subStatus: [],
    stock: { available: 0, sold: 0, held: 0, shared: null },
    initialQuantity: 0,
    sellerSku: null,
    sellerCustomField: null,
    userProductId: `${seller.siteId}U${world.ids.next("userProduct")}`,
    inventoryId: null,
    catalogListing: false,
    logisticType: "cross_docking",
    shippingTags: [],
    familyId: null,
    familyName: null,
    parentItemId: null,
    dynamicPricing: false,
    tags: ["immediate_payment", "cart_eligible"],
    variations: [],
    createdAt: now,
    lastUpdatedAt: now,
  };
}

function ownListing(world: World, seller: Seller, id: string): Item | undefined {
  const item = world.items.get(id);
  if (item === undefined || item.account === seller.account) return item;
  throw new RangeError(`listing ${id} belongs to ${item.account}`);
}

function applyVariation(world: World, item: Item, setup: VariationSetup): Offer {
  const known = item.variations.find(({ id }) => id === setup.variation);
  const variation = known ?? newVariation(world, item, setup);
  if (known === undefined) item.variations.push(variation);
  const { sellerSku, sellerCustomField, inventoryId, userProductId, label } = setup;
  Object.assign(variation, given({ sellerSku, sellerCustomField, inventoryId, userProductId, label }));
  return { item, variation };
}

/** The number that stands in the panel now, in the offer and in what it shares. Answers what else has to follow. */
function setByHand(world: World, offer: Offer, quantity: number | undefined): UserProduct[] {
  const stock = stockOf(offer);
  if (quantity !== undefined) stock.available = quantity;
  joinUserProduct(world, offer);
  const { shared } = stock;
  if (quantity === undefined || shared === null) return [];
  stock.available = quantity;
  if (shared.locations.length === 0 || totalOf(shared) === quantity) return [];
  setTotal(shared, quantity);
  touchShared(world, shared, { bumps: true });
  return [shared];
}

/** Sets what is given for everything that a buyer can choose on the item. Answers what else has to follow. */
function applyOffers(
  world: World,
  item: Item,
  { availableQuantity, variations }: ListingSetup,
): UserProduct[] {
  const given = (variations ?? []).map(
    (setup) => [applyVariation(world, item, setup), setup.availableQuantity] as const,
  );
  const single: Offer = { item, variation: null };
  if (item.variations.length === 0) return setByHand(world, single, availableQuantity);
  leaveUserProduct(single);
  return given.flatMap(([offer, quantity]) => setByHand(world, offer, quantity));
}

/** Makes a listing, or changes one as the seller would by hand in the panel: at once, and told. */
export function applyListing(world: World, seller: Seller, setup: ListingSetup): void {
  const { listing, availableQuantity: _quantity, variations: _variations, ...fields } = setup;
  const known = listing === undefined ? undefined : ownListing(world, seller, listing);
  const item = known ?? newItem(world, seller, setup);
  world.items.set(item.id, item);
  Object.assign(item, given(fields));
  const changed = applyOffers(world, item, setup);
  // Another way of shipping means other places for the stock.
  for (const { shared } of offersOf(item).map(stockOf)) if (shared !== null) arrangePlaces(seller, shared);
  // A status that is given stands, whatever the stock; only what is not given follows from it.
  if (setup.status === undefined) Object.assign(item, statusAfterStock(item));
  if (known === undefined) item.initialQuantity = availableOf(item);
  const cause = known === undefined ? "listed" : "panel";
  recordShown(world, offersOf(item), { cause });
  if (known !== undefined) announceItem(world, item);
  for (const product of changed) spreadShared(world, product, { cause });
}

/** Sets the places of a user product by hand. */
export function applyUserProduct(world: World, seller: Seller, setup: UserProductSetup): void {
  const product = world.userProducts.get(setup.userProduct);
  if (product?.account !== seller.account) throw new RangeError(`no user product ${setup.userProduct}`);
  if (setup.locations === undefined) return;
  product.locations = setup.locations.map(({ type, store, quantity }) => {
    const depot = seller.stores.find(({ id }) => id === store);
    if ((type === "seller_warehouse") !== (depot !== undefined)) throw new RangeError(`no store ${store}`);
    return { type, storeId: depot?.id ?? null, nodeId: depot?.nodeId ?? null, quantity };
  });
  touchShared(world, product, { bumps: true });
  if (product.locations.length > 0) spreadShared(world, product, { cause: "panel" });
}
