import { orderTime, utcTime } from "../vendor/vendor-time.ts";
import type { World } from "../world.ts";
import type { Claim, Review } from "./claim.ts";

/** `GET /post-purchase/v1/claims/{id}`, shortened. */
export function claimBody(claim: Claim): Record<string, unknown> {
  const awaitsSeller =
    claim.status === "closed" && claim.returnStatus === "delivered" && claim.review === null;
  const actions = awaitsSeller ? ["return_review_ok", "return_review_fail"] : [];
  return {
    id: claim.id,
    resource: "order",
    resource_id: claim.orderId,
    status: claim.status,
    // A defect claim with a return is no claim of type `return`.
    type: "mediations",
    stage: "claim",
    parent_id: null,
    reason_id: "PDD9939",
    // Holds "return" when goods come back, whatever the type says.
    related_entities: ["return"],
    players: [
      { role: "respondent", type: "seller", available_actions: actions.map((action) => ({ action })) },
    ],
    resolution:
      claim.resolution === null
        ? null
        : { reason: claim.resolution, date_created: orderTime(claim.lastUpdatedAt), closed_by: "mediator" },
    date_created: orderTime(claim.createdAt),
    last_updated: orderTime(claim.lastUpdatedAt),
  };
}

function moneyOf({ status, returnStatus }: Claim): string {
  if (status === "opened") return "retained";
  return ["delivered", "shipped"].includes(returnStatus) ? "refunded" : "available";
}

/** `GET /post-purchase/v2/claims/{id}/returns`; quantities are strings (documented). */
export function returnBody(world: World, claim: Claim): Record<string, unknown> {
  const order = world.orders.get(claim.orderId);
  return {
    id: claim.returnId,
    claim_id: claim.id,
    resource_type: "order",
    resource_id: claim.orderId,
    status: claim.returnStatus,
    subtype: claim.subtype,
    refund_at: claim.subtype === "low_cost" ? "n/a" : "delivered",
    status_money: moneyOf(claim),
    intermediate_check: claim.checked,
    shipments: claim.parcels.map(({ shipmentId, type, destination }) => ({
      shipment_id: shipmentId,
      status: world.shipments.get(shipmentId)?.status ?? "shipped",
      tracking_number: null,
      type,
      destination: { name: destination },
    })),
    orders: [
      {
        order_id: claim.orderId,
        item_id: order?.key.listing ?? null,
        variation_id: order?.key.variation ?? null,
        context_type: claim.quantity === order?.quantity ? "total" : "partial",
        total_quantity: (order?.quantity ?? 0).toFixed(1),
        return_quantity: claim.quantity.toFixed(1),
      },
    ],
    related_entities: claim.review === null ? [] : ["reviews"],
    resources: [{ resource: "claim", resource_id: String(claim.id) }],
    date_created: utcTime(claim.createdAt),
    last_updated: utcTime(claim.lastUpdatedAt),
    date_closed: claim.status === "closed" ? utcTime(claim.lastUpdatedAt) : null,
  };
}

/** `GET /post-purchase/v1/returns/{id}/reviews`. */
export function reviewsBody(claim: Claim, review: Review): Record<string, unknown> {
  const found = {
    stage: "closed",
    status: review.method === "triage" ? (review.condition === "saleable" ? "success" : "failed") : null,
    product_condition: review.condition,
    product_destination: review.destination,
    reason_id: review.method === "triage" ? "accepted" : null,
    benefited: review.method === "triage" ? "buyer" : null,
    seller_status: review.sellerStatus,
    seller_reason: review.sellerReason,
    benefited_type: null,
    benefited_reason: null,
    missing_quantity: review.missingQuantity,
  };
  const at = utcTime(review.at);
  const one = {
    resource: "order",
    resource_id: claim.orderId,
    method: review.method,
    resource_reviews: [found],
    date_created: at,
    last_updated: at,
  };
  return { reviews: [one] };
}
