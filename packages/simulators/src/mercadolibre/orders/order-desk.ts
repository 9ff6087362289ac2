import type { RefusalReason } from "../../truth/truth.ts";
import { hold, type Offer, keyOf, shownOf, stockOf } from "../items/item.ts";
import { changeStock, recordPromises } from "../items/stock-change.ts";
import { siteOf } from "../seller.ts";
import type { MillisecondRange } from "../settings.ts";
import { logisticTypeFrom, sourceOf } from "../user-products/locations.ts";
import type { World } from "../world.ts";
import { announceOrder, announcePayment, announceShipment } from "./announce-order.ts";
import { type Order, retagged } from "./order.ts";
import type { Shipment } from "./shipment.ts";

/** Orders kept; the oldest are forgotten beyond it, so that a demo may run for weeks. */
const MOST_ORDERS = 50_000;
/** ASSUMED: how far `date_last_updated` of the search runs behind. Captured: the two differ. */
const SEARCH_LAG_MS = 2_000;

interface Purchase {
  offer: Offer;
  quantity: number;
  pay: boolean;
  buyer?: string | undefined;
  closingGapMs?: number | undefined;
}

export type PurchaseOutcome =
  | { accepted: true; order: Order; closesAt: number | null }
  | { accepted: false; reason: RefusalReason; availableQuantity: number };

/** The marketplace's own rule: it sells what its own number says, and knows nothing of any other channel. */
function refusalOf({ offer, quantity }: Purchase): RefusalReason | undefined {
  const { item } = offer;
  const soldOut = item.status === "paused" && item.subStatus.includes("out_of_stock");
  if (item.status !== "active" && !soldOut) return "not_active";
  return shownOf(offer) < quantity ? "out_of_stock" : undefined;
}

/** A buyer tries to buy; the order closes after its gap, at once if that is 0. */
export function placeOrder(world: World, purchase: Purchase): PurchaseOutcome {
  const { offer, quantity, pay } = purchase;
  const reason = refusalOf(purchase);
  if (reason !== undefined) {
    world.truth.refused(keyOf(offer), quantity, reason);
    return { accepted: false, reason, availableQuantity: shownOf(offer) };
  }
  const order = newOrder(world, purchase);
  remember(world, order);
  hold(offer, quantity);
  world.truth.accepted(keyOf(offer), quantity, order.id);
  recordPromises(world, offer, "sold");
  const gapMs = purchase.closingGapMs ?? drawGap(world, order.id, world.settings.orderClosingGapMs);
  if (!pay) {
    announceOrder(world, order);
    return { accepted: true, order, closesAt: null };
  }
  return { accepted: true, order, closesAt: startPayment(world, order, gapMs) };
}

/** Pays an order that was made without; the caller has checked that it still waits for it. */
export function payOrder(world: World, order: Order, closingGapMs?: number): void {
  order.status = "confirmed";
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
  const shipment = newShipment(world, order);
  order.shipmentId = shipment.id;
  const offer = offerOf(world, order);
  if (offer !== undefined) {
    hold(offer, -order.quantity);
    stockOf(offer).sold += order.quantity;
    changeStock(world, offer, { by: -order.quantity, source: order.source }, { cause: "closed" });
  }
  announceOrder(world, order);
  announcePayment(world, order);
  announceShipment(world, shipment);
}

/** The offer an order was made from, unless its variation has been deleted since. */
export function offerOf(world: World, order: Order): Offer | undefined {
  const item = world.items.get(order.key.listing);
  if (item === undefined) return undefined;
  if (order.key.variation === null) return { item, variation: null };
  const variation = item.variations.find(({ id }) => id === order.key.variation);
  return variation === undefined ? undefined : { item, variation };
}

function newOrder(world: World, { offer, quantity, pay, buyer }: Purchase): Order {
  const { item, variation } = offer;
  const { shared } = stockOf(offer);
  const now = world.clock.now();
  const id = world.ids.next("order");
  const buyerId = world.ids.next("buyer");
  return {
    id,
    account: item.account,
    key: keyOf(offer),
    title: item.title,
    sellerSku: variation?.sellerSku ?? item.sellerSku,
    sellerCustomField: variation?.sellerCustomField ?? item.sellerCustomField,
    userProductId: variation?.userProductId ?? item.userProductId,
    quantity,
    source: shared === null ? null : sourceOf(shared, offer, quantity),
    unitPrice: item.price,
    currency: siteOf(item.siteId).currency,
    status: pay ? "confirmed" : "payment_required",
    createdAt: now,
    closedAt: null,
    lastUpdatedAt: now,
    searchLagMs: world.random.between(`lag|${id}`, 0, SEARCH_LAG_MS),
    cancelDetail: null,
    tags: ["not_paid", "not_delivered"],
    buyer: { id: buyerId, nickname: buyer ?? `BUYER${buyerId}` },
    payment: { id: world.ids.next("payment"), status: "pending", tags: [] },
    shipmentId: null,
    claimId: null,
    fulfilled: false,
  };
}

function newShipment(world: World, order: Order): Shipment {
  const now = world.clock.now();
  const item = world.items.get(order.key.listing);
  const logisticType = item === undefined ? "not_specified" : logisticTypeFrom(order.source, item);
  const start = { status: "ready_to_ship" as const, substatus: "ready_to_print", at: now };
  const shipment: Shipment = {
    id: world.ids.next("shipment"),
    orderId: order.id,
    account: order.account,
    direction: "forward",
    logisticType,
    status: start.status,
    substatus: start.substatus,
    createdAt: now,
    lastUpdatedAt: now,
    history: [start],
  };
  world.shipments.set(shipment.id, shipment);
  return shipment;
}

function remember(world: World, order: Order): void {
  world.orders.set(order.id, order);
  if (world.orders.size <= MOST_ORDERS) return;
  const [oldest] = world.orders.values();
  if (oldest === undefined) return;
  world.orders.delete(oldest.id);
  if (oldest.shipmentId !== null) world.shipments.delete(oldest.shipmentId);
  if (oldest.claimId !== null) forgetClaim(world, oldest.claimId);
}

function forgetClaim(world: World, claimId: number): void {
  const claim = world.claims.get(claimId);
  world.claims.delete(claimId);
  if (claim !== undefined) world.shipments.delete(claim.returnShipmentId);
}
