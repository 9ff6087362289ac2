import type { FastifyInstance, FastifyRequest } from "fastify";
import { z } from "zod";

import { type Item, keyOf, type Offer, shownOf } from "../items/item.ts";
import {
  cancelOrder,
  deliverOrder,
  failDelivery,
  openReturn,
  receiveReturn,
  shipOrder,
} from "../orders/after-sale.ts";
import { payOrder, placeOrder } from "../orders/order-desk.ts";
import type { Order } from "../orders/order.ts";
import { hasLeft, type Shipment } from "../orders/shipment.ts";
import { utcTime } from "../vendor/vendor-time.ts";
import type { World } from "../world.ts";
import { type ControlAnswer, invalidState, ok, sendControl, unknown, withBody } from "./control-answer.ts";

const gap = z.number().min(0).optional();

const orderSchema = z.strictObject({
  account: z.string().optional(),
  listing: z.string(),
  variation: z.number().int().nullable().optional(),
  quantity: z.number().int().min(1).max(1_000_000),
  pay: z.boolean().default(true),
  buyer: z.string().min(1).max(100).optional(),
  closingGapMs: gap,
});

const cancelSchema = z.strictObject({
  requestedBy: z.enum(["buyer", "seller", "meli"]).default("buyer"),
  code: z.string().optional(),
  group: z.string().optional(),
  description: z.string().optional(),
  restock: z.boolean().optional(),
  wallet: z.boolean().default(false),
});

const shipSchema = z.strictObject({
  substatus: z.string().optional(),
  pickedUp: z.boolean().default(false),
});

const deliverSchema = z.strictObject({
  failed: z.boolean().default(false),
  substatus: z.string().optional(),
  restock: z.boolean().default(false),
});

const returnSchema = z.strictObject({ received: z.boolean().default(false) });

function findOffer(item: Item, variationId: number | null): Offer | undefined {
  if (item.variations.length === 0) return variationId === null ? { item, variation: null } : undefined;
  const variation = item.variations.find(({ id }) => id === variationId);
  return variation === undefined ? undefined : { item, variation };
}

function buy(world: World, request: z.infer<typeof orderSchema>): ControlAnswer {
  if (request.account !== undefined && !world.sellers.has(request.account)) {
    return unknown("account", request.account);
  }
  const item = world.items.get(request.listing);
  const offer = item === undefined ? undefined : findOffer(item, request.variation ?? null);
  if (offer === undefined || (request.account ?? offer.item.account) !== offer.item.account) {
    return unknown("listing", `${request.listing} ${request.variation ?? ""}`.trim());
  }
  const outcome = placeOrder(world, { ...request, offer });
  const { quantity } = request;
  if (!outcome.accepted) return ok({ ...outcome, ...keyOf(offer), quantity }, 409);
  const { order, closesAt } = outcome;
  const body = {
    accepted: true,
    orderId: order.id,
    ...keyOf(offer),
    quantity,
    status: order.status,
    acceptedAt: utcTime(order.createdAt),
    closesAt: closesAt === null ? null : utcTime(closesAt),
    availableQuantity: shownOf(offer),
  };
  return ok(body, 201);
}

function shipmentOf(world: World, order: Order): Shipment | undefined {
  return order.shipmentId === null ? undefined : world.shipments.get(order.shipmentId);
}

function describe(world: World, order: Order): Record<string, unknown> {
  return {
    orderId: order.id,
    status: order.status,
    shipmentStatus: shipmentOf(world, order)?.status ?? null,
    lastUpdated: utcTime(order.lastUpdatedAt),
  };
}

type Act = (world: World, order: Order, body: unknown) => ControlAnswer;

const pay: Act = (world, order, body) =>
  withBody(z.strictObject({ closingGapMs: gap }), body, ({ closingGapMs }) => {
    if (order.status !== "payment_required") return invalidState(`the order is ${order.status}`);
    payOrder(world, order, closingGapMs);
    return ok(describe(world, order));
  });

