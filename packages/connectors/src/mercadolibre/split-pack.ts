import { listingOf, type OrderView } from "./to-inbound.ts";
import type { WireOrder } from "./wire.ts";

/** An order that took over units of one whose pack was split. */
export type SplitHeir = Pick<OrderView, "order" | "shipment">;

/**
 * Whether all units of a split order have gone over to others. Nothing may be missing from a split (DOC:envios), so units that
 * nobody has taken over belong to an order that is still on its way.
 */
export function takenOverBy(order: WireOrder, heirs: readonly SplitHeir[]): boolean {
  const sold = unitsOf([order]);
  const taken = unitsOf(heirs.map((heir) => heir.order));
  return [...sold].every(([listing, units]) => (taken.get(listing) ?? 0) >= units);
}

function unitsOf(orders: readonly WireOrder[]): ReadonlyMap<string, number> {
  const units = new Map<string, number>();
  for (const { item, quantity } of orders.flatMap((order) => order.order_items)) {
    const listing = listingOf(item);
    units.set(listing, (units.get(listing) ?? 0) + quantity);
  }
  return units;
}
