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
  /** What Amazon has done about it. */
  enforcements?: { actions: { action: string }[]; exemption: { status: "NOT_EXEMPT" } };
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
  /** What control calls and the truth call it: the SKU, with the store behind `@` where it is not the seller's first. */
  name: string;
  asin: string;
  productType: string;
  title: string;
  price: number;
  /** Taken off the shelf by Amazon: nobody can buy it, whatever its quantity. */
  suppressed: boolean;
  /** What was last submitted, by attribute name. Says nothing of what buyers see. */
  attributes: Record<string, AttributeValue[]>;
  /** Live availability by fulfilment channel: what buyers can take. */
  channels: Map<string, number>;
  fba: FbaStock | null;
  createdAt: number;
  lastUpdatedAt: number;
}

/** Code, message and enforcement as in the official model's example. */
const suppression: Issue = {
  code: "18155",
  message:
    "The 'minimum price' is greater than the selling price (excluding shipping) for the listing. Review and update your price and/or minimum price.",
  severity: "ERROR",
  categories: ["INVALID_PRICE"],
  enforcements: { actions: [{ action: "LISTING_SUPPRESSED" }], exemption: { status: "NOT_EXEMPT" } },
};

/** What Amazon holds against a listing. Issues of refused submissions are told in their answers only. */
export function issuesAgainst(listing: Listing): Issue[] {
  return listing.suppressed ? [suppression] : [];
}

/** Who ships what is bought now: a merchant offer with units, or one without FBA beside it, wins (ASSUMED). */
export function sellingChannelOf(listing: Listing): string {
  const fba = [...listing.channels.keys()].find((code) => code !== MERCHANT_CHANNEL);
  if (fba === undefined) return MERCHANT_CHANNEL;
  return (listing.channels.get(MERCHANT_CHANNEL) ?? 0) > 0 ? MERCHANT_CHANNEL : fba;
}

/** The truth keeps each channel of a listing apart: FBA units are not the units the seller sells elsewhere. */
export function keyOf(listing: Listing, channelCode = MERCHANT_CHANNEL): ListingKey {
  const name = channelCode === MERCHANT_CHANNEL ? listing.name : `${listing.name}@${channelCode}`;
  return { account: listing.account, listing: name, variation: null };
}

/** What the next buyer could take from a channel of this listing. */
export function shownOf(listing: Listing, channelCode: string): number {
  return listing.suppressed ? 0 : (listing.channels.get(channelCode) ?? 0);
}

/** `summaries[].status`. */
export function statusOf(listing: Listing): ListingStatus[] {
  if (listing.suppressed) return [];
  const buyable = shownOf(listing, sellingChannelOf(listing)) > 0;
  return buyable ? ["BUYABLE", "DISCOVERABLE"] : ["DISCOVERABLE"];
}
