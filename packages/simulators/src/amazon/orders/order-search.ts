import type { Seller } from "../seller.ts";
import { digestOf, readPageToken, writePageToken } from "../vendor/page-token.ts";
import { type Query, type RawQuery, readQuery, strangerAmong, wholeNumberIn } from "../vendor/query.ts";
import { answered, invalidInput, type VendorAnswer } from "../vendor/vendor-answer.ts";
import { readTime, vendorTime, wholeSecond } from "../vendor/vendor-time.ts";
import type { World } from "../world.ts";
import { orderBody, orderDataSets } from "./order-body.ts";
import type { Order } from "./order.ts";

const MOST_MARKETPLACES = 50;
const MOST_PER_PAGE = 100;
const PAGE_TOKEN_TTL_MS = 24 * 3_600_000;

const shape = {
  createdAfter: "text",
  createdBefore: "text",
  lastUpdatedAfter: "text",
  lastUpdatedBefore: "text",
  fulfillmentStatuses: "list",
  marketplaceIds: "list",
  fulfilledBy: "list",
  maxResultsPerPage: "text",
  paginationToken: "text",
  includedData: "list",
} as const;

type SearchQuery = Query<typeof shape>;

const statuses = [
  "PENDING_AVAILABILITY",
  "PENDING",
  "UNSHIPPED",
  "PARTIALLY_SHIPPED",
  "SHIPPED",
  "CANCELLED",
  "UNFULFILLABLE",
];

/** The time of an order that a search goes by, and its bounds. */
interface Period {
  by: "created" | "lastUpdated";
  after: number;
  before: number;
}

function wrongValues(query: SearchQuery, seller: Seller): string | undefined {
  const { maxResultsPerPage: size, marketplaceIds = [] } = query;
  if (marketplaceIds.length > MOST_MARKETPLACES)
    return `At most ${MOST_MARKETPLACES} marketplaceIds are allowed.`;
  if (size !== undefined && wholeNumberIn(size, 1, MOST_PER_PAGE) === undefined) {
    return `'maxResultsPerPage' must be from 1 to ${MOST_PER_PAGE}.`;
  }
  return (
    strangerAmong("marketplaceIds", marketplaceIds, seller.marketplaceIds) ??
    strangerAmong("fulfillmentStatuses", query.fulfillmentStatuses, statuses) ??
    strangerAmong("fulfilledBy", query.fulfilledBy, ["MERCHANT", "AMAZON"]) ??
    strangerAmong("includedData", query.includedData, orderDataSets)
  );
}

/** Which pair of times a query uses; exactly one of the two lower bounds has to be there. */
function periodKind(query: SearchQuery): Period["by"] | { wrong: string } {
  const { createdAfter, createdBefore, lastUpdatedAfter, lastUpdatedBefore } = query;
  if ((createdAfter === undefined) === (lastUpdatedAfter === undefined)) {
    return { wrong: "Exactly one of 'createdAfter' and 'lastUpdatedAfter' is required." };
  }
  if (createdAfter !== undefined) {
    if (lastUpdatedBefore === undefined) return "created";
    return { wrong: "'lastUpdatedBefore' cannot be used with 'createdAfter'." };
  }
  if (createdBefore === undefined) return "lastUpdated";
  return { wrong: "'createdBefore' cannot be used with 'lastUpdatedAfter'." };
}

/** `newest` is the latest upper bound that is allowed: two minutes before now. */
function readPeriod(query: SearchQuery, newest: number): Period | { wrong: string } {
  const by = periodKind(query);
  if (typeof by !== "string") return by;
  const after = readTime((by === "created" ? query.createdAfter : query.lastUpdatedAfter) ?? "");
  if (after === undefined) return { wrong: `'${by}After' is not an ISO 8601 date.` };
  const upper = by === "created" ? query.createdBefore : query.lastUpdatedBefore;
  if (upper === undefined) return { by, after, before: wholeSecond(newest) };
  const before = readTime(upper);
  if (before === undefined) return { wrong: `'${by}Before' is not an ISO 8601 date.` };
  if (before > newest) return { wrong: `'${by}Before' must be at least two minutes before now.` };
  return before < after ? { wrong: `'${by}Before' must not be before '${by}After'.` } : { by, after, before };
}

