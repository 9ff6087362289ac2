import { sellerOf, type World } from "../world.ts";
import type { FulfillmentStatus, Order, OrderItem } from "./order.ts";

/** Writes down that an order is new or has changed, for readers who see it after their lags. */
export function recordOrder(world: World, order: Order): void {
  const now = world.clock.now();
  order.lastUpdatedAt = now;
  const { searchLate, searchLateMs } = world.faults.current().orders;
  const late = world.random.chance(`late|${order.id}|${order.status}|${now}`, searchLate);
  const { orderSearchLagMs, orderReadLagMs } = world.settings;
  world.orders.record(order, {
    searchMs: late ? Math.max(searchLateMs, orderSearchLagMs) : orderSearchLagMs,
    readMs: orderReadLagMs,
  });
}

/** Tells that the status of an order, or of some of its items, has changed. ASSUMED: the texts of the reasons. */
export function tellOrder(
  world: World,
  order: Order,
  changeReason: string,
  items: "all" | readonly OrderItem[] = "all",
): void {
  const seller = sellerOf(world, order.account);
  const at = world.clock.now();
  world.news.orderChanged({ seller, order, items, orderChangeType: "OrderStatusChange", changeReason, at });
}

/** The status that follows from the items, for an order that has been paid. */
export function statusFromItems(order: Order): FulfillmentStatus {
  const open = order.items.filter(({ cancellation }) => cancellation === null);
  if (open.length === 0) return "CANCELLED";
  if (open.every(({ shipped, quantity }) => shipped === quantity)) return "SHIPPED";
  return open.some(({ shipped }) => shipped > 0) ? "PARTIALLY_SHIPPED" : "UNSHIPPED";
}
