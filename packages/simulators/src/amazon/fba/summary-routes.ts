import type { FastifyInstance, FastifyRequest } from "fastify";

import type { FbaStock, Listing } from "../listings/listing.ts";
import { marketplaceOf } from "../marketplaces.ts";
import type { Seller } from "../seller.ts";
import { digestOf, readPageToken, writePageToken } from "../vendor/page-token.ts";
import { type Query, type RawQuery, readQuery, strangerAmong } from "../vendor/query.ts";
import { sendAnswer } from "../vendor/send-answer.ts";
import { answered, invalidInput, type VendorAnswer } from "../vendor/vendor-answer.ts";
import { sellerBehind } from "../vendor/vendor-api.ts";
import { readTime, vendorTime } from "../vendor/vendor-time.ts";
import type { World } from "../world.ts";

const MOST_SKUS = 50;
/** ASSUMED: no page size is documented. */
const PAGE_SIZE = 50;
const PAGE_TOKEN_TTL_MS = 30_000;
/** 18 months. */
const OLDEST_START_MS = 548 * 86_400_000;

const shape = {
  details: "text",
  granularityType: "text",
  granularityId: "text",
  startDateTime: "text",
  sellerSkus: "list",
  sellerSku: "text",
  nextToken: "text",
  marketplaceIds: "list",
} as const;

type SummaryQuery = Query<typeof shape>;

function wrongStart({ startDateTime }: SummaryQuery, now: number): string | undefined {
  if (startDateTime === undefined) return undefined;
  const start = readTime(startDateTime);
  if (start === undefined) return "'startDateTime' is not an ISO 8601 date.";
  return start < now - OLDEST_START_MS ? "'startDateTime' is more than 18 months ago." : undefined;
}

function wrongIn(query: SummaryQuery, seller: Seller, now: number): string | undefined {
  const { granularityType, granularityId, marketplaceIds, sellerSkus = [], details = "false" } = query;
  if (granularityType !== "Marketplace") return "'granularityType' must be 'Marketplace'.";
  if (granularityId === undefined) return "'granularityId' is required.";
  if (marketplaceIds?.length !== 1) return "'marketplaceIds' must hold one id.";
  if (sellerSkus.length > MOST_SKUS) return `At most ${MOST_SKUS} sellerSkus are allowed.`;
  return (
    strangerAmong("marketplaceIds", [granularityId, ...marketplaceIds], seller.marketplaceIds) ??
    strangerAmong("details", [details], ["true", "false"]) ??
    wrongStart(query, now)
  );
}

function detailsOf(
  fulfillableQuantity: number,
  { inbound, reserved, unfulfillable, researching }: FbaStock,
): object {
  const { pendingCustomerOrder, pendingTransshipment, fcProcessing } = reserved;
  return {
    fulfillableQuantity,
    inboundWorkingQuantity: inbound.working,
    inboundShippedQuantity: inbound.shipped,
    inboundReceivingQuantity: inbound.receiving,
    reservedQuantity: {
      totalReservedQuantity: pendingCustomerOrder + pendingTransshipment + fcProcessing,
      pendingCustomerOrderQuantity: pendingCustomerOrder,
      pendingTransshipmentQuantity: pendingTransshipment,
      fcProcessingQuantity: fcProcessing,
    },
    researchingQuantity: {
      totalResearchingQuantity: researching,
      researchingQuantityBreakdown: [
        { name: "researchingQuantityInShortTerm", quantity: researching },
        { name: "researchingQuantityInMidTerm", quantity: 0 },
        { name: "researchingQuantityInLongTerm", quantity: 0 },
      ],
    },
    unfulfillableQuantity: {
      totalUnfulfillableQuantity: unfulfillable,
      customerDamagedQuantity: unfulfillable,
      warehouseDamagedQuantity: 0,
      distributorDamagedQuantity: 0,
      carrierDamagedQuantity: 0,
      defectiveQuantity: 0,
      expiredQuantity: 0,
    },
  };
}

function summary(listing: Listing, fba: FbaStock, withDetails: boolean): object {
  const { reserved, inbound } = fba;
  const fulfillable = listing.channels.get(marketplaceOf(listing.marketplaceId).fbaChannelCode) ?? 0;
  const held = reserved.pendingCustomerOrder + reserved.pendingTransshipment + reserved.fcProcessing;
  return {
    asin: listing.asin,
    fnSku: fba.fnSku,
    sellerSku: listing.sku,
    condition: "NewItem",
    lastUpdatedTime: vendorTime(fba.lastUpdatedAt),
    productName: listing.title,
    // ASSUMED: everything Amazon holds, with what has arrived at its docks.
    totalQuantity: fulfillable + held + fba.unfulfillable + fba.researching + inbound.receiving,
    stores: [],
    ...(withDetails ? { inventoryDetails: detailsOf(fulfillable, fba) } : {}),
  };
}

/** Rows of the store that the query asks for; a start time overrides the list of SKUs (documented). */
function rowsOf(world: World, seller: Seller, query: SummaryQuery): { listing: Listing; fba: FbaStock }[] {
  const { sellerSkus, sellerSku, startDateTime, granularityId } = query;
  const start = startDateTime === undefined ? undefined : readTime(startDateTime);
  const wanted = (sku: string): boolean => {
    if (sellerSku !== undefined) return sku === sellerSku;
    return start !== undefined || (sellerSkus?.includes(sku) ?? true);
  };
  return world.listings
    .of(seller.account)
    .filter(({ marketplaceId, sku }) => marketplaceId === granularityId && wanted(sku))
    .flatMap((listing) => (listing.fba === null ? [] : { listing, fba: listing.fba }))
    .filter(({ fba }) => start === undefined || fba.lastUpdatedAt >= start)
    .toSorted((a, b) => Number(a.listing.sku > b.listing.sku) - Number(a.listing.sku < b.listing.sku));
}

function getSummaries(world: World, request: FastifyRequest<{ Querystring: RawQuery }>): VendorAnswer {
  const seller = sellerBehind(request);
  const read = readQuery(request.query, shape);
  if ("wrong" in read) return invalidInput(read.wrong);
  const { query } = read;
  const now = world.clock.now();
  const wrong = wrongIn(query, seller, now);
  if (wrong !== undefined) return invalidInput(wrong);
  const { nextToken, ...same } = query;
  const of = digestOf({ account: seller.account, ...same });
  const page =
    nextToken === undefined ? undefined : readPageToken(nextToken, { of, now, ttlMs: PAGE_TOKEN_TTL_MS });
  if (nextToken !== undefined && page === undefined)
    return invalidInput("The 'nextToken' is invalid or expired.");
  const rows = rowsOf(world, seller, query).filter(({ listing }) => listing.sku > (page?.after[1] ?? ""));
  const shown = rows.slice(0, PAGE_SIZE);
  const last = shown.at(-1);
  const more = last !== undefined && rows.length > shown.length;
  return answered({
    payload: {
      granularity: { granularityType: "Marketplace", granularityId: query.granularityId },
      inventorySummaries: shown.map(({ listing, fba }) => summary(listing, fba, query.details === "true")),
    },
    ...(more
      ? { pagination: { nextToken: writePageToken({ of, at: now, after: [0, last.listing.sku], until: 0 }) } }
      : {}),
  });
}

/** FBA Inventory v1: read only, as in production. */
export function registerSummaryRoutes(server: FastifyInstance, world: World): void {
  server.get<{ Querystring: RawQuery }>(
    "/fba/inventory/v1/summaries",
    { config: { operation: "getInventorySummaries" } },
    (request, reply) => sendAnswer(reply, getSummaries(world, request)),
  );
}
