import { appOf, sellerOf, type World } from "../world.ts";
import type { Claim } from "./claim.ts";
import type { Order } from "./order.ts";
import type { Shipment } from "./shipment.ts";

interface Pointer {
  topic: string;
  resource: string;
  actions?: string[];
}

function publish(world: World, account: string, pointer: Pointer): void {
  const seller = sellerOf(world, account);
  world.outbox.publish(appOf(world, seller), { seller, ...pointer });
}

export function announceOrder(world: World, order: Order): void {
  publish(world, order.account, { topic: "orders_v2", resource: `/orders/${order.id}` });
}

export function announcePayment(world: World, order: Order): void {
  publish(world, order.account, { topic: "payments", resource: `/collections/${order.payment.id}` });
}

export function announceShipment(world: World, shipment: Shipment): void {
  publish(world, shipment.account, { topic: "shipments", resource: `/shipments/${shipment.id}` });
}

export function announceClaim(world: World, claim: Claim, action: "claims" | "claims_actions"): void {
  publish(world, claim.account, {
    topic: "post_purchase",
    resource: `/post-purchase/v1/claims/${claim.id}`,
    actions: [action],
  });
}
