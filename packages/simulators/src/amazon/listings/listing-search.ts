import type { FastifyRequest } from "fastify";

import { digestOf, readPageToken, writePageToken } from "../vendor/page-token.ts";
import { type Query, type RawQuery, readQuery, strangerAmong, wholeNumberIn } from "../vendor/query.ts";
import { answered, badListingRequest, type VendorAnswer } from "../vendor/vendor-answer.ts";
import { sellerBehind } from "../vendor/vendor-api.ts";
import { readTime } from "../vendor/vendor-time.ts";
import type { World } from "../world.ts";
import { listingBody, listingDataSets } from "./listing-body.ts";
import { issuesAgainst, type Listing, statusOf } from "./listing.ts";

const MOST_IDENTIFIERS = 20;
const MOST_PER_PAGE = 20;
const DEFAULT_PAGE_SIZE = 10;
/** Documented: beyond it nothing can be paged to. */
const MOST_PAGEABLE = 1_000;
/** ASSUMED: no lifetime is documented. */
const PAGE_TOKEN_TTL_MS = 24 * 3_600_000;

const shape = {
  marketplaceIds: "list",
  issueLocale: "text",
  includedData: "list",
  identifiers: "list",
  identifiersType: "text",
  variationParentSku: "text",
  packageHierarchySku: "text",
  createdAfter: "text",
  createdBefore: "text",
  lastUpdatedAfter: "text",
  lastUpdatedBefore: "text",
  withIssueSeverity: "list",
  withStatus: "list",
  withoutStatus: "list",
  sortBy: "text",
  sortOrder: "text",
  pageSize: "text",
  pageToken: "text",
} as const;

type SearchQuery = Query<typeof shape>;

const identifierTypes = ["ASIN", "EAN", "FNSKU", "GTIN", "ISBN", "JAN", "MINSAN", "SKU", "UPC"];
const statuses = ["BUYABLE", "DISCOVERABLE"];
const times = ["createdAfter", "createdBefore", "lastUpdatedAfter", "lastUpdatedBefore"] as const;

function wrongIdentifiers({ identifiers, identifiersType, ...query }: SearchQuery): string | undefined {
  if ((identifiers === undefined) !== (identifiersType === undefined)) {
    return "'identifiers' and 'identifiersType' must be given together.";
  }
  if (identifiers === undefined) return undefined;
  if (identifiers.length > MOST_IDENTIFIERS) return `At most ${MOST_IDENTIFIERS} identifiers are allowed.`;
  if (query.variationParentSku !== undefined || query.packageHierarchySku !== undefined) {
    return "'identifiers' cannot be used with 'variationParentSku' or 'packageHierarchySku'.";
  }
  return strangerAmong(
    "identifiersType",
    identifiersType === undefined ? [] : [identifiersType],
    identifierTypes,
  );
}

function optional(text: string | undefined): string[] | undefined {
  return text === undefined ? undefined : [text];
}

function wrongForm(query: SearchQuery): string | undefined {
  const badTime = times.find((name) => query[name] !== undefined && readTime(query[name]) === undefined);
  if (badTime !== undefined) return `'${badTime}' is not an ISO 8601 date.`;
  const { pageSize } = query;
  const fits = pageSize === undefined || wholeNumberIn(pageSize, 1, MOST_PER_PAGE) !== undefined;
  return fits ? undefined : `'pageSize' must be from 1 to ${MOST_PER_PAGE}.`;
}

function wrongIn(query: SearchQuery, ownStores: readonly string[]): string | undefined {
  if (query.marketplaceIds === undefined) return "The parameter 'marketplaceIds' is required.";
  return (
    strangerAmong("marketplaceIds", query.marketplaceIds, ownStores) ??
    wrongIdentifiers(query) ??
    strangerAmong("includedData", query.includedData, listingDataSets) ??
    strangerAmong("withStatus", query.withStatus, statuses) ??
    strangerAmong("withoutStatus", query.withoutStatus, statuses) ??
    strangerAmong("withIssueSeverity", query.withIssueSeverity, ["WARNING", "ERROR"]) ??
    strangerAmong("sortBy", optional(query.sortBy), ["sku", "createdDate", "lastUpdatedDate"]) ??
    strangerAmong("sortOrder", optional(query.sortOrder), ["ASC", "DESC"]) ??
    wrongForm(query)
  );
}

type Test = (listing: Listing) => boolean;

function identifierOf(listing: Listing, type: string | undefined): string | undefined {
  if (type === "SKU") return listing.sku;
  if (type === "ASIN") return listing.asin;
  // Barcodes are not simulated.
  return type === "FNSKU" ? listing.fba?.fnSku : undefined;
}