function timeOf(order: Order, by: Period["by"]): number {
  return by === "created" ? order.createdAt : order.lastUpdatedAt;
}

function found(world: World, seller: Seller, query: SearchQuery, period: Period): Order[] {
  const { marketplaceIds, fulfillmentStatuses, fulfilledBy } = query;
  const { by, after, before } = period;
  const { searchOmit } = world.faults.current().orders;
  const searchedAt = world.clock.now();
  return world.orders
    .searchable()
    .filter((order) => order.account === seller.account)
    .filter((order) => timeOf(order, by) >= after && timeOf(order, by) <= before)
    .filter((order) => marketplaceIds?.includes(order.marketplaceId) ?? true)
    .filter((order) => fulfillmentStatuses?.includes(order.status) ?? true)
    .filter((order) => fulfilledBy?.includes(order.fulfilledBy) ?? true)
    .filter(({ id }) => !world.random.chance(`omit|${id}|${searchedAt}`, searchOmit))
    .toSorted((a, b) => timeOf(a, by) - timeOf(b, by) || Number(a.id > b.id) - Number(a.id < b.id));
}

/** The period and the row after which a page starts, or what is wrong with the token. */
function startOf(
  query: SearchQuery,
  { of, newest, now }: { of: string; newest: number; now: number },
): { period: Period; after: [number, string] | undefined } | { wrong: string } {
  const period = readPeriod(query, newest);
  if ("wrong" in period || query.paginationToken === undefined) {
    return "wrong" in period ? period : { period, after: undefined };
  }
  const page = readPageToken(query.paginationToken, { of, now, ttlMs: PAGE_TOKEN_TTL_MS });
  if (page === undefined)
    return { wrong: "The 'paginationToken' is invalid, expired, or of another request." };
  return { period: { ...period, before: page.until }, after: page.after };
}

/**
 * `searchOrders`. Sees each order as it was about two minutes ago. Pages are cut from what the search shows at each
 * call, up to the upper bound of the first page: an order that changes in between leaves the later pages.
 */
export function searchOrders(world: World, raw: RawQuery, seller: Seller): VendorAnswer {
  const read = readQuery(raw, shape);
  if ("wrong" in read) return invalidInput(read.wrong);
  const { query } = read;
  const now = world.clock.now();
  // The model lets page size and data sets differ between pages, and nothing else.
  const { paginationToken: _token, maxResultsPerPage, includedData = [], ...same } = query;
  const of = digestOf({ account: seller.account, ...same });
  const start = startOf(query, { of, newest: now - world.settings.orderSearchLagMs, now });
  const wrong = wrongValues(query, seller) ?? ("wrong" in start ? start.wrong : undefined);
  if (wrong !== undefined || "wrong" in start) return invalidInput(wrong ?? "");
  const { period, after } = start;
  const { by, before } = period;
  const rows = found(world, seller, query, period).filter(
    (order) =>
      after === undefined ||
      timeOf(order, by) > after[0] ||
      (timeOf(order, by) === after[0] && order.id > after[1]),
  );
  const page = rows.slice(0, Number(maxResultsPerPage ?? MOST_PER_PAGE));
  const last = page.at(-1);
  const more = last !== undefined && rows.length > page.length;
  const nextToken = more
    ? writePageToken({ of, at: now, after: [timeOf(last, by), last.id], until: before })
    : undefined;
  const view = { asked: includedData, ...world.settings };
  return answered({
    orders: page.map((order) => orderBody(order, view)),
    ...(nextToken === undefined ? {} : { pagination: { nextToken } }),
    [`${by}Before`]: vendorTime(before),
  });
}
