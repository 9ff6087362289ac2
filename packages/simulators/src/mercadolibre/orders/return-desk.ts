import type { World } from "../world.ts";
import { cancelOrder, forwardShipment, isCancelled, move, touchOrder } from "./after-sale.ts";
import { announceClaim, announceShipment } from "./announce-order.ts";
import type { Claim, ReturnParcel, ReturnStatus, Review } from "./claim.ts";
import { createShipment } from "./new-shipment.ts";
import { type Order, retagged } from "./order.ts";

interface ReturnWish {
  quantity: number;
  /** By way of the marketplace's own check. */
  triage: boolean;
  /** Refunded at once; the goods stay where they are. */
  lowCost: boolean;
}

function addParcel(world: World, order: Order, claim: Claim, parcel: Omit<ReturnParcel, "shipmentId">): void {
  const shipment = createShipment(world, order, {
    direction: "return",
    status: "shipped",
    substatus: null,
    logisticType: forwardShipment(world, order)?.logisticType ?? "not_specified",
  });
  claim.parcels.push({ shipmentId: shipment.id, ...parcel });
  announceShipment(world, shipment);
}

function deliverParcel(world: World, parcel: ReturnParcel | undefined): void {
  const shipment = parcel === undefined ? undefined : world.shipments.get(parcel.shipmentId);
  if (shipment !== undefined && shipment.status === "shipped") move(world, shipment, "delivered", null);
}

function subtypeOf(order: Order, { quantity, lowCost }: ReturnWish): Claim["subtype"] {
  if (lowCost) return "low_cost";
  return quantity === order.quantity ? "return_total" : "return_partial";
}

/** The buyer wants to send something back: a claim, a return and its parcel. */
export function openReturn(world: World, order: Order, wish: ReturnWish): Claim {
  const now = world.clock.now();
  const claim: Claim = {
    id: world.ids.next("claim"),
    returnId: world.ids.next("return"),
    orderId: order.id,
    account: order.account,
    status: "opened",
    subtype: subtypeOf(order, wish),
    returnStatus: "shipped",
    quantity: wish.quantity,
    checked: wish.triage,
    parcels: [],
    review: null,
    resolution: null,
    createdAt: now,
    lastUpdatedAt: now,
  };
  world.claims.set(claim.id, claim);
  order.claimId = claim.id;
  order.tags = retagged(order.tags, [], ["claim_opened"]);
  announceClaim(world, claim, "claims");
  if (wish.lowCost) {
    closeClaim(world, order, claim, "low_cost");
    refund(world, order, claim);
    return claim;
  }
  const destination = wish.triage ? "warehouse" : "seller_address";
  addParcel(world, order, claim, { type: "return", destination });
  touchOrder(world, order);
  return claim;
}

/** The marketplace has looked at what came back, and sends it on to the seller or keeps it. */
export function triageReturn(
  world: World,
  order: Order,
  claim: Claim,
  found: Pick<Review, "condition" | "destination" | "missingQuantity">,
): void {
  deliverParcel(world, claim.parcels[0]);
  claim.returnStatus = "delivered";
  claim.lastUpdatedAt = world.clock.now();
  claim.review = {
    ...found,
    method: "triage",
    sellerStatus: null,
    sellerReason: null,
    at: world.clock.now(),
  };
  announceClaim(world, claim, "claims_actions");
  if (found.destination === "seller") {
    addParcel(world, order, claim, { type: "return_from_triage", destination: "seller_address" });
    return;
  }
  closeClaim(world, order, claim, "warehouse_decision");
  refund(world, order, claim);
}

/** The returned goods reach the seller; the buyer is refunded and a wholly returned order cancelled. */
export function receiveReturn(world: World, order: Order, claim: Claim): void {
  deliverParcel(world, claim.parcels.at(-1));
  claim.returnStatus = "delivered";
  closeClaim(world, order, claim, "item_returned");
  refund(world, order, claim);
}

/** The return ends without anything coming back; the sale stands. */
export function endReturn(world: World, order: Order, claim: Claim, status: ReturnStatus): void {
  const shipment = world.shipments.get(claim.parcels.at(-1)?.shipmentId ?? 0);
  if (shipment?.status === "shipped") {
    move(world, shipment, status === "not_delivered" ? "not_delivered" : "cancelled", null);
  }
  claim.returnStatus = status;
  closeClaim(world, order, claim, `return_${status}`);
  touchOrder(world, order);
}

function closeClaim(world: World, order: Order, claim: Claim, resolution: string): void {
  claim.status = "closed";
  claim.resolution = resolution;
  claim.lastUpdatedAt = world.clock.now();
  order.tags = retagged(order.tags, ["claim_opened"], ["claim_closed"]);
  announceClaim(world, claim, "claims_actions");
}

/** ASSUMED for a part: the order becomes `partially_refunded`. */
function refund(world: World, order: Order, claim: Claim): void {
  if (isCancelled(order)) return;
  if (claim.quantity === order.quantity) {
    cancelOrder(world, order, { code: "mediations", restock: false });
    return;
  }
  order.payment.refundedUnits = claim.quantity;
  order.status = "partially_refunded";
  touchOrder(world, order);
}
