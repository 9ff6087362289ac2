import { appOf, sellerOf, type World } from "../world.ts";
import type { Claim } from "./claim.ts";
import type { Order } from "./order.ts";
import type { Shipment } from "./shipment.ts";

function publish(world: World, account: string, topic: string, resource: string, actions: string[] = []): void {
  const seller = sellerOf(world, account);
  world.outbox.publish(appOf(world, seller), { seller, topic, resource, actions });
}

export function announceOrder(world: World, order: Order): void {
  publish(world, order.account, "orders_v2", `/orders/${order.id}`);
}

export function announcePayment(world: World, order: Order): void {
  publish(world, order.account, "payments", `/collections/${order.payment.id}`);
}

export function announceShipment(world: World, shipment: Shipment): void {
  publish(world, shipment.account, "shipments", `/shipments/${shipment.id}`);
}

export function announceClaim(world: World, claim: Claim, action: "claims" | "claims_actions"): void {
  publish(world, claim.account, "post_purchase", `/post-purchase/v1/claims/${claim.id}`, [action]);
}
