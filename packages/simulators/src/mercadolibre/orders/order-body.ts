import { orderTime } from "../vendor/vendor-time.ts";
import { sellerOf, type World } from "../world.ts";
import { type Order, totalOf } from "./order.ts";

function cancelDetailBody(world: World, order: Order): Record<string, unknown> | null {
  if (order.cancelDetail === null) return null;
  const { code, group, requestedBy, description, at } = order.cancelDetail;
  const { app } = sellerOf(world, order.account);
  const applicationId = requestedBy === "seller" ? String(world.apps.get(app)?.id ?? "") : null;
  return {
    application_id: applicationId,
    code,
    group,
    requested_by: requestedBy,
    description,
    date: orderTime(at),
  };
}

function paymentBody(order: Order): Record<string, unknown> {
  const { id, status, tags, refundedUnits } = order.payment;
  const refunded = status === "refunded" || tags.includes("refund_account_money");
  return {
    id,
    order_id: order.id,
    payer_id: order.buyer.id,
    collector: { id: null },
    currency_id: order.currency,
    status,
    status_detail: status === "approved" ? "accredited" : null,
    transaction_amount: totalOf(order),
    transaction_amount_refunded: refunded ? totalOf(order) : refundedUnits * order.unitPrice,
    total_paid_amount: status === "approved" ? totalOf(order) : 0,
    shipping_cost: 0,
    payment_type: "account_money",
    payment_method_id: "account_money",
    operation_type: "regular_payment",
    installments: 1,
    date_created: orderTime(order.createdAt),
    date_approved: order.closedAt === null ? null : orderTime(order.closedAt),
    date_last_modified: orderTime(order.lastUpdatedAt),
    tags,
  };
}

/** Search rows lack `user_product_id` (captured). */
function itemLine(order: Order, withUserProduct: boolean): Record<string, unknown> {
  return {
    item: {
      id: order.key.listing,
      title: order.title,
      category_id: null,
      variation_id: order.key.variation,
      seller_custom_field: order.sellerCustomField,
      variation_attributes: [],
      warranty: null,
      condition: "new",
      seller_sku: order.sellerSku,
      global_price: null,
      net_weight: null,
      ...(withUserProduct ? { user_product_id: order.userProductId } : {}),
    },
    quantity: order.quantity,
    requested_quantity: { measure: "unit", value: order.quantity },
    picked_quantity: null,
    unit_price: order.unitPrice,
    full_unit_price: order.unitPrice,
    currency_id: order.currency,
    manufacturing_days: null,
    sale_fee: 0,
    listing_type_id: "gold_special",
    // An object here, although the documentation shows an array (captured).
    stock: { store_id: order.source?.storeId ?? null, node_id: order.source?.nodeId ?? null },
    kit_instance_id: null,
    bundle: null,
  };
}

function orderFields(world: World, order: Order): Record<string, unknown> {
  const seller = sellerOf(world, order.account);
  return {
    id: order.id,
    status: order.status,
    // Null even when cancelled, in 7 of 7 (measured): who and why stand in cancel_detail.
    status_detail: null,
    cancel_detail: cancelDetailBody(world, order),
    date_created: orderTime(order.createdAt),
    date_closed: order.closedAt === null ? null : orderTime(order.closedAt),
    last_updated: orderTime(order.lastUpdatedAt),
    fulfilled: order.fulfilled,
    expiration_date: orderTime(order.expiresAt),
    manufacturing_ending_date: null,
    feedback: { buyer: null, seller: order.feedback === null ? null : { id: order.feedback.id } },
    pack_id: order.packId,
    pickup_id: null,
    comment: null,
    payments: [paymentBody(order)],
    shipping: { id: order.shipmentId },
    static_tags: order.packId === null ? [] : ["pack_order"],
    tags: order.tags,
    mediations: order.claimId === null ? [] : [{ id: order.claimId }],
    order_request: { change: null, return: null },
    context: {
      channel: "marketplace",
      site: seller.siteId,
      flows: order.tags.includes("catalog") ? ["catalog"] : [],
    },
    coupon: { amount: 0, id: null },
    buyer: order.buyer,
    seller: { id: seller.userId },
    taxes: { amount: null, currency_id: null, id: null },
    currency_id: order.currency,
    paid_amount: order.payment.status === "approved" ? totalOf(order) : 0,
    total_amount: totalOf(order),
    shipping_cost: null,
  };
}

/** `GET /orders/{id}`. */
export function orderBody(world: World, order: Order): Record<string, unknown> {
  return { ...orderFields(world, order), order_items: [itemLine(order, true)] };
}

/** When the search believes that an order changed last: not when the order says so. */
export function searchUpdatedAt(order: Order): number {
  return order.lastUpdatedAt + order.searchLagMs;
}

/** One row of `GET /orders/search`: `date_last_updated` and `last_updated`, with different values (captured). */
export function orderRow(world: World, order: Order): Record<string, unknown> {
  return {
    ...orderFields(world, order),
    date_last_updated: orderTime(searchUpdatedAt(order)),
    order_items: [itemLine(order, false)],
  };
}
