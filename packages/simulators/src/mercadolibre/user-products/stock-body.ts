import { sellerOf, type World } from "../world.ts";
import type { StockLocation, UserProduct } from "./user-product.ts";

function placeBody({ type, storeId, nodeId, quantity }: StockLocation): Record<string, unknown> {
  if (type !== "seller_warehouse") return { type, quantity };
  return { type, network_node_id: nodeId, store_id: storeId, quantity };
}

/** `GET /user-products/{id}/stock`, as captured; `last_updated` without fractions. */
export function stockBody(world: World, product: UserProduct): Record<string, unknown> {
  return {
    id: product.id,
    user_id: sellerOf(world, product.account).userId,
    locations: product.locations.map(placeBody),
    last_updated: new Date(product.lastUpdatedAt).toISOString().replace(/\.\d{3}Z$/, "Z"),
    available_sites: [product.siteId],
    product_release_date: null,
    stock_mode: "countable",
  };
}

/** What a write of depots answers, as documented. */
export function writtenBody(
  world: World,
  product: UserProduct,
  places: readonly StockLocation[],
): Record<string, unknown> {
  return {
    user_id: sellerOf(world, product.account).userId,
    product_release_date: null,
    id: product.id,
    locations: places.map(placeBody),
  };
}

/** `GET /user-products/{id}`; attributes shortened to the SKU. */
export function userProductBody(world: World, product: UserProduct): Record<string, unknown> {
  const offer = product.offers[0];
  const sku = offer?.variation?.sellerSku ?? offer?.item.sellerSku ?? null;
  const value = { id: null, name: sku, struct: null };
  return {
    id: product.id,
    name: product.name,
    user_id: sellerOf(world, product.account).userId,
    domain_id: null,
    catalog_product_id: null,
    family_id: product.familyId,
    attributes: sku === null ? [] : [{ id: "SELLER_SKU", name: "SKU", values: [value] }],
    date_created: new Date(product.createdAt).toISOString(),
    last_updated: new Date(product.lastUpdatedAt).toISOString(),
  };
}
