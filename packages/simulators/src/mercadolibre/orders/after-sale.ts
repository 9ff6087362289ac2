import { hold } from "../items/item.ts";
import { changeStock, recordPromises } from "../items/stock-change.ts";
import type { World } from "../world.ts";
import { announceClaim, announceOrder, announcePayment, announceShipment } from "./announce-order.ts";
import type { Claim } from "./claim.ts";
import { offerOf } from "./order-desk.ts";
import { type CancelRequester, type Order, retagged } from "./order.ts";
import { hasLeft, moveShipment, type Shipment, type ShipmentStatus } from "./shipment.ts";

export interface Cancellation {
  requestedBy: CancelRequester;
  code?: string | undefined;
  group?: string | undefined;
  description?: string | undefined;
  /** Whether the marketplace puts its own unit back on the listing. */
  restock: boolean;
  /** Refunded to the buyer's wallet: the order stays `paid`, with the tag `unfulfilled`. */
  wallet: boolean;
}

/** Codes and groups as captured, one usual one per requester. */
const usual: Record<CancelRequester, { code: string; group: string; description: string }> = {
  buyer: {
    code: "buyer_cancel_express",
    group: "buyer",
    description: "The buyer cancelled the purchase",
  },
  seller: {
    code: "feedback_unavailable_product",
    group: "seller",
    description: "The seller has no stock of the product",
  },
  meli: { code: "mediations", group: "mediations", description: "Cancelled by a mediation" },
};

function forwardShipment(world: World, order: Order): Shipment | undefined {
  return order.shipmentId === null ? undefined : world.shipments.get(order.shipmentId);
}

function touch(world: World, order: Order): void {
  order.lastUpdatedAt = world.clock.now();
}

function move(world: World, shipment: Shipment, status: ShipmentStatus, substatus: string | null): void {
  moveShipment(shipment, { status, substatus, at: world.clock.now() });
  announceShipment(world, shipment);
}

/** Cancels an order that is not cancelled yet, wherever it stands. */
export function cancelOrder(world: World, order: Order, cancellation: Cancellation): void {
  const shipment = forwardShipment(world, order);
  const gone = hasLeft(shipment);
  const wasClosed = order.closedAt !== null;
  if (cancellation.wallet) refundToWallet(order);
  else markCancelled(world, order, cancellation);
  touch(world, order);
  if (shipment !== undefined) stopShipment(world, shipment, gone);
  returnUnits(world, order, { gone, wasClosed, restock: cancellation.restock });
  announceOrder(world, order);
  announcePayment(world, order);
}

function refundToWallet(order: Order): void {
  order.payment.tags = retagged(order.payment.tags, [], ["refund_account_money"]);
  order.tags = retagged(order.tags, [], ["unfulfilled"]);
}

function markCancelled(world: World, order: Order, { requestedBy, ...given }: Cancellation): void {
  const { code, group, description } = usual[requestedBy];
  order.payment.status = order.payment.status === "approved" ? "refunded" : "cancelled";
  order.status = "cancelled";
  order.tags = retagged(order.tags, ["paid"], ["not_paid"]);
  order.cancelDetail = {
    requestedBy,
    code: given.code ?? code,
    group: given.group ?? group,
    description: given.description ?? description,
    at: world.clock.now(),
  };
}

function stopShipment(world: World, shipment: Shipment, gone: boolean): void {
  if (!gone) return move(world, shipment, "cancelled", null);
  if (shipment.status !== "delivered") move(world, shipment, "not_delivered", "returning_to_sender");
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
  if (!restock || offer.item.status === "closed") return;
  changeStock(world, offer, { by: order.quantity, source: order.source }, { cause: "restocked" });
}

/** The parcel moves on: picked up only, or on its way. */
export function shipOrder(
  world: World,
  order: Order,
  shipment: Shipment,
  how: { pickedUp: boolean; substatus: string | undefined },
): void {
  if (how.pickedUp) move(world, shipment, "ready_to_ship", how.substatus ?? "picked_up");
  else move(world, shipment, "shipped", how.substatus ?? "out_for_delivery");
  world.truth.left(order.key, order.id);
  touch(world, order);
  announceOrder(world, order);
}

/** The parcel arrives. */
export function deliverOrder(world: World, order: Order, shipment: Shipment): void {
  move(world, shipment, "delivered", null);
  world.truth.left(order.key, order.id);
  order.fulfilled = true;
  touch(world, order);
  announceOrder(world, order);
}

/** Nobody takes the parcel: no claim is opened, the order is cancelled while the goods still travel. */
export function failDelivery(
  world: World,
  order: Order,
  shipment: Shipment,
  how: { substatus: string | undefined; restock: boolean },
): void {
  move(world, shipment, "not_delivered", how.substatus ?? "returning_to_sender");
  cancelOrder(world, order, {
    requestedBy: "meli",
    code: "shipment_not_delivered",
    group: "delivery",
    description: "The shipment could not be delivered",
    restock: how.restock,
    wallet: false,
  });
}

/** The buyer sends everything back: a claim, a return and its shipment. */
export function openReturn(world: World, order: Order): Claim {
  const now = world.clock.now();
  const start = { status: "shipped" as const, substatus: null, at: now };
  const shipment: Shipment = {
    id: world.ids.next("shipment"),
    orderId: order.id,
    account: order.account,
    direction: "return",
    logisticType: forwardShipment(world, order)?.logisticType ?? "not_specified",
    status: start.status,
    substatus: start.substatus,
    createdAt: now,
    lastUpdatedAt: now,
    history: [start],
  };
  world.shipments.set(shipment.id, shipment);
  const claim: Claim = {
    id: world.ids.next("claim"),
    returnId: world.ids.next("return"),
    orderId: order.id,
    account: order.account,
    status: "opened",
    returnStatus: "shipped",
    returnShipmentId: shipment.id,
    createdAt: now,
    lastUpdatedAt: now,
  };
  world.claims.set(claim.id, claim);
  order.claimId = claim.id;
  order.tags = retagged(order.tags, [], ["claim_opened"]);
  touch(world, order);
  announceClaim(world, claim, "claims");
  announceShipment(world, shipment);
  announceOrder(world, order);
  return claim;
}

/** The returned goods reach the seller; the buyer is refunded and the order cancelled by the mediation. */
export function receiveReturn(world: World, order: Order, claim: Claim): void {
  const shipment = world.shipments.get(claim.returnShipmentId);
  if (shipment !== undefined) move(world, shipment, "delivered", null);
  claim.status = "closed";
  claim.returnStatus = "delivered";
  claim.lastUpdatedAt = world.clock.now();
  order.tags = retagged(order.tags, ["claim_opened"], ["claim_closed"]);
  announceClaim(world, claim, "claims_actions");
  if (order.status === "cancelled") return;
  cancelOrder(world, order, {
    requestedBy: "meli",
    restock: false,
    wallet: false,
  });
}
