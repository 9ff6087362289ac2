import type { WarehouseEvent } from "../../warehouse/journal.ts";
import type { World } from "../world.ts";
import { behind, orderBody, shipmentBody, statusesOf } from "./order-body.ts";
import { openLines, type Order, type Shipment, shipmentStatus, type ShipmentStatus } from "./order.ts";

/** An order that the warehouse took in by itself: from the dashboard, or straight from a shop. */
function adopt(world: World, worldId: string): Order {
  const source = world.warehouse.orders.get(worldId);
  if (source === undefined) throw new Error(`the warehouse has no order ${worldId}`);
  return world.orders.add({
    id: world.ids.next("order"),
    worldId,
    channelId: 0,
    referenceId: worldId,
    orderNumber: worldId,
    type: "DTC",
    shippingMethod: "Standard",
    recipient: null,
    tags: [],
    purchasedAt: null,
    products: source.lines.map(({ item, ordered }) => {
      const { sku, productId, name } = world.catalogue.ensure({ sku: item });
      return { sku, referenceId: sku, productId, name, quantity: ordered, externalLineId: null };
    }),
  });
}

function openShipmentOf({ shipments }: Order): Shipment | undefined {
  return shipments.find(({ state }) => state === "open");
}

/** What left is a shipment of its own; the rest of it goes on in another. */
function complete(world: World, order: Order, worldShipmentId: string): void {
  const source = behind(world, order);
  const left = source.shipments.find(({ id }) => id === worldShipmentId);
  const shipment = openShipmentOf(order);
  if (shipment === undefined || left === undefined) throw new Error(`${order.id} has no open shipment`);
  shipment.state = "completed";
  shipment.lines = left.lines.map((line) => ({ ...line }));
  shipment.completedAt = left.at;
  shipment.trackingNumber = `9400${shipment.id}`;
  if (openLines(source).length > 0) world.orders.openShipment(order);
}

/** Cancelled is what was never to leave again: with nothing left to ship, the open shipment is. */
function cancelRest(world: World, order: Order): void {
  const shipment = openShipmentOf(order);
  const source = behind(world, order);
  if (shipment === undefined || openLines(source).length > 0) return;
  shipment.state = "cancelled";
  shipment.lines = source.lines
    .map(({ item, cancelled }) => ({ item, units: cancelled }))
    .filter(({ units }) => units > 0);
}

const topics: Partial<Record<ShipmentStatus, string>> = {
  Exception: "order.shipment.exception",
  Cancelled: "order.shipment.cancelled",
};

/** Tells what has changed since the last time. */
function tell(world: World, order: Order): void {
  const source = behind(world, order);
  for (const shipment of order.shipments) {
    const { status } = shipmentStatus(shipment, source);
    if (status === shipment.toldStatus) continue;
    shipment.toldStatus = status;
    const topic = topics[status];
    if (topic !== undefined) world.webhooks.publish(topic, shipmentBody(world, order, shipment));
    if (status === "Completed" && world.settings.orderShippedPer === "shipment") {
      world.webhooks.publish("order.shipped", shipmentBody(world, order, shipment));
    }
  }
  const statuses = statusesOf(world, order);
  const isDone = statuses.every((status) => status === "Completed" || status === "Cancelled");
  if (order.isShippedTold || !isDone || !statuses.includes("Completed")) return;
  order.isShippedTold = true;
  if (world.settings.orderShippedPer === "order")
    world.webhooks.publish("order.shipped", orderBody(world, order));
}

/** Follows what the warehouse does with orders. */
export function noteOrderEvent(world: World, event: WarehouseEvent): void {
  if (event.document?.kind !== "order") return;
  const { id, shipmentId } = event.document;
  const order = world.orders.ofWorld(id) ?? adopt(world, id);
  const shipment = openShipmentOf(order);
  order.updatedAt = event.at;
  if (shipment !== undefined) shipment.updatedAt = event.at;
  if (event.act === "shipment_left" && shipmentId !== undefined) complete(world, order, shipmentId);
  if (event.act === "order_cancelled") cancelRest(world, order);
  // Not within the act: an order that is short now may be promised units before the act is over.
  world.clock.schedule(0, () => tell(world, order));
}

/** The carrier has brought it. */
export function deliver(world: World, { order, shipment }: { order: Order; shipment: Shipment }): boolean {
  if (shipment.state !== "completed" || shipment.deliveredAt !== null) return false;
  const now = world.clock.now();
  shipment.deliveredAt = now;
  shipment.updatedAt = now;
  order.updatedAt = now;
  world.webhooks.publish("order.shipment.delivered", shipmentBody(world, order, shipment));
  return true;
}
