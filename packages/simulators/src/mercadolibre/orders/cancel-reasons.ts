import type { CancelRequester } from "./order.ts";

interface CancelReason {
  requestedBy: CancelRequester;
  group: string;
  description: string;
}

/**
 * Codes of `cancel_detail`. Captured: buyer_cancel_express, mediations, feedback_unavailable_product, pack_splitted.
 * Of the others the group was seen in integrators' code; the code itself is ASSUMED.
 */
const reasons: Partial<Record<string, CancelReason>> = {
  buyer_cancel_express: {
    requestedBy: "buyer",
    group: "buyer",
    description: "The buyer cancelled the purchase",
  },
  mediations: { requestedBy: "meli", group: "mediations", description: "Cancelled by a mediation" },
  feedback_unavailable_product: {
    requestedBy: "seller",
    group: "seller",
    description: "The seller has no stock of the product",
  },
  pack_splitted: { requestedBy: "meli", group: "internal", description: "Purchases has splitted the pack" },
  fraud_detected: { requestedBy: "meli", group: "fraud", description: "The purchase was fraudulent" },
  item_not_allowed: { requestedBy: "meli", group: "item", description: "The item was taken down" },
  shipment_cancelled: { requestedBy: "meli", group: "shipment", description: "The shipment was cancelled" },
  shipment_not_delivered: {
    requestedBy: "meli",
    group: "delivery",
    description: "The shipment could not be delivered",
  },
  fiscal_data_missing: { requestedBy: "meli", group: "fiscal", description: "The invoice is missing" },
};

const usualCodes: Record<CancelRequester, string> = {
  buyer: "buyer_cancel_express",
  seller: "feedback_unavailable_product",
  meli: "mediations",
};

/** What is known of a cancellation, from as little as a code or who asked for it. */
export interface CancelWish {
  requestedBy?: CancelRequester | undefined;
  code?: string | undefined;
  group?: string | undefined;
  description?: string | undefined;
}

/** The whole of it. */
export function cancelReason(wish: CancelWish): CancelReason & { code: string } {
  const byCode = reasons[wish.code ?? ""];
  const requestedBy = wish.requestedBy ?? byCode?.requestedBy ?? "buyer";
  const code = wish.code ?? usualCodes[requestedBy];
  const usual = byCode ??
    reasons[usualCodes[requestedBy]] ?? { requestedBy, group: requestedBy, description: code };
  return {
    requestedBy,
    code,
    group: wish.group ?? usual.group,
    description: wish.description ?? usual.description,
  };
}
