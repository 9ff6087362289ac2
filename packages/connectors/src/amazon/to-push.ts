import type { ConnectorError } from "../contract/connector-error.ts";
import type { PushReceipt, QuantityPush } from "../contract/connector.ts";
import { failed, type Outcome, succeeded } from "../contract/outcome.ts";
import { capability } from "./capability.ts";
import type { ApiCall } from "./client.ts";
import { shortened, toUnreadableError } from "./error.ts";
import type { WireSubmission } from "./wire.ts";

/** The account whose listings are meant: one seller in one marketplace. */
export interface SellerAccount {
  readonly sellerId: string;
  readonly marketplaceId: string;
}

/** The seller's own stock. `AMAZON_…` is Amazon's (FBA), and a quantity written beside it makes a second offer. */
export const OWN_STOCK = "DEFAULT";

/**
 * A listing's external id is the seller's SKU, exactly. Amazon takes up to 40 characters. `.` and `..` would be taken out of
 * the path, whatever they are encoded as.
 */
export function isSku(externalId: string): boolean {
  const isPlain = externalId.isWellFormed() && !/\p{Cc}/u.test(externalId);
  return isPlain && externalId.length > 0 && externalId.length <= 200 && !/^\.{1,2}$/.test(externalId);
}

/** Where one listing is read and written. A SKU that is not encoded is answered with 403. */
export function listingPath({ sellerId }: SellerAccount, sku: string): string {
  return `/listings/2021-08-01/items/${encodeURIComponent(sellerId)}/${encodeURIComponent(sku)}`;
}

/**
 * The one request that sets a quantity. `merge` leaves handling time and restock date alone, which `replace` wipes; never with
 * a price beside it, since the quantity would be applied first.
 */
export function toPushRequest(
  account: SellerAccount,
  { externalId, quantity }: QuantityPush,
): Outcome<ApiCall> {
  if (!isSku(externalId)) return failed(notASku(externalId));
  if (!Number.isInteger(quantity) || quantity < 0 || quantity > capability.quantityMax) {
    const message = `${quantity} is not a quantity written to Amazon: 0 to ${capability.quantityMax}.`;
    return failed({ kind: "rejected", code: "quantity_out_of_range", message });
  }
  const value = [{ fulfillment_channel_code: OWN_STOCK, quantity }];
  return succeeded({
    method: "PATCH",
    path: listingPath(account, externalId),
    query: { marketplaceIds: account.marketplaceId, includedData: "issues" },
    // `PRODUCT` serves every product type as long as only the offer is meant.
    json: {
      productType: "PRODUCT",
      patches: [{ op: "merge", path: "/attributes/fulfillment_availability", value }],
    },
    budget: "writes",
  });
}

/** A submission is queued (`ACCEPTED`) or refused (`INVALID`, with status 200 all the same); neither says what is shown. */
export function toReceipt({ status, issues }: WireSubmission): Outcome<PushReceipt> {
  if (status === "ACCEPTED") return succeeded({ quantity: null });
  if (status !== "INVALID") return failed(toUnreadableError("a submission", true));
  const issue = issues?.find(({ severity }) => severity === "ERROR") ?? issues?.[0];
  const message = shortened(`Amazon refuses the quantity: ${issue?.message ?? "it does not say why"}`);
  return failed({ kind: "rejected", code: issue?.code ?? "INVALID", message });
}

export function notASku(externalId: string): ConnectorError {
  const message = `${JSON.stringify(externalId)} is no SKU of Amazon: 1 to 200 characters, no control characters.`;
  return { kind: "rejected", code: "unknown_external_id", message };
}
