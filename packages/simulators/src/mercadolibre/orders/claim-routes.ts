import type { FastifyInstance, FastifyRequest } from "fastify";
import { z } from "zod";

import { sendAnswer } from "../vendor/send-answer.ts";
import type { VendorAnswer } from "../vendor/vendor-answer.ts";
import { callerOf } from "../vendor/vendor-api.ts";
import type { World } from "../world.ts";
import { announceClaim } from "./announce-order.ts";
import { claimBody, returnBody, reviewsBody } from "./claim-body.ts";
import type { Claim } from "./claim.ts";

interface ClaimRequest {
  Params: { id: string };
}

/** Post-purchase has an error shape of its own: `code` is the status and `cause` is null. */
function postPurchaseError(code: number, error: string, message: string): VendorAnswer {
  return { status: code, body: { code, error, message, cause: null } };
}

const claimNotFound = postPurchaseError(404, "not_found_error", "Claim not found");
const reviewNotFound = postPurchaseError(404, "not_found_error", "return review not found");

/** Documented: nothing at all for a good return, else what is wrong with it. */
const reviewSchema = z.union([
  z.array(
    z.object({
      reason: z.string().regex(/^SRF[2-7]$/),
      message: z.string().optional(),
      attachments: z.array(z.unknown()).optional(),
      order_id: z.number(),
    }),
  ),
  z.strictObject({}),
]);

function ownClaim(world: World, request: FastifyRequest<ClaimRequest>): Claim | undefined {
  const claim = world.claims.get(Number(request.params.id));
  return claim?.account === callerOf(request).seller.account ? claim : undefined;
}

function ownReturn(world: World, request: FastifyRequest<ClaimRequest>): Claim | undefined {
  const found = [...world.claims.values()].find(({ returnId }) => String(returnId) === request.params.id);
  return found?.account === callerOf(request).seller.account ? found : undefined;
}

/** The goods are at the seller's, and nothing has been said of them. */
function canReview(world: World, { parcels, review: given }: Claim): boolean {
  const hasArrived = parcels.some(
    ({ destination, shipmentId }) =>
      destination === "seller_address" && world.shipments.get(shipmentId)?.status === "delivered",
  );
  return hasArrived && (given === null || given.sellerStatus === null);
}

const unchecked = { method: "none" as const, condition: null, destination: null, missingQuantity: null };

/** The seller says how the goods came back; the texts of refusals are ASSUMED. */
function review(world: World, claim: Claim, body: unknown): VendorAnswer {
  const parsed = reviewSchema.safeParse(body ?? {});
  if (!parsed.success) return postPurchaseError(400, "bad_request", "Invalid return review");
  if (!canReview(world, claim)) return postPurchaseError(400, "bad_request", "The return cannot be reviewed");
  const reason = Array.isArray(parsed.data) ? parsed.data[0]?.reason : undefined;
  const at = world.clock.now();
  claim.review = {
    ...(claim.review ?? unchecked),
    sellerStatus: reason === undefined ? "success" : "claimed",
    sellerReason: reason ?? null,
    at,
  };
  claim.lastUpdatedAt = at;
  announceClaim(world, claim, "claims_actions");
  return { status: 200, body: reviewsBody(claim, claim.review) };
}

/** `/post-purchase`: claims, the returns in them, and what was found in those. */
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

  server.get<ClaimRequest>("/post-purchase/v1/returns/:id/reviews", (request, reply) => {
    const claim = ownReturn(world, request);
    const found = claim?.review ?? null;
    if (claim === undefined || found === null) return sendAnswer(reply, reviewNotFound);
    return sendAnswer(reply, { status: 200, body: reviewsBody(claim, found) });
  });

  server.post<ClaimRequest>("/post-purchase/v1/returns/:id/return-review", (request, reply) => {
    const claim = ownReturn(world, request);
    return sendAnswer(reply, claim === undefined ? claimNotFound : review(world, claim, request.body));
  });
}
