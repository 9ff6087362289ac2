import type { FastifyInstance, FastifyRequest } from "fastify";

import { sendAnswer } from "../vendor/send-answer.ts";
import type { VendorAnswer } from "../vendor/vendor-answer.ts";
import { callerOf } from "../vendor/vendor-api.ts";
import { orderTime } from "../vendor/vendor-time.ts";
import type { World } from "../world.ts";
import type { Claim } from "./claim.ts";

interface ClaimRequest {
  Params: { id: string };
}

/** Post-purchase has an error shape of its own: `code` is the status and `cause` is null. */
const claimNotFound: VendorAnswer = {
  status: 404,
  body: { code: 404, error: "not_found_error", message: "Claim not found", cause: null },
};

function claimBody(claim: Claim): Record<string, unknown> {
  const closed = claim.status === "closed";
  return {
    id: claim.id,
    resource: "order",
    resource_id: claim.orderId,
    status: claim.status,
    type: "mediations",
    stage: "claim",
    parent_id: null,
    reason_id: "PDD9939",
    // Holds "return" when goods come back, whatever the type says.
    related_entities: ["return"],
    resolution: closed
      ? { reason: "item_returned", date_created: orderTime(claim.lastUpdatedAt), closed_by: "mediator" }
      : null,
    date_created: orderTime(claim.createdAt),
    last_updated: orderTime(claim.lastUpdatedAt),
  };
}

function returnBody(world: World, claim: Claim): Record<string, unknown> {
  const order = world.orders.get(claim.orderId);
  return {
    id: claim.returnId,
    claim_id: claim.id,
    resource: "order",
    resource_id: claim.orderId,
    status: claim.returnStatus,
    subtype: "return_total",
    refund_at: "delivered",
    status_money: claim.status === "closed" ? "refunded" : "retained",
    intermediate_check: false,
    shipments: [
      {
        shipment_id: claim.returnShipmentId,
        status: claim.returnStatus,
        type: "return",
        destination: { name: "seller_address" },
      },
    ],
    // Quantities are strings here (documented).
    orders: [
      {
        order_id: claim.orderId,
        item_id: order?.key.listing ?? null,
        variation_id: order?.key.variation ?? null,
        context_type: "total",
        total_quantity: (order?.quantity ?? 0).toFixed(1),
        return_quantity: (order?.quantity ?? 0).toFixed(1),
      },
    ],
    related_entities: [],
    date_created: orderTime(claim.createdAt),
    last_updated: orderTime(claim.lastUpdatedAt),
  };
}

function ownClaim(world: World, request: FastifyRequest<ClaimRequest>): Claim | undefined {
  const claim = world.claims.get(Number(request.params.id));
  return claim?.account === callerOf(request).seller.account ? claim : undefined;
}

/** `/post-purchase`: claims and the returns in them. */
export function registerClaimRoutes(server: FastifyInstance, world: World): void {
  server.get<ClaimRequest>("/post-purchase/v1/claims/:id", (request, reply) => {
    const claim = ownClaim(world, request);
    return sendAnswer(reply, claim === undefined ? claimNotFound : { status: 200, body: claimBody(claim) });
  });

  server.get<ClaimRequest>("/post-purchase/v2/claims/:id/returns", (request, reply) => {
    const claim = ownClaim(world, request);
    return sendAnswer(
      reply,
      claim === undefined ? claimNotFound : { status: 200, body: returnBody(world, claim) },
    );
  });
}
