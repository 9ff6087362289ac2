import type { RefusalReason } from "../../truth/truth.ts";
import { takeUnits } from "../fulfillment/full-orders.ts";
import { hold, type Offer, keyOf, shownOf } from "../items/item.ts";
import { recordPromises } from "../items/stock-change.ts";
import type { MillisecondRange } from "../settings.ts";
import type { World } from "../world.ts";
import { announceOrder, announcePayment, announceShipment } from "./announce-order.ts";
import { newOrder, type Purchase } from "./new-order.ts";
import { shipmentFor } from "./new-shipment.ts";
import { type Order, retagged } from "./order.ts";

/** Orders kept; the oldest are forgotten beyond it, so that a demo may run for weeks. */
const MOST_ORDERS = 50_000;

interface Acceptance {
  order: Order;
  closesAt: number | null;
}

export type PurchaseOutcome =
  | ({ accepted: true } & Acceptance)
  | { accepted: false; reason: RefusalReason; availableQuantity: number };

/** The marketplace's own rule: it sells what its own number says, and knows nothing of any other channel. */
export function refusalOf({
  offer,
  quantity,
}: Pick<Purchase, "offer" | "quantity">): RefusalReason | undefined {
  const { item } = offer;
  const soldOut = item.status === "paused" && item.subStatus.includes("out_of_stock");
  if (item.status !== "active" && !soldOut) return "not_active";
  return shownOf(offer) < quantity ? "out_of_stock" : undefined;
}

/** Sends a buyer away. */
export function refuse(
  world: World,
  { offer, quantity }: Pick<Purchase, "offer" | "quantity">,
  reason: RefusalReason,
): void {
  world.truth.refused(keyOf(offer), quantity, reason);
}

/** A buyer tries to buy; the order closes after its gap, at once if that is 0. */
export function placeOrder(world: World, purchase: Purchase): PurchaseOutcome {
  const reason = refusalOf(purchase);
  if (reason === undefined) return { accepted: true, ...acceptOrder(world, purchase) };
  refuse(world, purchase, reason);
  return { accepted: false, reason, availableQuantity: shownOf(purchase.offer) };
}

/** Takes an order that nothing speaks against. */
export function acceptOrder(world: World, purchase: Purchase): Acceptance {
  const { offer, quantity, pay, pack } = purchase;
  const order = newOrder(world, purchase);
  remember(world, order);
  pack?.orderIds.push(order.id);
  hold(offer, quantity);
  world.truth.accepted(keyOf(offer), quantity, order.id);
  recordPromises(world, offer, "sold");
  const gapMs = purchase.closingGapMs ?? drawGap(world, order.id, world.settings.orderClosingGapMs);
  if (pay) return { order, closesAt: startPayment(world, order, gapMs) };
  announceOrder(world, order);
  return { order, closesAt: null };
}

/** Pays an order that was made without; the caller has checked that it still waits for it. */
export function payOrder(world: World, order: Order, closingGapMs?: number): void {
  order.status = "confirmed";
  order.payment.status = "pending";
  order.lastUpdatedAt = world.clock.now();
  startPayment(world, order, closingGapMs ?? drawGap(world, order.id, world.settings.orderClosingGapMs));
}

function drawGap(world: World, orderId: number, { min, max }: MillisecondRange): number {
  return Math.round(min + world.random.uniform(`gap|${orderId}`) * (max - min));
}

function startPayment(world: World, order: Order, gapMs: number): number {
  const closesAt = world.clock.now() + gapMs;
  if (gapMs === 0) {
    closeOrder(world, order);
    return closesAt;
  }
  announceOrder(world, order);
  world.clock.schedule(gapMs, () => {
    if (order.status === "confirmed") closeOrder(world, order);
  });
  return closesAt;
}

/** The payment is credited: now, and not before, the marketplace takes the units off its own listing. */
function closeOrder(world: World, order: Order): void {
  const now = world.clock.now();
  order.status = "paid";
  order.closedAt = now;
  order.lastUpdatedAt = now;
  order.payment.status = "approved";
  order.tags = retagged(order.tags, ["not_paid"], ["paid"]);
  const { min, max } = world.settings.shipmentDelayMs;
  const delayMs = Math.round(min + world.random.uniform(`shipment|${order.id}`) * (max - min));
  if (delayMs === 0) order.shipmentId = shipmentFor(world, order).id;
  const offer = offerOf(world, order);
  if (offer !== undefined) {
    hold(offer, -order.quantity);
    takeUnits(world, offer, order);
  }
  announceOrder(world, order);
  announcePayment(world, order);
  if (delayMs > 0) world.clock.schedule(delayMs, () => attachShipment(world, order));
  else announceShipmentOf(world, order);
}

function announceShipmentOf(world: World, { shipmentId }: Order): void {
  const shipment = shipmentId === null ? undefined : world.shipments.get(shipmentId);
  if (shipment !== undefined) announceShipment(world, shipment);
}

/** The shipment comes later than the payment: the order is told once more. */
function attachShipment(world: World, order: Order): void {
  if (order.status !== "paid" || order.tags.includes("unfulfilled")) return;
  order.shipmentId = shipmentFor(world, order).id;
  order.lastUpdatedAt = world.clock.now();
  announceOrder(world, order);
  announceShipmentOf(world, order);
}

/** The offer an order was made from, unless its variation has been deleted since. */
export function offerOf(world: World, order: Order): Offer | undefined {
  const item = world.items.get(order.key.listing);
  if (item === undefined) return undefined;
  if (order.key.variation === null) return { item, variation: null };
  const variation = item.variations.find(({ id }) => id === order.key.variation);
  return variation === undefined ? undefined : { item, variation };
}

/** Keeps an order, and forgets the oldest when there are too many. */
export function remember(world: World, order: Order): void {
  world.orders.set(order.id, order);
  if (world.orders.size <= MOST_ORDERS) return;
  const [oldest] = world.orders.values();
  if (oldest === undefined) return;
  world.orders.delete(oldest.id);
  if (oldest.packId !== null) world.packs.delete(oldest.packId);
  if (oldest.shipmentId !== null) world.shipments.delete(oldest.shipmentId);
  if (oldest.claimId !== null) forgetClaim(world, oldest.claimId);
}

function forgetClaim(world: World, claimId: number): void {
  const claim = world.claims.get(claimId);
  world.claims.delete(claimId);
  for (const { shipmentId } of claim?.parcels ?? []) world.shipments.delete(shipmentId);
}
