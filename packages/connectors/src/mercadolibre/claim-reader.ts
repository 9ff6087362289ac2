import { failed, type Outcome, succeeded } from "../contract/outcome.ts";
import { type OrderReturn, toOrderReturns } from "./claim-return.ts";
import type { MercadoLibreClient } from "./client.ts";
import { claimReturnSchema, claimSchema, returnReviewsSchema, type WireReturn } from "./wire.ts";

/** A claim, as far as units go. */
export interface ClaimReading {
  readonly orderIds: readonly string[];
  /** The parcel whose orders it is about, where it names that instead; null otherwise. */
  readonly parcelId: string | null;
  /** What of an order is on its way back; null where the claim sends nothing back. */
  readonly returnOf: (orderId: string) => OrderReturn | null;
}

/** Reads a claim with its return, and what was found when that was looked at. */
export async function readClaim(client: MercadoLibreClient, claimId: string): Promise<Outcome<ClaimReading>> {
  const claim = await client.call(claimSchema, {
    method: "GET",
    path: `/post-purchase/v1/claims/${claimId}`,
  });
  if (!claim.ok) return claim;
  const { resource, resource_id: resourceId, related_entities: related } = claim.value;
  if (related?.includes("return") !== true) return withoutReturn(resource, resourceId);
  const path = `/post-purchase/v2/claims/${claimId}/returns`;
  const back = await client.call(claimReturnSchema, { method: "GET", path });
  if (!back.ok) return back;
  const reviews = await readReviews(client, back.value);
  if (!reviews.ok) return reviews;
  const returns = toOrderReturns(back.value, reviews.value);
  return succeeded({
    orderIds: [...returns.keys()],
    parcelId: null,
    returnOf: (orderId) => returns.get(orderId) ?? null,
  });
}

async function readReviews(client: MercadoLibreClient, { id, related_entities: related }: WireReturn) {
  if (related?.includes("reviews") !== true) return succeeded(null);
  const path = `/post-purchase/v1/returns/${id}/reviews`;
  const reviews = await client.call(returnReviewsSchema, { method: "GET", path });
  return !reviews.ok && reviews.error.kind === "not_found" ? succeeded(null) : reviews;
}

/** A claim about money, or one that has not come to a return: the order may have changed all the same. */
function withoutReturn(resource: string, resourceId: string): Outcome<ClaimReading> {
  const returnOf = () => null;
  if (resource === "order") return succeeded({ orderIds: [resourceId], parcelId: null, returnOf });
  if (resource === "shipment") return succeeded({ orderIds: [], parcelId: resourceId, returnOf });
  const message = `A claim about a ${resource.slice(0, 50)} moves no units.`;
  return failed({ kind: "rejected", code: "unknown_order_id", message });
}
