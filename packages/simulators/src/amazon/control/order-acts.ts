import { z } from "zod";

import {
  type ControlAnswer,
  invalidRequest,
  invalidState,
  ok,
  withBody,
} from "../../control/control-answer.ts";
import {
  cancelItems,
  cancellable,
  deliverParcels,
  merchantReasons,
  requestCancel,
  restocksByItself,
  shipParcel,
  strandOrder,
} from "../orders/after-sale.ts";
import { startPayment } from "../orders/order-desk.ts";
import { type CancelledBy, isPending, type Order, type OrderItem } from "../orders/order.ts";
import type { World } from "../world.ts";

/** An order in our own words, the same as the other simulators'. */
export function describeOrder(order: Order): Record<string, unknown> {
  const [first] = order.items;
  return {
    orderId: order.id,
    account: order.account,
    listing: first?.key.listing ?? null,
    variation: null,
    quantity: first?.quantity ?? 0,
    status: order.status,
    fulfilledBy: order.fulfilledBy,
    returned: order.returned,
    items: order.items.map((item) => ({
      orderItemId: item.orderItemId,
      listing: item.key.listing,
      quantity: item.quantity,
      shipped: item.shipped,
      cancelled: item.cancellation !== null,
      cancelRequested: item.cancelRequest !== null,
    })),
    createdAt: new Date(order.createdAt).toISOString(),
    lastUpdated: new Date(order.lastUpdatedAt).toISOString(),
  };
}

type Act = (world: World, order: Order, body: unknown) => ControlAnswer;

const pay: Act = (world, order, body) =>
  withBody(z.strictObject({ closingGapMs: z.number().min(0).optional() }), body, ({ closingGapMs }) => {
    if (!isPending(order)) return invalidState(`the order is ${order.status}`);
    startPayment(world, order, closingGapMs);
    return ok(describeOrder(order));
  });

/** Some items of an order, by the id of the item. */
const itemIds = z.array(z.string()).min(1).optional();

function chosen(items: readonly OrderItem[], ids: readonly string[] | undefined): OrderItem[] | undefined {
  const found = items.filter(({ orderItemId }) => ids?.includes(orderItemId) ?? true);
  return found.length === 0 || found.length < (ids?.length ?? 0) ? undefined : found;
}

const cancelSchema = z.strictObject({
  requestedBy: z.enum(["buyer", "seller", "amazon"]).default("buyer"),
  reason: z.string().min(1).optional(),
  restock: z.boolean().optional(),
  items: itemIds,
});

const cancellers: Record<z.infer<typeof cancelSchema>["requestedBy"], { by: CancelledBy; reason: string }> = {
  buyer: { by: "BUYER", reason: "BUYER_CANCELLED" },
  seller: { by: "MERCHANT", reason: "NO_INVENTORY" },
  // ASSUMED: the text for an order that was never paid.
  amazon: { by: "AMAZON", reason: "PAYMENT_NOT_RECEIVED" },
};

const cancel: Act = (world, order, body) =>
  withBody(cancelSchema, body, ({ requestedBy, reason, restock, items: ids }) => {
    const { by, reason: usual } = cancellers[requestedBy];
    const because = reason ?? usual;
    if (by === "MERCHANT" && !merchantReasons.some((known) => known === because)) {
      return invalidRequest(`reason: one of ${merchantReasons.join(", ")}`);
    }
    const items = chosen(cancellable(order), ids);
    if (items === undefined) return invalidState(`the order is ${order.status}: nothing to cancel`);
    cancelItems(world, order, items, {
      by,
      reason: because,
      restock: restock ?? restocksByItself(by, because),
    });
    return ok(describeOrder(order));
  });

const requestCancelSchema = z.strictObject({
  // ASSUMED: the text.
  reason: z.string().min(1).default("NO_LONGER_NEEDED"),
  items: itemIds,
});

const requestCancellation: Act = (world, order, body) =>
  withBody(requestCancelSchema, body, ({ reason, items: ids }) => {
    const asks = order.status === "UNSHIPPED" || order.status === "PARTIALLY_SHIPPED";
    const items = chosen(cancellable(order), ids);
    if (!asks || order.fulfilledBy !== "MERCHANT" || items === undefined) {
      return invalidState(`the order is ${order.status}: there is nobody to ask`);
    }
    requestCancel(world, order, items, reason);
    return ok(describeOrder(order));
  });

const shipSchema = z.strictObject({
  items: z
    .array(z.strictObject({ orderItemId: z.string(), quantity: z.number().int().min(1).optional() }))
    .min(1)
    .optional(),
});

function contentsOf(order: Order, { items }: z.infer<typeof shipSchema>) {
  const open = order.items.filter(
    ({ cancellation, shipped, quantity }) => cancellation === null && shipped < quantity,
  );
  const left = (item: OrderItem): number => item.quantity - item.shipped;
  if (items === undefined) return open.map((item) => ({ item, quantity: left(item) }));
  return items.flatMap(({ orderItemId, quantity }) => {
    const item = open.find((candidate) => candidate.orderItemId === orderItemId);
    const fits = item !== undefined && (quantity ?? 0) <= left(item);
    return fits ? { item, quantity: quantity ?? left(item) } : [];
  });
}

const ship: Act = (world, order, body) =>
  withBody(shipSchema, body, (request) => {
    const contents = contentsOf(order, request);
    const distinct = new Set(contents.map(({ item }) => item)).size;
    const complete = distinct === (request.items?.length ?? distinct) && distinct > 0;
    if (!complete || (order.status !== "UNSHIPPED" && order.status !== "PARTIALLY_SHIPPED")) {
      return invalidState(`the order is ${order.status}: not so much is left to ship`);
    }
    const packageReferenceId = String(order.packages.length + 1);
    const shippedAt = world.clock.now();
    shipParcel(world, order, {
      packageReferenceId,
      carrier: "UPS",
      trackingNumber: null,
      shippedAt,
      contents,
    });
    return ok(describeOrder(order));
  });

const deliver: Act = (world, order, body) =>
  withBody(z.strictObject({}), body, () => {
    if (order.status !== "SHIPPED") return invalidState(`the order is ${order.status}`);
    deliverParcels(world, order);
    return ok(describeOrder(order));
  });

const strand: Act = (world, order, body) =>
  withBody(z.strictObject({}), body, () => {
    if (order.status !== "UNSHIPPED" || order.channelName !== "NON_AMAZON") {
      return invalidState("only an open order of another channel becomes unfulfillable");
    }
    strandOrder(world, order);
    return ok(describeOrder(order));
  });

/** Amazon's order API tells nothing of a return: only the control calls do. */
const sendBack: Act = (_, order, body) =>
  withBody(z.strictObject({ received: z.boolean().default(false) }), body, ({ received }) => {
    if (order.items.every(({ shipped }) => shipped === 0)) {
      return invalidState("nothing has left, so nothing can come back");
    }
    if (order.returned === "received" || (order.returned === "open" && !received)) {
      return invalidState("the return is open already");
    }
    order.returned = received ? "received" : "open";
    return ok(describeOrder(order));
  });

const acts: Partial<Record<string, Act>> = {
  pay,
  cancel,
  "request-cancel": requestCancellation,
  ship,
  deliver,
  strand,
  return: sendBack,
};

/** One act of a buyer, a carrier or the marketplace on an order. */
export function actOn(world: World, order: Order, name: string, body: unknown): ControlAnswer {
  const act = Object.hasOwn(acts, name) ? acts[name] : undefined;
  if (act === undefined) return { status: 404, body: { code: "unknown_act", message: `no act ${name}` } };
  return act(world, order, body);
}
