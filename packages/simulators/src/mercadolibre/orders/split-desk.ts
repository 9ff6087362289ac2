import type { World } from "../world.ts";
import { isCancelled, markCancelled, move, touchOrder } from "./after-sale.ts";
import { announcePayment, announceShipment } from "./announce-order.ts";
import { openPack } from "./cart.ts";
import { shipmentFor } from "./new-shipment.ts";
import { remember } from "./order-desk.ts";
import type { Order } from "./order.ts";
import type { Shipment } from "./shipment.ts";

/** What goes into one of the new parcels: orders of the old one, or some of their units. */
export type SplitGroup = { order: Order; quantity: number }[];

interface Split {
  groups: SplitGroup[];
  reason: string;
  /** How long the new orders are not there yet; drawn when absent. */
  gapMs?: number | undefined;
}

/** The orders that a parcel would be split into, or why it cannot be. */
export function splittableOrders(world: World, shipment: Shipment): Order[] | string {
  if (shipment.direction !== "forward" || shipment.status !== "ready_to_ship") {
    return `the shipment is ${shipment.status}`;
  }
  if (["fulfillment", "self_service"].includes(shipment.logisticType)) return "not for Full or Flex";
  if (shipment.sibling !== null) return "the shipment was split before";
  const orders = shipment.orderIds.flatMap((id) => world.orders.get(id) ?? []);
  const open = orders.filter((order) => !isCancelled(order));
  const units = open.reduce((total, { quantity }) => total + quantity, 0);
  return units < 2 ? "there is nothing to split" : open;
}

/** The usual split: the first order apart from the others, or one unit apart from the rest. */
export function halves(orders: readonly Order[]): SplitGroup[] {
  const [first, ...others] = orders;
  if (first === undefined) return [];
  if (others.length > 0) return [[{ order: first, quantity: first.quantity }], others.map(whole)];
  return [[{ order: first, quantity: 1 }], [{ order: first, quantity: first.quantity - 1 }]];
}

function whole(order: Order): { order: Order; quantity: number } {
  return { order, quantity: order.quantity };
}

function successor(world: World, order: Order, quantity: number, packId: number): Order {
  const now = world.clock.now();
  return {
    ...order,
    id: world.ids.next("order"),
    quantity,
    createdAt: now,
    closedAt: now,
    lastUpdatedAt: now,
    payment: { id: world.ids.next("payment"), status: "approved", tags: [], refundedUnits: 0 },
    tags: ["paid", "not_delivered", "pack_order"],
    packId,
    shipmentId: null,
  };
}

/**
 * A parcel becomes several: its orders are cancelled as `pack_splitted`, and later others are there in their place,
 * with packs and shipments of their own. No unit is given back and none is taken.
 */
export function splitShipment(world: World, shipment: Shipment, { groups, reason, gapMs }: Split): void {
  const originals = [...new Set(groups.flat().map(({ order }) => order))];
  // Copied before they are marked: the new ones go on as the old ones were.
  const before = new Map(originals.map((order) => [order, { ...order }]));
  for (const order of originals) {
    markCancelled(world, order, { code: "pack_splitted" });
    if (order.packId !== null) markSplit(world, order.packId);
  }
  move(world, shipment, "cancelled", "pack_splitted");
  for (const order of originals) {
    touchOrder(world, order);
    announcePayment(world, order);
  }
  const { min, max } = world.settings.packSplitGapMs;
  const delayMs = gapMs ?? Math.round(min + world.random.uniform(`split|${shipment.id}`) * (max - min));
  const arrive = (): void => {
    for (const group of groups) addParcel(world, group, { before, shipment, reason });
  };
  if (delayMs === 0) arrive();
  else world.clock.schedule(delayMs, arrive);
}

function markSplit(world: World, packId: number): void {
  const pack = world.packs.get(packId);
  if (pack !== undefined) pack.isSplit = true;
}

interface Origin {
  before: Map<Order, Order>;
  shipment: Shipment;
  reason: string;
}

function addParcel(world: World, group: SplitGroup, { before, shipment, reason }: Origin): void {
  const [first] = group;
  if (first === undefined) return;
  const pack = openPack(world, first.order.account, first.order.buyer.id);
  const now = world.clock.now();
  for (const { order, quantity } of group) {
    const next = successor(world, before.get(order) ?? order, quantity, pack.id);
    remember(world, next);
    pack.orderIds.push(next.id);
    world.truth.succeeded(order.key, order.id, { orderId: next.id, quantity, of: order.quantity });
    const parcel = shipmentFor(world, next);
    next.shipmentId = parcel.id;
    parcel.sibling = { id: shipment.id, reason, at: now };
    touchOrder(world, next);
    announcePayment(world, next);
  }
  const parcel = pack.shipmentId === null ? undefined : world.shipments.get(pack.shipmentId);
  if (parcel !== undefined) announceShipment(world, parcel);
}
