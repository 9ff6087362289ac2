import type { Seller, Store } from "../seller.ts";
import { standardError, type VendorAnswer } from "../vendor/vendor-answer.ts";
import { sellerOf, type World } from "../world.ts";
import { sharesWithFlex } from "./locations.ts";
import type { StockLocation, UserProduct } from "./user-product.ts";

/** Sites where seller and marketplace stock of one thing are kept apart (documented). */
const SITES_WITH_SELLING_ADDRESS = new Set(["MLA", "MLC"]);
const MOST_UNITS = 99_999;

type Fields = Record<string, unknown>;

const refused = (message: string): VendorAnswer => standardError(400, "bad_request", message);
const cannotModify = (why: string): VendorAnswer => refused(`You cannot modify selling address stock ${why}`);

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Documented as an integer; texts are ASSUMED. */
function isQuantity(value: unknown): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= MOST_UNITS;
}

const wrongQuantity = refused("quantity must be an integer greater than or equal to 0");

/** Why the seller's own part cannot be written apart, in the documented words. */
function refusalOfSellingAddress(product: UserProduct): VendorAnswer | undefined {
  const has = (type: StockLocation["type"]) => product.locations.some((place) => place.type === type);
  if (has("seller_warehouse") && !has("selling_address")) {
    return refused("seller with a single warehouse cannot update selling address stock");
  }
  if (!SITES_WITH_SELLING_ADDRESS.has(product.siteId)) {
    return refused("the site is blocked for modifications to the selling address");
  }
  const open = product.offers.filter(({ item }) => item.status !== "closed");
  if (open.every(({ item }) => item.logisticType === "fulfillment" && !sharesWithFlex(item))) {
    return cannotModify("if associated items are fulfillment only or no items are associated.");
  }
  if (open.every(({ item, variation }) => (variation ?? item).inventoryId === null)) {
    return cannotModify("in items without inventory id.");
  }
  if (!has("meli_facility")) {
    return cannotModify("because you have to do a full inbound first before modifying.");
  }
  return undefined;
}

/** The places after a `PUT …/type/selling_address` `{"quantity":N}`, or the refusal. */
export function readSellingAddress(product: UserProduct, body: unknown): StockLocation[] | VendorAnswer {
  const refusal = refusalOfSellingAddress(product);
  if (refusal !== undefined) return refusal;
  if (!isFields(body) || !isQuantity(body.quantity)) return wrongQuantity;
  const next = { type: "selling_address" as const, storeId: null, nodeId: null, quantity: body.quantity };
  return [...product.locations.filter(({ type }) => type !== "selling_address"), next];
}

function findStore(world: World, seller: Seller, id: string): Store | VendorAnswer {
  const own = seller.stores.find((store) => store.id === id);
  if (own?.isStockLocation === true) return own;
  if (own !== undefined) return refused("store is not configured to be a stock location");
  const exists = [...world.sellers.values()].some(({ stores }) => stores.some((store) => store.id === id));
  return refused(exists ? `store does not belong to seller: ${id}` : `store not found: ${id}`);
}

function readDepot(world: World, seller: Seller, entry: unknown): StockLocation | VendorAnswer {
  if (!isFields(entry)) return refused("locations must be a list of objects");
  const { store_id: id, network_node_id: node, quantity } = entry;
  if (id === undefined || id === null || id === "") return refused("store cannot be null or empty");
  const store = findStore(world, seller, typeof id === "string" ? id : JSON.stringify(id));
  if ("body" in store) return store;
  // ASSUMED: documented as required, its refusal is not.
  if (node !== store.nodeId) return refused(`network node does not belong to store: ${store.id}`);
  if (!isQuantity(quantity)) return wrongQuantity;
  return { type: "seller_warehouse", storeId: store.id, nodeId: store.nodeId, quantity };
}

/** Documented: nodes of the request and of the stock there is are counted together. */
function spansNodes(product: UserProduct, given: readonly StockLocation[]): boolean {
  const depots = product.locations.filter(({ type }) => type === "seller_warehouse");
  return new Set([...given, ...depots].map(({ nodeId }) => nodeId)).size > 1;
}

/** Depots that the request does not name: not documented whether they keep their units. */
function unlisted(world: World, product: UserProduct, given: readonly StockLocation[]): StockLocation[] {
  const named = new Set(given.map(({ storeId }) => storeId));
  return product.locations
    .filter(({ type, storeId }) => type === "seller_warehouse" && !named.has(storeId))
    .map((place) => (world.settings.unlistedWarehouses === "keep" ? place : { ...place, quantity: 0 }));
}

/** The places after a `PUT …/type/seller_warehouse` `{"locations":[…]}`, or the refusal. */
export function readWarehouses(
  world: World,
  product: UserProduct,
  body: unknown,
): StockLocation[] | VendorAnswer {
  const seller = sellerOf(world, product.account);
  if (!seller.tags.includes("warehouse_management")) {
    // ASSUMED: the page only says who can.
    return refused("seller is not configured to manage warehouses");
  }
  if (!isFields(body) || !Array.isArray(body.locations) || body.locations.length === 0) {
    return refused("locations cannot be null or empty");
  }
  const given: StockLocation[] = [];
  for (const entry of body.locations as unknown[]) {
    const depot = readDepot(world, seller, entry);
    if ("body" in depot) return depot;
    given.push(depot);
  }
  if (!seller.tags.includes("multiwarehouse") && spansNodes(product, given)) {
    return refused("seller with a single warehouse cannot update stock across multiple network nodes");
  }
  const facility = product.locations.filter(({ type }) => type === "meli_facility");
  return [...facility, ...given, ...unlisted(world, product, given)];
}
