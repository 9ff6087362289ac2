import { cancelOrder } from "../../warehouse/order-acts.ts";
import { answer, fieldErrors, notFound, type VendorAnswer } from "../vendor/vendor-answer.ts";
import type { World } from "../world.ts";
import { behind, orderBody, shipmentBody } from "./order-body.ts";
import { isCancellable, type Order } from "./order.ts";

/** What left or was picked cannot be cancelled, documented; that it is a 422 is ASSUMED. */
function tooLate(what: string): VendorAnswer {
  return fieldErrors(422, { [what]: [`The ${what} is not in a cancellable state.`] });
}

function cancelRest(world: World, order: Order): void {
  const outcome = cancelOrder(world.warehouse, { id: order.worldId, by: "api" });
  if (!outcome.done) throw new Error(`the warehouse refused to cancel ${order.id}: ${outcome.reason}`);
}

/** `POST order/{id}:cancel`. */
export function cancelWholeOrder(world: World, orderId: number): VendorAnswer {
  const order = world.orders.get(orderId);
  if (order === undefined) return notFound;
  const source = behind(world, order);
  const results = order.shipments
    .filter(({ state }) => state !== "cancelled")
    .map((shipment) => ({ shipment, can: isCancellable(shipment, source) }));
  if (!results.some(({ can }) => can)) return tooLate("order");
  cancelRest(world, order);
  return answer({
    order_id: order.id,
    order: orderBody(world, order),
    status: results.every(({ can }) => can) ? "Success" : "PartialSuccess",
    canceled_shipment_results: results.map(({ shipment, can }) => ({
      shipment_id: shipment.id,
      action: "Cancel",
      is_success: can,
      reason: can ? null : "The shipment is already in fulfillment.",
    })),
  });
}

/** `POST shipment/{id}:cancel`. */
export function cancelShipment(world: World, shipmentId: number): VendorAnswer {
  const found = world.orders.ofShipment(shipmentId);
  if (found === undefined) return notFound;
  const { order, shipment } = found;
  if (!isCancellable(shipment, behind(world, order))) return tooLate("shipment");
  cancelRest(world, order);
  return answer(shipmentBody(world, order, shipment));
}
