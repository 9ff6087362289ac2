import { marketplaceOf } from "../marketplaces.ts";
import { vendorTime } from "../vendor/vendor-time.ts";
import { issuesAgainst, type Listing, MERCHANT_CHANNEL, statusOf } from "./listing.ts";

/** `includedData` of reads. */
export const listingDataSets = [
  "summaries",
  "attributes",
  "issues",
  "offers",
  "fulfillmentAvailability",
  "procurement",
  "relationships",
  "productTypes",
] as const;

type DataSet = (typeof listingDataSets)[number];

function summary(listing: Listing): object {
  return {
    marketplaceId: listing.marketplaceId,
    asin: listing.asin,
    productType: listing.productType,
    conditionType: "new_new",
    status: statusOf(listing),
    ...(listing.fba === null ? {} : { fnSku: listing.fba.fnSku }),
    itemName: listing.title,
    createdDate: vendorTime(listing.createdAt),
    lastUpdatedDate: vendorTime(listing.lastUpdatedAt),
  };
}

function offer(listing: Listing): object {
  const { currencyCode } = marketplaceOf(listing.marketplaceId);
  return {
    marketplaceId: listing.marketplaceId,
    offerType: "B2C",
    price: { currencyCode, amount: listing.price.toFixed(2) },
    audience: { value: "ALL", displayName: "Sell on Amazon" },
  };
}

/** ASSUMED: no quantity for FBA channels; the model leaves it optional. */
function availability(listing: Listing): object[] {
  return [...listing.channels].map(([fulfillmentChannelCode, quantity]) =>
    fulfillmentChannelCode === MERCHANT_CHANNEL
      ? { fulfillmentChannelCode, quantity }
      : { fulfillmentChannelCode },
  );
}

/** One SKU as the Listings Items API tells it, over the stores asked for; the first store speaks where the model has no store. */
export function listingBody(listings: readonly [Listing, ...Listing[]], dataSets: readonly string[]): object {
  const [first] = listings;
  const sections: Record<DataSet, () => unknown> = {
    summaries: () => listings.map(summary),
    attributes: () => first.attributes,
    issues: () =>
      listings.flatMap((listing) =>
        issuesAgainst(listing).map((issue) => ({ ...issue, marketplaceIds: [listing.marketplaceId] })),
      ),
    offers: () => listings.map(offer),
    fulfillmentAvailability: () => availability(first),
    // For vendors only.
    procurement: () => [],
    relationships: () => listings.map(({ marketplaceId }) => ({ marketplaceId, relationships: [] })),
    productTypes: () => listings.map(({ marketplaceId, productType }) => ({ marketplaceId, productType })),
  };
  const asked = listingDataSets.filter((name) => dataSets.includes(name));
  return { sku: first.sku, ...Object.fromEntries(asked.map((name) => [name, sections[name]()])) };
}
