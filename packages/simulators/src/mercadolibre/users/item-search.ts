import type { Item } from "../items/item.ts";
import type { Seller } from "../seller.ts";
import { standardError, type VendorAnswer } from "../vendor/vendor-answer.ts";
import type { World } from "../world.ts";
import { readScrollId, writeScrollId } from "./scroll.ts";

const DEFAULT_LIMIT = 50;
const MOST_PER_PAGE = 100;
const MOST_BY_OFFSET = 1_000;

export type SearchQuery = Partial<Record<string, string>>;

/** A whole number from the query, or undefined when it is not one. */
export function wholeNumber(value: string | undefined, fallback: number): number | undefined {
  if (value === undefined) return fallback;
  return /^\d{1,9}$/.test(value) ? Number(value) : undefined;
}

function matches(item: Item, query: SearchQuery): boolean {
  const skus = [item.sellerSku, ...item.variations.map(({ sellerSku }) => sellerSku)];
  const customs = [item.sellerCustomField, ...item.variations.map((one) => one.sellerCustomField)];
  const userProducts = [item.userProductId, ...item.variations.map((one) => one.userProductId)];
  const asked = query.user_product_id?.split(",");
  return (
    // Captured: the status `pending` finds items whose body says `inactive`.
    (query.status === undefined ||
      item.status === (query.status === "pending" ? "inactive" : query.status)) &&
    (query.seller_sku === undefined || skus.includes(query.seller_sku)) &&
    (query.sku === undefined || customs.includes(query.sku)) &&
    (asked === undefined || userProducts.some((id) => id !== null && asked.includes(id)))
  );
}

const invalidPaging = standardError(400, "bad_request", "Invalid limit and offset values");

function scan(
  found: Item[],
  seller: Seller,
  query: SearchQuery,
  page: { limit: number; now: number },
): VendorAnswer {
  const byId = found.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const after = query.scroll_id === undefined ? { last: "" } : readScrollId(query.scroll_id, page.now);
  if ("status" in after) return after;
  const results = byId.filter(({ id }) => id > after.last).slice(0, page.limit);
  const last = results.at(-1)?.id;
  return {
    status: 200,
    body: {
      scroll_id: last === undefined ? "" : writeScrollId(last, page.now),
      seller_id: String(seller.userId),
      results: results.map(({ id }) => id),
      paging: { limit: page.limit, total: found.length },
    },
  };
}

/** `GET /users/{id}/items/search`: up to 1,000 by offset, the rest by scan. */
export function searchItems(world: World, seller: Seller, query: SearchQuery): VendorAnswer {
  const limit = wholeNumber(query.limit, DEFAULT_LIMIT);
  const offset = wholeNumber(query.offset, 0);
  if (limit === undefined || offset === undefined || limit > MOST_PER_PAGE) return invalidPaging;
  const found = [...world.items.values()].filter(
    (item) => item.account === seller.account && matches(item, query),
  );
  if (query.search_type === "scan") return scan(found, seller, query, { limit, now: world.clock.now() });
  if (offset + limit > MOST_BY_OFFSET) return invalidPaging;
  return {
    status: 200,
    body: {
      seller_id: String(seller.userId),
      results: found.slice(offset, offset + limit).map(({ id }) => id),
      paging: { limit, offset, total: found.length },
      query: null,
      orders: [{ id: "stop_time_asc", name: "Order by stop time ascending" }],
      available_orders: [],
    },
  };
}
