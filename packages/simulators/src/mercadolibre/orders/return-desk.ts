import type { World } from "../world.ts";
import { cancelOrder, forwardShipment, isCancelled, move, touchOrder } from "./after-sale.ts";
import { announceClaim, announceShipment } from "./announce-order.ts";
import type { Claim } from "./claim.ts";
import { createShipment } from "./new-shipment.ts";
import { type Order, retagged } from "./order.ts";

/** The buyer sends everything back: a claim, a return and its shipment. */
export function openReturn(world: World, order: Order): Claim {
  const now = world.clock.now();
  const shipment = createShipment(world, order, {
    direction: "return",
    status: "shipped",
    substatus: null,
    logisticType: forwardShipment(world, order)?.logisticType ?? "not_specified",
  });
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
  announceClaim(world, claim, "claims");
  announceShipment(world, shipment);
  touchOrder(world, order);
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
  if (!isCancelled(order)) cancelOrder(world, order, { code: "mediations", restock: false });
}
