import type { FastifyInstance, FastifyRequest } from "fastify";

import type { Seller } from "../seller.ts";
import { type RawQuery, readQuery, strangerAmong } from "../vendor/query.ts";
import { sendAnswer } from "../vendor/send-answer.ts";
import {
  accessDenied,
  answered,
  badListingRequest,
  vendorError,
  type VendorAnswer,
} from "../vendor/vendor-answer.ts";
import { sellerBehind } from "../vendor/vendor-api.ts";
import type { World } from "../world.ts";
import { listingBody, listingDataSets } from "./listing-body.ts";
import { searchListings } from "./listing-search.ts";
import { issuesOf, unknownSku } from "./patch-issues.ts";
import { readPatchRequest } from "./patch-request.ts";
import { accept } from "./submissions.ts";

interface ListingRequest {
  Params: { sellerId: string; sku: string };
  Querystring: RawQuery;
}

/** A path names the seller whose token it is; and an unencoded `#` is refused as one (quoted by integrators). */
function refusalOfPath(request: FastifyRequest<ListingRequest>, seller: Seller): VendorAnswer | undefined {
  const foreign = request.params.sellerId !== seller.sellerId;
  return foreign || request.raw.url?.includes("#") === true ? accessDenied("") : undefined;
}

/** ASSUMED: a store that the seller does not sell in is a wrong parameter. */
function refusalOfStores(seller: Seller, ids: readonly string[] | undefined): string | undefined {
  if (ids === undefined) return "The parameter 'marketplaceIds' is required.";
  return strangerAmong("marketplaceIds", ids, seller.marketplaceIds);
}

/** ASSUMED: the body of the 404. */
const skuNotFound = (sku: string): VendorAnswer =>
  vendorError(404, "NOT_FOUND", `SKU '${sku}' not found in the marketplaces asked for.`);

function getListing(world: World, request: FastifyRequest<ListingRequest>): VendorAnswer {
  const seller = sellerBehind(request);
  const read = readQuery(request.query, {
    marketplaceIds: "list",
    includedData: "list",
    issueLocale: "text",
  });
  if ("wrong" in read) return badListingRequest(read.wrong);
  const { marketplaceIds = [], includedData = ["summaries"] } = read.query;
  const wrong =
    refusalOfStores(seller, read.query.marketplaceIds) ??
    strangerAmong("includedData", includedData, listingDataSets);
  if (wrong !== undefined) return badListingRequest(wrong);
  const { sku } = request.params;
  const found = marketplaceIds.flatMap((id) => world.listings.find(seller.account, id, sku) ?? []);
  const [first, ...others] = found;
  return first === undefined ? skuNotFound(sku) : answered(listingBody([first, ...others], includedData));
}

interface PatchMode {
  preview: boolean;
  includedData: string[];
  marketplaceIds: string[];
}

function readPatchMode(seller: Seller, raw: RawQuery): PatchMode | VendorAnswer {
  const shape = { marketplaceIds: "list", includedData: "list", mode: "text", issueLocale: "text" } as const;
  const read = readQuery(raw, shape);
  if ("wrong" in read) return badListingRequest(read.wrong);
  const { marketplaceIds = [], includedData = ["issues"], mode } = read.query;
  const preview = mode === "VALIDATION_PREVIEW";
  const wrong =
    refusalOfStores(seller, read.query.marketplaceIds) ??
    strangerAmong("includedData", includedData, ["identifiers", "issues"]) ??
    strangerAmong("mode", mode === undefined ? undefined : [mode], ["VALIDATION_PREVIEW"]);
  if (wrong !== undefined) return badListingRequest(wrong);
  if (includedData.includes("identifiers") && !preview) {
    return badListingRequest("identifiers can only be requested with the mode VALIDATION_PREVIEW.");
  }
  return { preview, includedData, marketplaceIds: [...new Set(marketplaceIds)] };
}

/** A patch concerns the SKU in every store named; it has to exist in each of them (ASSUMED). */
function patchListing(world: World, request: FastifyRequest<ListingRequest>): VendorAnswer {
  const seller = sellerBehind(request);
  const mode = readPatchMode(seller, request.query);
  if ("status" in mode) return mode;
  const patch = readPatchRequest(request.body);
  if ("status" in patch) return patch;
  const { sku } = request.params;
  const { preview, includedData, marketplaceIds } = mode;
  const listings = marketplaceIds.flatMap((id) => world.listings.find(seller.account, id, sku) ?? []);
  const issues =
    listings.length < marketplaceIds.length
      ? [unknownSku(sku)]
      : listings.flatMap((listing) => issuesOf(listing, patch));
  const valid = issues.length === 0;
  const ignored = request.amazonStrike?.kind === "writeIgnored";
  if (valid && !preview) for (const listing of listings) accept(world, listing, patch, ignored);
  const identifiers = listings.map(({ marketplaceId, asin }) => ({ marketplaceId, asin }));
  return answered({
    sku,
    status: statusOfSubmission(valid, preview),
    submissionId: world.ids.next("submission"),
    ...(includedData.includes("identifiers") ? { identifiers } : {}),
    ...(includedData.includes("issues") ? { issues } : {}),
  });
}

function statusOfSubmission(valid: boolean, preview: boolean): "INVALID" | "VALID" | "ACCEPTED" {
  if (!valid) return "INVALID";
  return preview ? "VALID" : "ACCEPTED";
}

/** `/listings/2021-08-01`. */
export function registerListingRoutes(server: FastifyInstance, world: World): void {
  const path = "/listings/2021-08-01/items/:sellerId";
  const answer = (
    request: FastifyRequest<ListingRequest>,
    handle: (world: World, request: FastifyRequest<ListingRequest>) => VendorAnswer,
  ): VendorAnswer => refusalOfPath(request, sellerBehind(request)) ?? handle(world, request);

  server.get<ListingRequest>(`${path}/:sku`, { config: { operation: "getListingsItem" } }, (request, reply) =>
    sendAnswer(reply, answer(request, getListing)),
  );
  server.patch<ListingRequest>(
    `${path}/:sku`,
    { config: { operation: "patchListingsItem" } },
    (request, reply) => sendAnswer(reply, answer(request, patchListing)),
  );
  server.get<ListingRequest>(path, { config: { operation: "searchListingsItems" } }, (request, reply) =>
    sendAnswer(reply, answer(request, searchListings)),
  );
}
