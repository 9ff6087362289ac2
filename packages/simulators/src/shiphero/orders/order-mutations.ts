import { cancelOrder } from "../../warehouse/order-acts.ts";
import { answered, type FieldInfo, type RequestContext } from "../graphql/request-context.ts";
import { conflict, notFound, type VendorRefusal } from "../graphql/vendor-refusal.ts";
import { legacyIdOf } from "../identifiers.ts";
import { refusalOfCustomer } from "../own-account.ts";
import type { World } from "../world.ts";
import { type CreateOrderInput, createOrder } from "./create-order.ts";
import { orderNode } from "./order-nodes.ts";
import type { Order } from "./order.ts";

interface UpdateOrderInput extends Partial<Omit<CreateOrderInput, "line_items">> {
  order_id: string;
}

interface CancelOrderInput {
  order_id: string;
  reason?: string | null;
  force?: boolean | null;
  customer_account_id?: string | null;
}

function ownOrder(
  world: World,
  data: { order_id: string; customer_account_id?: string | null },
): Order | VendorRefusal {
  const refusal = refusalOfCustomer(world, data.customer_account_id);
  return refusal ?? world.orders.latest(legacyIdOf("Order", data.order_id)) ?? notFound("Order");
}

function withOrder(context: RequestContext, info: FieldInfo, order: Order | VendorRefusal) {
  if (order instanceof Error) return order;
  const { world } = context;
  return answered(context, info, { order: orderNode(world, world.orders.viewOf(order)) });
}

function updatePapers(order: Order, data: UpdateOrderInput): void {
  order.orderNumber = data.order_number ?? order.orderNumber;
  order.packingNote = data.packing_note ?? order.packingNote;
  order.requiredShipDate = data.required_ship_date ?? order.requiredShipDate;
  order.holdUntilDate = data.hold_until_date ?? order.holdUntilDate;
  order.tags = data.tags?.filter((tag) => tag !== null) ?? order.tags;
  order.shippingLines = data.shipping_lines ?? order.shippingLines;
  order.shippingAddress = data.shipping_address ?? order.shippingAddress;
  order.billingAddress = data.billing_address ?? order.billingAddress;
}

/** Mutations of orders. */
export const orderMutations = {
  order_create({ data }: { data: CreateOrderInput }, context: RequestContext, info: FieldInfo) {
    return withOrder(context, info, createOrder(context.world, data));
  },

  order_update({ data }: { data: UpdateOrderInput }, context: RequestContext, info: FieldInfo) {
    const order = ownOrder(context.world, data);
    if (order instanceof Error) return order;
    updatePapers(order, data);
    context.world.orders.touch(order);
    return withOrder(context, info, order);
  },

  /** What is picked already goes back from the tote; what has left stays shipped. */
  order_cancel({ data }: { data: CancelOrderInput }, context: RequestContext, info: FieldInfo) {
    const { world } = context;
    const order = ownOrder(world, data);
    if (order instanceof Error) return order;
    const { status, shipments } = world.orders.viewOf(order);
    if (status === "canceled") return conflict("Order is already canceled");
    if (status === "fulfilled") return conflict("Order is already fulfilled");
    if (shipments.length > 0 && data.force !== true) return conflict("Order has completed shipments");
    for (const { worldId } of order.parts) {
      cancelOrder(world.warehouse, { id: worldId, by: "api", reason: data.reason ?? undefined });
    }
    return withOrder(context, info, order);
  },
};
