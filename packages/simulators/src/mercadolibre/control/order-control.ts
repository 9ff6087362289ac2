import type { FastifyInstance, FastifyRequest } from "fastify";
import { z } from "zod";

import { type ControlAnswer, ok, sendControl, unknown, withBody } from "../../control/control-answer.ts";
import { type Item, keyOf, type Offer, shownOf } from "../items/item.ts";
import { placeCart } from "../orders/cart.ts";
import { placeOrder } from "../orders/order-desk.ts";
import { utcTime } from "../vendor/vendor-time.ts";
import type { World } from "../world.ts";
import { describeOrder, orderActs } from "./order-acts.ts";

const lineSchema = {
  account: z.string().optional(),
  listing: z.string(),
  variation: z.number().int().nullable().optional(),
  quantity: z.number().int().min(1).max(1_000_000),
};

const purchaseSchema = {
  pay: z.boolean().default(true),
  buyer: z.string().min(1).max(100).optional(),
  closingGapMs: z.number().min(0).optional(),
};

const orderSchema = z.strictObject({
  ...lineSchema,
  ...purchaseSchema,
  waitsAs: z.enum(["payment_required", "payment_in_process"]).optional(),
});

const cartSchema = z.strictObject({
  ...purchaseSchema,
  lines: z.array(z.strictObject(lineSchema)).min(1).max(100),
});

type Line = z.infer<z.ZodObject<typeof lineSchema>>;

function findVariation(item: Item, variationId: number | null): Offer | undefined {
  if (item.variations.length === 0) return variationId === null ? { item, variation: null } : undefined;
  const variation = item.variations.find(({ id }) => id === variationId);
  return variation === undefined ? undefined : { item, variation };
}

/** What a line of a purchase names, or that it names nothing. */
function findOffer(world: World, { account, listing, variation = null }: Line): Offer | ControlAnswer {
  if (account !== undefined && !world.sellers.has(account)) return unknown("account", account);
  const item = world.items.get(listing);
  const offer = item === undefined ? undefined : findVariation(item, variation);
  if (offer === undefined || (account ?? offer.item.account) !== offer.item.account) {
    return unknown("listing", `${listing} ${variation ?? ""}`.trim());
  }
  return offer;
}

function buy(world: World, request: z.infer<typeof orderSchema>): ControlAnswer {
  const offer = findOffer(world, request);
  if ("status" in offer) return offer;
  const { quantity, pay, waitsAs, buyer: nickname, closingGapMs } = request;
  const buyer = nickname === undefined ? undefined : { id: world.ids.next("buyer"), nickname };
  const outcome = placeOrder(world, { offer, quantity, pay, waitsAs, buyer, closingGapMs });
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

function buyCart(world: World, { lines, ...cart }: z.infer<typeof cartSchema>): ControlAnswer {
  const wanted: { offer: Offer; quantity: number }[] = [];
  for (const line of lines) {
    const offer = findOffer(world, line);
    if ("status" in offer) return offer;
    wanted.push({ offer, quantity: line.quantity });
  }
  const outcome = placeCart(world, { ...cart, lines: wanted });
  if (!outcome.accepted) {
    const { line, ...refusal } = outcome;
    return ok({ ...refusal, ...keyOf(line.offer), quantity: line.quantity }, 409);
  }
  const orders = outcome.orders.map((order) => ({
    orderId: order.id,
    packId: order.packId,
    ...order.key,
    quantity: order.quantity,
    status: order.status,
  }));
  return ok({ accepted: true, packs: outcome.packs.map(({ id }) => id), orders }, 201);
}

function listOrders(world: World, query: { after?: string; limit?: string }): ControlAnswer {
  const after = Number(query.after ?? 0);
  const limit = Number(query.limit ?? 1_000);
  const orders = [...world.orders.values()].filter(({ id }) => id > after).slice(0, limit);
  const described = orders.map((order) => ({
    ...order.key,
    quantity: order.quantity,
    ...describeOrder(world, order),
    shipmentId: order.shipmentId,
    createdAt: utcTime(order.createdAt),
    closedAt: order.closedAt === null ? null : utcTime(order.closedAt),
  }));
  return ok({ orders: described });
}

/** `/_sim/orders` and `/_sim/carts`: what buyers, carriers and the marketplace do. */
export function registerOrderControl(server: FastifyInstance, world: World): void {
  server.post("/orders", (request, reply) =>
    sendControl(
      reply,
      withBody(orderSchema, request.body, (body) => buy(world, body)),
    ),
  );

  server.post("/carts", (request, reply) =>
    sendControl(
      reply,
      withBody(cartSchema, request.body, (body) => buyCart(world, body)),
    ),
  );

  server.get<{ Querystring: { after?: string; limit?: string } }>("/orders", (request, reply) =>
    sendControl(reply, listOrders(world, request.query)),
  );

  const act = (request: FastifyRequest<{ Params: { id: string; act: string } }>): ControlAnswer => {
    const { id, act: name } = request.params;
    const order = world.orders.get(Number(id));
    const run = orderActs[name];
    if (run === undefined) return { status: 404, body: { code: "unknown_act", message: `no act ${name}` } };
    return order === undefined ? unknown("order", id) : run(world, order, request.body);
  };
  server.post<{ Params: { id: string; act: string } }>("/orders/:id/:act", (request, reply) =>
    sendControl(reply, act(request)),
  );
}
