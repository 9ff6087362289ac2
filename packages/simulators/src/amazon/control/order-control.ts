import type { FastifyInstance, FastifyRequest } from "fastify";
import { z } from "zod";

import {
  type ControlAnswer,
  invalidRequest,
  ok,
  sendControl,
  unknown,
  withBody,
} from "../../control/control-answer.ts";
import { keyOf, type Listing, MERCHANT_CHANNEL, sellingChannelOf, shownOf } from "../listings/listing.ts";
import { marketplaceOf } from "../marketplaces.ts";
import { placeOrder, type Purchase } from "../orders/order-desk.ts";
import type { World } from "../world.ts";
import { actOn, describeOrder } from "./order-acts.ts";

const quantity = z.number().int().min(1).max(1_000_000);

const orderSchema = z.strictObject({
  account: z.string().optional(),
  listing: z.string(),
  /** Always null here: SKUs have no variations. */
  variation: z.null().optional(),
  quantity,
  /** More lines of the same cart. */
  items: z
    .array(z.strictObject({ listing: z.string(), quantity }))
    .max(100)
    .default([]),
  fulfilledBy: z.enum(["MERCHANT", "AMAZON"]).optional(),
  /** Shipped from FBA for a sale made elsewhere. */
  nonAmazon: z.boolean().default(false),
  replaces: z.string().optional(),
  exchanges: z.string().optional(),
  pay: z.boolean().default(true),
  preorder: z.boolean().default(false),
  closingGapMs: z.number().min(0).optional(),
});

type OrderRequest = z.infer<typeof orderSchema>;

function findListing(world: World, account: string | undefined, name: string): Listing | undefined {
  if (account !== undefined) return world.listings.named(account, name);
  for (const seller of world.sellers.keys()) {
    const found = world.listings.named(seller, name);
    if (found !== undefined) return found;
  }
  return undefined;
}

function channelFor(listing: Listing, { fulfilledBy, nonAmazon }: OrderRequest): string {
  if (nonAmazon || fulfilledBy === "AMAZON") return marketplaceOf(listing.marketplaceId).fbaChannelCode;
  return fulfilledBy === "MERCHANT" ? MERCHANT_CHANNEL : sellingChannelOf(listing);
}

function associationOf(
  world: World,
  { replaces, exchanges }: OrderRequest,
): Purchase["replaces"] | ControlAnswer {
  const orderId = replaces ?? exchanges;
  if (orderId === undefined) return null;
  if (world.orders.get(orderId) === undefined) return unknown("order", orderId);
  const associationType = replaces === undefined ? "EXCHANGE_ORIGINAL_ID" : "REPLACEMENT_ORIGINAL_ID";
  return { orderId, associationType };
}

function readLines(world: World, request: OrderRequest): Purchase["lines"] | ControlAnswer {
  const first = findListing(world, request.account, request.listing);
  if (first === undefined) return unknown("listing", request.listing);
  const line = (listing: Listing, units: number): Purchase["lines"][0] => ({
    listing,
    channelCode: channelFor(listing, request),
    quantity: units,
  });
  const lines: Purchase["lines"] = [line(first, request.quantity)];
  for (const item of request.items) {
    const listing = world.listings.named(first.account, item.listing);
    if (listing?.marketplaceId !== first.marketplaceId) return unknown("listing", item.listing);
    lines.push(line(listing, item.quantity));
  }
  const split = lines.some(({ channelCode }) => channelCode !== lines[0].channelCode);
  return split ? invalidRequest("items: one order is shipped by one party") : lines;
}

function buy(world: World, request: OrderRequest): ControlAnswer {
  if (request.account !== undefined && !world.sellers.has(request.account)) {
    return unknown("account", request.account);
  }
  const lines = readLines(world, request);
  if (!Array.isArray(lines)) return lines;
  const replaces = associationOf(world, request);
  if (replaces !== null && "status" in replaces) return replaces;
  const channelName = request.nonAmazon ? "NON_AMAZON" : "AMAZON";
  const { pay, preorder, closingGapMs } = request;
  const outcome = placeOrder(world, { lines, channelName, replaces, pay, preorder, closingGapMs });
  if (!outcome.accepted) {
    const { listing, channelCode, quantity: asked } = outcome.line;
    const left = shownOf(listing, channelCode);
    const body = { accepted: false, reason: outcome.reason, ...keyOf(listing, channelCode) };
    return ok({ ...body, quantity: asked, availableQuantity: left }, 409);
  }
  const [{ listing, channelCode }] = lines;
  const { order, closesAt } = outcome;
  const body = {
    accepted: true,
    orderId: order.id,
    ...keyOf(listing, channelCode),
    quantity: request.quantity,
    status: order.status,
    acceptedAt: new Date(order.createdAt).toISOString(),
    closesAt: closesAt === null ? null : new Date(closesAt).toISOString(),
    availableQuantity: shownOf(listing, channelCode),
    items: order.items.map(({ orderItemId, sellerSku, quantity: units }) => ({
      orderItemId,
      listing: sellerSku,
      quantity: units,
    })),
  };
  return ok(body, 201);
}

function listOrders(world: World, query: { after?: string; limit?: string }): ControlAnswer {
  const all = world.orders.all();
  const from = query.after === undefined ? 0 : all.findIndex(({ id }) => id === query.after) + 1;
  const orders = all.slice(from, from + (Number(query.limit ?? 1_000) || 1_000));
  return ok({ orders: orders.map(describeOrder) });
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
    const order = world.orders.get(id);
    return order === undefined ? unknown("order", id) : actOn(world, order, name, request.body);
  };
  server.post<{ Params: { id: string; act: string } }>("/orders/:id/:act", (request, reply) =>
    sendControl(reply, act(request)),
  );
}
