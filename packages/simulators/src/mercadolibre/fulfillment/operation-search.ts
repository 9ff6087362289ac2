import type { Seller } from "../seller.ts";
import { wholeNumber } from "../users/item-search.ts";
import { readScrollId, writeScrollId } from "../users/scroll.ts";
import { standardError, type VendorAnswer } from "../vendor/vendor-answer.ts";
import type { Operation } from "./inventory.ts";
import { operationBody } from "./operation-body.ts";

const DAY_MS = 86_400_000;
/** Documented. */
const WIDEST_WINDOW_MS = 60 * DAY_MS;
const USUAL_WINDOW_MS = 15 * DAY_MS;
/** ASSUMED; the largest page is quoted by integrators. */
const DEFAULT_LIMIT = 50;
const MOST_PER_PAGE = 1_000;

interface Search {
  seller: Seller;
  query: Partial<Record<string, string>>;
  now: number;
}

const invalid = (field: string): VendorAnswer =>
  standardError(400, "validation_error", `The field ${field} has an invalid value`);

/** A day means all of it, at the end of a range (ASSUMED). */
function instant(text: string, isEnd: boolean): number {
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(text);
  return Date.parse(text) + (isDay && isEnd ? DAY_MS - 1 : 0);
}

function windowOf({ query, now }: Search): { from: number; to: number } | VendorAnswer {
  const to = query.date_to === undefined ? now : instant(query.date_to, true);
  const from = query.date_from === undefined ? to - USUAL_WINDOW_MS : instant(query.date_from, false);
  if (Number.isNaN(to)) return invalid("date_to");
  if (Number.isNaN(from) || from > to) return invalid("date_from");
  // A range of days counts its first and its last.
  if (to - from > WIDEST_WINDOW_MS + DAY_MS) {
    return standardError(400, "validation_error", "The date range cannot be greater than 60 days");
  }
  return { from, to };
}

function matches(operation: Operation, query: Search["query"]): boolean {
  const shipment = query["external_references.shipment_id"];
  const isOf = (value: string) =>
    operation.references.some((reference) => reference.type === "shipment_id" && reference.value === value);
  return (
    (query.inventory_id === undefined || query.inventory_id.split(",").includes(operation.inventoryId)) &&
    (query.type === undefined || query.type.toUpperCase() === operation.type) &&
    (shipment === undefined || isOf(shipment))
  );
}

/** `GET /stock/fulfillment/operations/search`: newest first, at most 60 days, on by scroll. */
export function searchOperations(operations: readonly Operation[], search: Search): VendorAnswer {
  const { seller, query, now } = search;
  if (query.seller_id !== String(seller.userId)) {
    return query.seller_id === undefined
      ? invalid("seller_id")
      : standardError(403, "forbidden", "The caller is not authorized to access this resource");
  }
  const window = windowOf(search);
  if ("status" in window) return window;
  const limit = wholeNumber(query.limit, DEFAULT_LIMIT);
  if (limit === undefined || limit > MOST_PER_PAGE) return invalid("limit");
  const after = query.scroll === undefined ? { last: "Infinity" } : readScrollId(query.scroll, now);
  if ("status" in after) return after;
  const found = operations
    .filter(({ at }) => at >= window.from && at <= window.to)
    .filter((operation) => matches(operation, query))
    .toSorted((a, b) => b.id - a.id);
  const rest = found.filter(({ id }) => id < Number(after.last));
  const page = rest.slice(0, limit);
  const last = page.at(-1)?.id;
  const body = {
    paging: {
      total: found.length,
      scroll: last === undefined || rest.length <= limit ? "" : writeScrollId(String(last), now),
    },
    results: page.map((operation) => operationBody(operation, seller)),
    filters: [],
    available_filters: [],
    sort: [],
    available_sorts: [],
  };
  return { status: 200, body };
}
