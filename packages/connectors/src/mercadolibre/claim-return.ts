import type { LineReport } from "@onepool/core/ledger/order-record.ts";
import type { Instant, Units } from "@onepool/core/ledger/units.ts";

import { externalIdOf } from "./external-id.ts";
import type { WireReturn, WireReviews } from "./wire.ts";

/** What of one order is on its way back to the seller. */
export interface OrderReturn {
  /** Units by listing. */
  readonly units: ReadonlyMap<string, Units>;
  readonly updatedAt: Instant;
  /** Nothing, or less than was announced, comes after all: counts told before were too high. */
  readonly isCorrection: boolean;
}

/** The return ended without anything being sent, or with the goods at the buyer (DOC:gestionar-devoluciones). */
const ENDED_WITHOUT = new Set([
  "pending_cancel",
  "cancelled",
  "expired",
  "pending_expiration",
  "failed",
  "pending_failure",
  "not_delivered",
  "return_to_buyer",
]);

/**
 * The return of a claim, by order. A buyer who is refunded at low cost keeps the goods; what MercadoLibre's own check keeps, or gives
 * back to the buyer, never reaches the seller.
 */
export function toOrderReturns(back: WireReturn, reviews: WireReviews | null): Map<string, OrderReturn> {
  const isLowCost = back.subtype === "low_cost";
  const found = reviews?.reviews.flatMap((review) => review.resource_reviews) ?? [];
  const staysAway = found.some(({ product_destination: to }) => to === "meli" || to === "buyer");
  const isOver = isLowCost || staysAway || ENDED_WITHOUT.has(back.status);
  const missing = found.reduce((sum, { missing_quantity: units }) => sum + (units ?? 0), 0);
  const returns = new Map<string, OrderReturn>();
  for (const {
    order_id: orderId,
    item_id: itemId,
    variation_id: variationId,
    return_quantity: told,
  } of back.orders) {
    const listing = externalIdOf({ kind: "item", itemId, variationId: variationId ?? null });
    const quantity = isOver ? 0 : Math.max(0, Math.round(told) - missing);
    const units = new Map(returns.get(orderId)?.units);
    units.set(listing, (units.get(listing) ?? 0) + quantity);
    const isCorrection = isOver || missing > 0;
    returns.set(orderId, { units, updatedAt: back.last_updated ?? 0, isCorrection });
  }
  return returns;
}

/** The lines with what comes back of them: at least what the order itself says, at most what was sold. */
export function withReturns(lines: readonly LineReport[], returned: OrderReturn | undefined): LineReport[] {
  if (returned === undefined) return [...lines];
  const left = new Map(returned.units);
  return lines.map((line) => {
    const listing = line.listing ?? "";
    const back = Math.min(line.quantity, left.get(listing) ?? 0);
    left.set(listing, (left.get(listing) ?? 0) - back);
    return { ...line, returning: Math.max(line.returning ?? 0, back) };
  });
}
