import { logisticTypeFrom } from "../user-products/locations.ts";
import type { World } from "../world.ts";
import type { Order } from "./order.ts";
import type { Shipment } from "./shipment.ts";

type Direction = Pick<Shipment, "direction" | "status" | "substatus" | "logisticType">;

/** A shipment that begins now. */
export function createShipment(world: World, order: Order, begin: Direction): Shipment {
  const now = world.clock.now();
  const shipment: Shipment = {
    id: world.ids.next("shipment"),
    orderIds: [order.id],
    account: order.account,
    ...begin,
    sibling: null,
    createdAt: now,
    lastUpdatedAt: now,
    history: [{ status: begin.status, substatus: begin.substatus, at: now }],
  };
  world.shipments.set(shipment.id, shipment);
  return shipment;
}

/** The shipment that a paid order goes with: its pack's, or a new one. */
export function shipmentFor(world: World, order: Order): Shipment {
  const pack = order.packId === null ? undefined : world.packs.get(order.packId);
  const known = world.shipments.get(pack?.shipmentId ?? 0);
  if (known !== undefined && known.status !== "cancelled") {
    known.orderIds.push(order.id);
    return known;
  }
  const item = world.items.get(order.key.listing);
  const shipment = createShipment(world, order, {
    direction: "forward",
    status: "ready_to_ship",
    substatus: "ready_to_print",
    logisticType: item === undefined ? "not_specified" : logisticTypeFrom(order.source, item),
  });
  if (pack !== undefined) pack.shipmentId = shipment.id;
  return shipment;
}
