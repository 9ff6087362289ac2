import { putUnitsBack } from "../fulfillment/full-orders.ts";
import { hold } from "../items/item.ts";
import { recordPromises } from "../items/stock-change.ts";
import type { World } from "../world.ts";
import { announceOrder, announcePayment, announceShipment } from "./announce-order.ts";
import { type CancelWish, cancelReason } from "./cancel-reasons.ts";
import { offerOf } from "./order-desk.ts";
import { type Order, retagged } from "./order.ts";
import { hasLeft, moveShipment, type Shipment, type ShipmentStatus } from "./shipment.ts";

export interface Cancellation extends CancelWish {
  /** Whether the marketplace puts its own unit back on the listing; by default as set for who asked. */
  restock?: boolean | undefined;
  /** Refunded to the buyer's wallet: the order stays `paid`, with the tag `unfulfilled`. */
  wallet?: boolean | undefined;
}

/** The parcel of an order on its way to the buyer. */
export function forwardShipment(world: World, order: Order): Shipment | undefined {
  return order.shipmentId === null ? undefined : world.shipments.get(order.shipmentId);
}

/** The order is another now, and that is told. */
export function touchOrder(world: World, order: Order): void {
  order.lastUpdatedAt = world.clock.now();
  const pack = order.packId === null ? undefined : world.packs.get(order.packId);
  if (pack !== undefined) pack.lastUpdatedAt = order.lastUpdatedAt;
  announceOrder(world, order);
}

/** The shipment goes on to another state, and that is told. */
export function move(
  world: World,
  shipment: Shipment,
  status: ShipmentStatus,
  substatus: string | null,
): void {
  moveShipment(shipment, { status, substatus, at: world.clock.now() });
  announceShipment(world, shipment);
}

export function isCancelled(order: Order): boolean {
  return order.status === "cancelled" || order.tags.includes("unfulfilled");
}

/** Orders that still travel in a parcel. */
function ordersIn(world: World, shipment: Shipment): Order[] {
  return shipment.orderIds.flatMap((id) => world.orders.get(id) ?? []).filter((order) => !isCancelled(order));
}

/** Cancels an order that is not cancelled yet, wherever it stands. */
export function cancelOrder(world: World, order: Order, cancellation: Cancellation): void {
  const shipment = forwardShipment(world, order);
  const gone = hasLeft(shipment);
  const wasClosed = order.closedAt !== null;
  const { requestedBy } = cancelReason(cancellation);
  if (cancellation.wallet === true) refundToWallet(order);
  else markCancelled(world, order, cancellation);
  if (shipment !== undefined) stopShipment(world, shipment, gone);
  const restock = cancellation.restock ?? world.settings.cancellationsRestock[requestedBy];
  returnUnits(world, order, { gone, wasClosed, restock });
  touchOrder(world, order);
  announcePayment(world, order);
}

function refundToWallet(order: Order): void {
  order.payment.tags = retagged(order.payment.tags, [], ["refund_account_money"]);
  order.tags = retagged(order.tags, [], ["unfulfilled"]);
}

/** Writes the cancellation down; moves nothing. */
export function markCancelled(world: World, order: Order, wish: CancelWish): void {
  order.payment.status = order.payment.status === "approved" ? "refunded" : "cancelled";
  order.status = "cancelled";
  order.tags = retagged(order.tags, ["paid"], ["not_paid"]);
  order.cancelDetail = { ...cancelReason(wish), at: world.clock.now() };
}

/** A parcel stops when nothing is left to go with it. */
function stopShipment(world: World, shipment: Shipment, gone: boolean): void {
  if (ordersIn(world, shipment).length > 0) return;
  if (!gone) return move(world, shipment, "cancelled", null);
  if (shipment.status !== "delivered" && shipment.status !== "not_delivered") {
    move(world, shipment, "not_delivered", "returning_to_sender");
  }
}

interface UnitsBack {
  gone: boolean;
  wasClosed: boolean;
  restock: boolean;
}

function returnUnits(world: World, order: Order, { gone, wasClosed, restock }: UnitsBack): void {
  // First the pool, then the listing: a buyer must not take a unit back before it is counted as given back.
  if (gone) world.truth.left(order.key, order.id);
  else world.truth.released(order.key, order.quantity, order.id);
  const offer = offerOf(world, order);
  if (offer === undefined) return;
  if (!wasClosed) {
    hold(offer, -order.quantity);
    recordPromises(world, offer, "restocked");
    return;
  }
  if (restock) putUnitsBack(world, offer, order);
}

/** The parcel moves on: picked up only, or on its way. */
export function shipOrder(
  world: World,
  shipment: Shipment,
  how: { pickedUp: boolean; substatus: string | undefined },
): void {
  if (how.pickedUp) move(world, shipment, "ready_to_ship", how.substatus ?? "picked_up");
  else move(world, shipment, "shipped", how.substatus ?? "out_for_delivery");
  for (const order of ordersIn(world, shipment)) {
    world.truth.left(order.key, order.id);
    touchOrder(world, order);
  }
}

/** The parcel arrives. */
export function deliverOrder(world: World, shipment: Shipment): void {
  move(world, shipment, "delivered", null);
  for (const order of ordersIn(world, shipment)) {
    world.truth.left(order.key, order.id);
    order.fulfilled = true;
    touchOrder(world, order);
  }
}

/** Nobody takes the parcel: no claim is opened, its orders are cancelled while the goods still travel. */
export function failDelivery(
  world: World,
  shipment: Shipment,
  how: { substatus: string | undefined; restock: boolean },
): void {
  move(world, shipment, "not_delivered", how.substatus ?? "returning_to_sender");
  for (const order of ordersIn(world, shipment)) {
    cancelOrder(world, order, { code: "shipment_not_delivered", restock: how.restock });
  }
}