const cancel: Act = (world, order, body) =>
  withBody(cancelSchema, body, (request) => {
    const refunded = order.tags.includes("unfulfilled");
    if (order.status === "cancelled" || refunded) return invalidState("the order is cancelled already");
    if (request.wallet && order.status !== "paid") return invalidState("only a paid order is refunded");
    cancelOrder(world, order, { ...request, restock: request.restock ?? request.requestedBy !== "seller" });
    return ok(describe(world, order));
  });

const ship: Act = (world, order, body) =>
  withBody(shipSchema, body, ({ substatus, pickedUp }) => {
    const shipment = shipmentOf(world, order);
    if (order.status !== "paid" || shipment?.status !== "ready_to_ship") {
      return invalidState(`the order is ${order.status}, its shipment ${shipment?.status ?? "not there"}`);
    }
    shipOrder(world, order, shipment, { pickedUp, substatus });
    return ok(describe(world, order));
  });

const deliver: Act = (world, order, body) =>
  withBody(deliverSchema, body, ({ failed, substatus, restock }) => {
    const shipment = shipmentOf(world, order);
    if (
      order.status !== "paid" ||
      shipment === undefined ||
      !["ready_to_ship", "shipped"].includes(shipment.status)
    ) {
      return invalidState(`the order is ${order.status}, its shipment ${shipment?.status ?? "not there"}`);
    }
    if (failed) failDelivery(world, order, shipment, { substatus, restock });
    else deliverOrder(world, order, shipment);
    return ok(describe(world, order));
  });

const sendBack: Act = (world, order, body) =>
  withBody(returnSchema, body, ({ received }) => {
    if (!hasLeft(shipmentOf(world, order))) return invalidState("nothing has left, so nothing can come back");
    const open = order.claimId === null ? undefined : world.claims.get(order.claimId);
    if (open?.status === "closed" || (open !== undefined && !received)) {
      return invalidState("the return is open already");
    }
    const claim = open ?? openReturn(world, order);
    if (received) receiveReturn(world, order, claim);
    return ok({ ...describe(world, order), claimId: claim.id, returnId: claim.returnId });
  });

const acts: Partial<Record<string, Act>> = { pay, cancel, ship, deliver, return: sendBack };

function listOrders(world: World, query: { after?: string; limit?: string }): ControlAnswer {
  const after = Number(query.after ?? 0);
  const limit = Number(query.limit ?? 1_000);
  const orders = [...world.orders.values()].filter(({ id }) => id > after).slice(0, limit);
  const described = orders.map((order) => ({
    ...order.key,
    quantity: order.quantity,
    ...describe(world, order),
    shipmentId: order.shipmentId,
    createdAt: utcTime(order.createdAt),
    closedAt: order.closedAt === null ? null : utcTime(order.closedAt),
  }));
  return ok({ orders: described });
}

/** `/_sim/orders`: what buyers, carriers and the marketplace do. */
export function registerOrderControl(server: FastifyInstance, world: World): void {
  server.post("/orders", (request, reply) =>
    sendControl(
      reply,
      withBody(orderSchema, request.body, (body) => buy(world, body)),
    ),
  );

  server.get<{ Querystring: { after?: string; limit?: string } }>("/orders", (request, reply) =>
    sendControl(reply, listOrders(world, request.query)),
  );

  const act = (request: FastifyRequest<{ Params: { id: string; act: string } }>): ControlAnswer => {
    const { id, act: name } = request.params;
    const order = world.orders.get(Number(id));
    const run = acts[name];
    if (run === undefined) return { status: 404, body: { code: "unknown_act", message: `no act ${name}` } };
    return order === undefined ? unknown("order", id) : run(world, order, request.body);
  };
  server.post<{ Params: { id: string; act: string } }>("/orders/:id/:act", (request, reply) =>
    sendControl(reply, act(request)),
  );
}
