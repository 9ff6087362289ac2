import type { ListingReading } from "../contract/connector.ts";
import { failed, type Outcome, succeeded } from "../contract/outcome.ts";
import { OWN_STOCK } from "./to-push.ts";
import type { WireListing } from "./wire.ts";

/** What a listing shows. A number that is not told is unknown, never 0. */
export function toListingReading(listing: WireListing, marketplaceId: string): Outcome<ListingReading> {
  const { sku } = listing;
  const stocks = listing.fulfillmentAvailability ?? [];
  const others = stocks.find(({ fulfillmentChannelCode: code }) => code !== OWN_STOCK);
  const own = stocks.find(({ fulfillmentChannelCode: code }) => code === OWN_STOCK);
  const notWritable = others === undefined ? null : notOurs(others.fulfillmentChannelCode);
  const quantity = (own ?? others)?.quantity;
  if (typeof quantity !== "number") {
    if (notWritable !== null)
      return failed({ kind: "rejected", code: "kept_by_channel", message: notWritable });
    const message = `Amazon does not say how many of ${sku} buyers can take.`;
    return failed({ kind: "transient", code: "quantity_unknown", message, isOnlyThis: true });
  }
  const status = statusOf(listing, marketplaceId);
  // At 0 a listing is not buyable for that reason alone.
  const isBuyable = status.isBuyable || (quantity === 0 && !status.isSuppressed);
  return succeeded({ externalId: sku, quantity, status: status.text, isBuyable, notWritable });
}

function notOurs(channelCode: string): string {
  return channelCode.startsWith("AMAZON_")
    ? `Amazon keeps this stock (FBA, ${channelCode}) and counts it alone.`
    : `The stock of this listing is kept under ${channelCode}, per place: this connection writes ${OWN_STOCK} only.`;
}

/** Consequences of issues that keep buyers from buying. */
const SUPPRESSING = new Set(["LISTING_SUPPRESSED", "CATALOG_ITEM_REMOVED"]);

function statusOf({ summaries, issues }: WireListing, marketplaceId: string) {
  const summary = summaries?.find((candidate) => candidate.marketplaceId === marketplaceId);
  const shown = summary?.status ?? [];
  const actions = (issues ?? []).flatMap(({ enforcements }) => enforcements?.actions ?? []);
  const enforced = [...new Set(actions.map(({ action }) => action))];
  const text = [shown.length === 0 ? "INACTIVE" : shown.join(", "), ...enforced].join("; ");
  const isSuppressed = summary === undefined || enforced.some((action) => SUPPRESSING.has(action));
  return { text, isBuyable: shown.includes("BUYABLE"), isSuppressed };
}
