import type { ListingKey } from "../../truth/listing-key.ts";

/** The merchant's own stock; FBA stock stands under `AMAZON_NA`, `AMAZON_EU` or `AMAZON_JP`. */
export const MERCHANT_CHANNEL = "DEFAULT";

export type ListingStatus = "BUYABLE" | "DISCOVERABLE";

/** One entry of a submitted attribute: selectors and values, as the seller wrote them. */
export type AttributeValue = Record<string, unknown>;

/** An issue as the Listings Items API tells it. */
export interface Issue {
  code: string;
  message: string;
  severity: "ERROR" | "WARNING" | "INFO";
  attributeNames?: string[];
  categories: string[];
}

/** Units in Amazon's own warehouses: counted by Amazon, never written by the seller. */
export interface FbaStock {
  fnSku: string;
  inbound: { working: number; shipped: number; receiving: number };
  reserved: { pendingCustomerOrder: number; pendingTransshipment: number; fcProcessing: number };
  unfulfillable: number;
  researching: number;
  lastUpdatedAt: number;
}

/** A seller's SKU in one store. */
export interface Listing {
  account: string;
  sku: string;
  marketplaceId: string;
  key: ListingKey;
  asin: string;
  productType: string;
  title: string;
  price: number;
  /** Taken off the shelf by Amazon: nobody can buy it, whatever its quantity. */
  suppressed: boolean;
  issues: Issue[];
  /** What was last submitted, by attribute name. Says nothing of what buyers see. */
  attributes: Record<string, AttributeValue[]>;
  /** Live availability by fulfilment channel: what buyers can take. null where the quantity is not told. */
  channels: Map<string, number>;
  fba: FbaStock | null;
  createdAt: number;
  lastUpdatedAt: number;
}

/** Who ships what is bought now: a merchant offer with units, or one without FBA beside it, wins (ASSUMED). */
export function sellingChannelOf(listing: Listing): string {
  const fba = [...listing.channels.keys()].find((code) => code !== MERCHANT_CHANNEL);
  if (fba === undefined) return MERCHANT_CHANNEL;
  return (listing.channels.get(MERCHANT_CHANNEL) ?? 0) > 0 ? MERCHANT_CHANNEL : fba;
}

/** What the next buyer could take from a channel of this listing. */
export function shownOf(listing: Listing, channelCode = sellingChannelOf(listing)): number {
  return listing.suppressed ? 0 : (listing.channels.get(channelCode) ?? 0);
}

/** `summaries[].status`. */
export function statusOf(listing: Listing): ListingStatus[] {
  if (listing.suppressed) return [];
  return shownOf(listing) > 0 ? ["BUYABLE", "DISCOVERABLE"] : ["DISCOVERABLE"];
}
