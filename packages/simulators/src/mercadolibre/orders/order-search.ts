import { type SearchQuery, wholeNumber } from "../users/item-search.ts";
import { readScrollId, writeScrollId } from "../users/scroll.ts";
import { accessDenied, standardError, type VendorAnswer } from "../vendor/vendor-answer.ts";
import type { Caller } from "../vendor/vendor-api.ts";
import type { World } from "../world.ts";
import { orderRow, searchUpdatedAt } from "./order-body.ts";
import type { Order } from "./order.ts";

const DEFAULT_LIMIT = 50;
/** Quoted by integrators: 52 and more is refused. */
const MOST_PER_PAGE = 51;
/** Measured: the offset that is refused. */
const OFFSET_TOO_FAR = 10_000;
const HOUR_MS = 3_600_000;

const limitExceeded = (most: number): VendorAnswer => ({
  status: 400,
  body: { error: "limit.maximum_exceeded", message: `Limit must be a lower or equal than ${most}` },
});

/** Date filters, and the time of an order that each compares. `order.last_updated` is not one: it is silently ignored. */
const dateFilters: Record<string, (order: Order) => number | null> = {
  "order.date_created": (order) => order.createdAt,
  "order.date_last_updated": searchUpdatedAt,
  "order.date_closed": (order) => order.closedAt,
};

const wrongDate = standardError(400, "bad_request", "Invalid date format");

/** Minutes, seconds and milliseconds are thrown away, at both ends (official text). */
function wholeHour(text: string): number {
  return Math.floor(Date.parse(text) / HOUR_MS) * HOUR_MS;
}

type Test = (order: Order) => boolean;

function dateTests(query: SearchQuery): Test[] | VendorAnswer {
  const tests: Test[] = [];
  for (const [name, timeOf] of Object.entries(dateFilters)) {
    for (const end of ["from", "to"] as const) {
      const text = query[`${name}.${end}`];
      if (text === undefined) continue;
      const bound = wholeHour(text);
      if (Number.isNaN(bound)) return wrongDate;
      tests.push((order) => {
        const at = timeOf(order);
        return at !== null && (end === "from" ? at >= bound : at <= bound);
      });
    }
  }
  return tests;
}

function fieldTests(query: SearchQuery): Test[] {
  const { "order.status": status, tags, "tags.not": tagsNot, item, buyer, q } = query;
  const tests: Test[] = [];
  if (status !== undefined) tests.push((order) => status.split(",").includes(order.status));
  if (tags !== undefined) tests.push((order) => tags.split(",").every((tag) => order.tags.includes(tag)));
  if (tagsNot !== undefined)
    tests.push((order) => !tagsNot.split(",").some((tag) => order.tags.includes(tag)));
  if (item !== undefined) tests.push((order) => order.key.listing === item);
  if (buyer !== undefined) tests.push((order) => String(order.buyer.id) === buyer);
  if (q !== undefined) tests.push((order) => String(order.id) === q);
  return tests;
}

interface Page {
  found: Order[];
  limit: number;
  offset: number;
}

function answerPage(world: World, query: SearchQuery, { found, limit, offset }: Page): VendorAnswer {
  const results = found.slice(offset, offset + limit).map((order) => orderRow(world, order));
  const body = {
    query: query.q ?? "",
    results,
    sort: { id: query.sort ?? "date_asc", name: query.sort ?? "date_asc" },
    available_sorts: [],
    filters: [],
    paging: { total: found.length, offset, limit },
    display: "complete",
  };
  return { status: 200, body };
}

function answerScan(world: World, query: SearchQuery, { found, limit }: Page): VendorAnswer {
  const now = world.clock.now();
  const after = query.scroll_id === undefined ? { last: "0" } : readScrollId(query.scroll_id, now);
  if ("status" in after) return after;
  const rows = found
    .toSorted((a, b) => a.id - b.id)
    .filter(({ id }) => id > Number(after.last))
    .slice(0, limit);
  const last = rows.at(-1)?.id;
  return {
    status: 200,
    body: {
      query: query.q ?? "",
      results: rows.map((order) => orderRow(world, order)),
      paging: {
        total: found.length,
        limit,
        scroll_id: last === undefined ? "" : writeScrollId(String(last), now),
      },
    },
  };
}

/** `GET /orders/search?seller=…`. Cancelled orders come back too (measured, against the documentation). */
export function searchOrders(world: World, query: SearchQuery, { seller }: Caller): VendorAnswer {
  if (query.seller === undefined) return standardError(400, "bad_request", "seller or buyer is required");
  if (query.seller !== String(seller.userId)) return accessDenied;
  const limit = wholeNumber(query.limit, DEFAULT_LIMIT);
  const offset = wholeNumber(query.offset, 0);
  if (limit === undefined || offset === undefined) {
    return standardError(400, "bad_request", "limit and offset must be numbers");
  }
  if (limit > MOST_PER_PAGE) return limitExceeded(MOST_PER_PAGE);
  if (offset >= OFFSET_TOO_FAR) return limitExceeded(OFFSET_TOO_FAR);
  const byDate = dateTests(query);
  if ("status" in byDate) return byDate;
  const listedUntil = world.clock.now() - world.faults.current().orderSearchLagMs;
  const tests = [(order: Order) => order.createdAt <= listedUntil, ...byDate, ...fieldTests(query)];
  const found = [...world.orders.values()]
    .filter((order) => order.account === seller.account && tests.every((passes) => passes(order)))
    .toSorted((a, b) => a.createdAt - b.createdAt || a.id - b.id);
  if (query.sort === "date_desc") found.reverse();
  const page = { found, limit, offset };
  return query.search_type === "scan" ? answerScan(world, query, page) : answerPage(world, query, page);
}
