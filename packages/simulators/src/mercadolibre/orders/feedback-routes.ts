import type { FastifyInstance, FastifyRequest } from "fastify";
import { z } from "zod";

import { sendAnswer } from "../vendor/send-answer.ts";
import { standardError, type VendorAnswer } from "../vendor/vendor-answer.ts";
import { orderTime } from "../vendor/vendor-time.ts";
import { appOf, sellerOf, type World } from "../world.ts";
import { cancelOrder, forwardShipment, isCancelled, touchOrder } from "./after-sale.ts";
import type { Feedback, Order } from "./order.ts";
import { type OrderRequest, visibleOrder } from "./visible-order.ts";

const sellerReasons = [
  "OUT_OF_STOCK",
  "BUYER_NOT_ENOUGH_MONEY",
  "BUYER_REGRETS",
  "SELLER_REGRETS",
  "BUYER_DID_NOT_ANSWER",
  "THEY_NOT_HONORING_POLICIES",
  "OTHER_MY_RESPONSIBILITY",
  "OTHER_THEIR_RESPONSIBILITY",
  "DUBIOUS_BUYER",
  "SELLER_HOLIDAY",
  "UNAVAILABLE_PRODUCT",
] as const;

/** Documented fields; some rarer reasons are left out. */
const feedbackSchema = z
  .object({
    fulfilled: z.boolean(),
    message: z.string().min(1).max(160),
    rating: z.enum(["negative", "neutral", "positive"]),
    reason: z.enum(sellerReasons).optional(),
    restock_item: z.boolean().default(false),
  })
  .refine(({ fulfilled, rating }) => fulfilled || rating !== "positive", "rating is invalid")
  .refine(({ fulfilled, reason }) => fulfilled || reason !== undefined, "reason is required");

/** Error and message are documented. */
const expired = standardError(
  400,
  "not_fulfilled_feedback_in_order_expired",
  "You can't submit a not fulfilled feedback after order has expired.",
);
/** Documented as a 400; its words are ASSUMED. */
const givenAlready = standardError(400, "feedback_already_exists", "Feedback already exists");

/** No stock has a captured code; those of other reasons are ASSUMED. */
function codeFor(reason: string | undefined): string {
  const noStock = reason === undefined || reason === "OUT_OF_STOCK" || reason === "UNAVAILABLE_PRODUCT";
  return noStock ? "feedback_unavailable_product" : `feedback_${reason.toLowerCase()}`;
}

function saleBody(world: World, order: Order, feedback: Feedback): Record<string, unknown> {
  const seller = sellerOf(world, order.account);
  return {
    id: feedback.id,
    order_id: order.id,
    role: "seller",
    fulfilled: feedback.fulfilled,
    rating: feedback.rating,
    reason: feedback.reason,
    message: feedback.message,
    restock_item: feedback.restockItem,
    date_created: orderTime(feedback.at),
    site_id: seller.siteId,
    from: { id: seller.userId, nickname: seller.nickname },
    to: order.buyer,
    reply: null,
    modified: false,
    status: "active",
  };
}

function give(world: World, order: Order, body: unknown): VendorAnswer {
  const parsed = feedbackSchema.safeParse(body);
  if (!parsed.success) {
    return standardError(400, "bad_request", parsed.error.issues[0]?.message ?? "invalid body");
  }
  if (order.feedback !== null) return givenAlready;
  const { fulfilled, message, rating, reason, restock_item: restockItem } = parsed.data;
  const now = world.clock.now();
  if (!fulfilled && now >= order.expiresAt) return expired;
  const feedback = {
    id: world.ids.next("feedback"),
    fulfilled,
    message,
    rating,
    reason: reason ?? null,
    restockItem,
  };
  order.feedback = { ...feedback, at: now };
  if (!fulfilled && !isCancelled(order) && forwardShipment(world, order)?.status !== "delivered") {
    cancelOrder(world, order, { requestedBy: "seller", code: codeFor(reason), restock: restockItem });
  } else {
    order.fulfilled = fulfilled;
    touchOrder(world, order);
  }
  const seller = sellerOf(world, order.account);
  const resource = `/orders/${order.id}/feedback`;
  world.outbox.publish(appOf(world, seller), { seller, topic: "orders_feedback", resource });
  return { status: 201, body: saleBody(world, order, order.feedback) };
}

/** `/orders/{id}/feedback`: how a seller says that a sale will not happen. */
export function registerFeedbackRoutes(server: FastifyInstance, world: World): void {
  const onOrder = (
    request: FastifyRequest<OrderRequest>,
    then: (order: Order) => VendorAnswer,
  ): VendorAnswer => {
    const order = visibleOrder(world, request);
    return "body" in order ? order : then(order);
  };
  server.post<OrderRequest>("/orders/:id/feedback", (request, reply) =>
    sendAnswer(
      reply,
      onOrder(request, (order) => give(world, order, request.body)),
    ),
  );
  server.get<OrderRequest>("/orders/:id/feedback", (request, reply) =>
    sendAnswer(
      reply,
      onOrder(request, (order) => {
        const sale = order.feedback === null ? null : saleBody(world, order, order.feedback);
        return { status: 200, body: { sale, purchase: null } };
      }),
    ),
  );
}
