import { stockOf, type Offer } from "../items/item.ts";
import { changeStock } from "../items/stock-change.ts";
import type { Order } from "../orders/order.ts";
import type { World } from "../world.ts";
import { recordOperation } from "./inventory.ts";

/** Whether an order is sent by the marketplace, from its own warehouse. */
function isFull(order: Order): boolean {
  return order.source?.type === "meli_facility";
}

function shipmentReference({ shipmentId }: Order): { type: string; value: string }[] {
  return shipmentId === null ? [] : [{ type: "shipment_id", value: String(shipmentId) }];
}

/** The units of an order leave the listing. */
export function takeUnits(world: World, offer: Offer, order: Order): void {
  stockOf(offer).sold += order.quantity;
  changeStock(world, offer, { by: -order.quantity, source: order.source }, { cause: "closed" });
  if (!isFull(order)) return;
  recordOperation(world, offer, {
    type: "SALE_CONFIRMATION",
    availableBy: -order.quantity,
    references: shipmentReference(order),
  });
}

/** The units of a cancelled order are for sale again: at once, or in Full after the warehouse has put them back. */
export function putUnitsBack(world: World, offer: Offer, order: Order): void {
  const restock = (): void => {
    if (offer.item.status === "closed") return;
    changeStock(world, offer, { by: order.quantity, source: order.source }, { cause: "restocked" });
    if (!isFull(order)) return;
    recordOperation(world, offer, {
      // One L, as the marketplace spells it.
      type: "SALE_CANCELATION",
      availableBy: order.quantity,
      references: shipmentReference(order),
    });
  };
  const { min, max } = world.settings.fullRestockMs;
  const delayMs = Math.round(min + world.random.uniform(`fullRestock|${order.id}`) * (max - min));
  if (!isFull(order) || delayMs === 0) restock();
  else world.clock.schedule(delayMs, restock);
}