function timeTests(query: SearchQuery): Test[] {
  const tests: Test[] = [];
  for (const name of times) {
    const bound = query[name] === undefined ? undefined : readTime(query[name]);
    if (bound === undefined) continue;
    const after = name.endsWith("After");
    tests.push(({ createdAt, lastUpdatedAt }) => {
      const at = name.startsWith("created") ? createdAt : lastUpdatedAt;
      return after ? at >= bound : at <= bound;
    });
  }
  return tests;
}

function testsOf(query: SearchQuery): Test[] {
  const { identifiers, identifiersType, withStatus, withoutStatus, withIssueSeverity } = query;
  const tests = timeTests(query);
  if (identifiers !== undefined) {
    tests.push((listing) => identifiers.includes(identifierOf(listing, identifiersType) ?? ""));
  }
  // Variations and package hierarchies are not simulated: nothing belongs to any.
  if (query.variationParentSku !== undefined || query.packageHierarchySku !== undefined)
    tests.push(() => false);
  if (withStatus !== undefined) {
    tests.push((listing) => withStatus.every((status) => statusOf(listing).some((own) => own === status)));
  }
  if (withoutStatus !== undefined) {
    tests.push((listing) => !withoutStatus.some((status) => statusOf(listing).some((own) => own === status)));
  }
  if (withIssueSeverity !== undefined) {
    tests.push((listing) =>
      issuesAgainst(listing).some(({ severity }) => withIssueSeverity.includes(severity)),
    );
  }
  return tests;
}

function sorted(listings: Listing[], { sortBy, sortOrder }: SearchQuery): Listing[] {
  const bySku = (a: Listing, b: Listing): number => Number(a.sku > b.sku) - Number(a.sku < b.sku);
  const byTime = (a: Listing, b: Listing): number =>
    (sortBy === "createdDate" ? a.createdAt - b.createdAt : a.lastUpdatedAt - b.lastUpdatedAt) || bySku(a, b);
  const ascending = listings.toSorted(sortBy === "sku" ? bySku : byTime);
  return sortOrder === "ASC" ? ascending : ascending.toReversed();
}

/** Rows of one SKU in the stores asked for, in the order of the first found. */
function groupedBySku(listings: readonly Listing[]): [Listing, ...Listing[]][] {
  const groups = new Map<string, [Listing, ...Listing[]]>();
  for (const listing of listings) {
    const group = groups.get(listing.sku);
    if (group === undefined) groups.set(listing.sku, [listing]);
    else group.push(listing);
  }
  return [...groups.values()];
}

/** The rows of one page, and the tokens to the pages beside it. */
function pageOf(
  rows: [Listing, ...Listing[]][],
  query: SearchQuery,
  { of, from, now }: { of: string; from: number; now: number },
): object {
  const size = Number(query.pageSize ?? DEFAULT_PAGE_SIZE);
  const to = Math.min(from + size, MOST_PAGEABLE);
  const more = to < Math.min(rows.length, MOST_PAGEABLE);
  const tokenAt = (offset: number): string => writePageToken({ of, at: now, after: [offset, ""], until: 0 });
  const pagination = {
    ...(more ? { nextToken: tokenAt(to) } : {}),
    ...(from > 0 ? { previousToken: tokenAt(Math.max(0, from - size)) } : {}),
  };
  return {
    numberOfResults: rows.length,
    ...(more || from > 0 ? { pagination } : {}),
    items: rows.slice(from, to).map((row) => listingBody(row, query.includedData ?? ["summaries"])),
  };
}

/** `searchListingsItems`. Pages are cut from the listings as they are at each call, not as they were at the first. */
export function searchListings(
  world: World,
  request: FastifyRequest<{ Querystring: RawQuery }>,
): VendorAnswer {
  const seller = sellerBehind(request);
  const read = readQuery(request.query, shape);
  if ("wrong" in read) return badListingRequest(read.wrong);
  const { query } = read;
  const wrong = wrongIn(query, seller.marketplaceIds);
  if (wrong !== undefined) return badListingRequest(wrong);
  const { pageToken, pageSize: _size, includedData: _data, ...same } = query;
  const now = world.clock.now();
  const of = digestOf({ account: seller.account, ...same });
  const page =
    pageToken === undefined ? undefined : readPageToken(pageToken, { of, now, ttlMs: PAGE_TOKEN_TTL_MS });
  if (pageToken !== undefined && page === undefined) return badListingRequest("The 'pageToken' is invalid.");
  const stores = query.marketplaceIds ?? [];
  const tests = testsOf(query);
  const matching = world.listings
    .of(seller.account)
    .filter((listing) => stores.includes(listing.marketplaceId) && tests.every((passes) => passes(listing)));
  const rows = groupedBySku(sorted(matching, query));
  return answered(pageOf(rows, query, { of, from: page?.after[0] ?? 0, now }));
}
