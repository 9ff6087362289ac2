import type { Seller, Store } from "../seller.ts";
import { siteOf } from "../seller.ts";
import type { VendorAnswer } from "../vendor/vendor-answer.ts";
import { type SearchQuery, wholeNumber } from "./item-search.ts";

const DEFAULT_LIMIT = 50;

function storeBody(seller: Seller, store: Store): Record<string, unknown> {
  return {
    id: store.id,
    user_id: String(seller.userId),
    description: store.description,
    status: "active",
    location: { address_id: null, address_line: null, country: siteOf(seller.siteId).country },
    tags: store.isStockLocation ? ["stock_location"] : [],
    network_node_id: store.nodeId,
    services: { stock_location: store.isStockLocation ? store.logistics : [] },
  };
}

/** `GET /users/{id}/stores/search?tags=stock_location`: the seller's depots, addresses left out. */
export function searchStores(seller: Seller, query: SearchQuery): VendorAnswer {
  const limit = wholeNumber(query.limit, DEFAULT_LIMIT) ?? DEFAULT_LIMIT;
  const offset = wholeNumber(query.offset, 0) ?? 0;
  const found = seller.stores.filter((store) => query.tags !== "stock_location" || store.isStockLocation);
  const results = found.slice(offset, offset + limit).map((store) => storeBody(seller, store));
  return { status: 200, body: { paging: { limit, total: found.length }, results } };
}
