import type { FastifyInstance, FastifyRequest } from "fastify";

import { wholeNumber } from "../users/item-search.ts";
import { sendAnswer } from "../vendor/send-answer.ts";
import {
  accessDenied,
  callerRefused,
  itemNotFound,
  optimisticLock,
  resourceNotFound,
  type VendorAnswer,
} from "../vendor/vendor-answer.ts";
import { callerOf } from "../vendor/vendor-api.ts";
import { sellerOf, type World } from "../world.ts";
import { answerBulk, viewOf } from "./bulk-answer.ts";
import { itemBody, selectFields, variationBody } from "./item-body.ts";
import {
  automatedPriceWarning,
  isVendorAnswer,
  readItemChange,
  readVariationQuantity,
} from "./item-change.ts";
import { applyItemChange, writeQuantity } from "./item-write.ts";
import type { Item, Variation } from "./item.ts";
import { isMigrating } from "./migration.ts";
import { relistItem } from "./relist.ts";

interface ItemRequest {
  Params: { id: string; variationId: string };
  Querystring: {
    attributes?: string;
    include_attributes?: string;
    ids?: string;
    limit?: string;
    offset?: string;
  };
}

function ignoresWrites(world: World, item: Item, request: FastifyRequest): boolean {
  // Sellers with depots: answered 200, and nothing changes (DOC:stock-multiwarehouse).
  const hasDepots = sellerOf(world, item.account).tags.includes("warehouse_management");
  return hasDepots || request.strike?.kind === "writeIgnored";
}

function ownItem(world: World, request: FastifyRequest<ItemRequest>): Item | VendorAnswer {
  const item = world.items.get(request.params.id);
  if (item === undefined) return itemNotFound(request.params.id);
  return callerOf(request).seller.account === item.account ? item : accessDenied;
}

/** When each item was written last. */
const writtenAt = new WeakMap<Item, number>();

/** The caller's item, if it may be changed now, by this seller and this soon. */
function writableItem(world: World, request: FastifyRequest<ItemRequest>): Item | VendorAnswer {
  const item = ownItem(world, request);
  if ("body" in item) return item;
  if (!callerOf(request).seller.active) return callerRefused;
  if (isMigrating(item)) return itemNotFound(item.id);
  const now = world.clock.now();
  const lockedUntil = (writtenAt.get(item) ?? -Infinity) + world.settings.itemWriteLockMs;
  if (world.settings.itemWriteLockMs > 0 && now < lockedUntil) return optimisticLock;
  writtenAt.set(item, now);
  return item;
}

function putItem(world: World, request: FastifyRequest<ItemRequest>): VendorAnswer {
  const item = writableItem(world, request);
  if ("body" in item) return item;
  const change = readItemChange(item, request.body);
  if (isVendorAnswer(change)) return change;
  if (!ignoresWrites(world, item, request)) applyItemChange(world, item, change);
  const body = itemBody(item, viewOf(world, item, callerOf(request), "all"));
  const warnings = change.priceIgnored === true ? [automatedPriceWarning] : undefined;
  return { status: 200, body: warnings === undefined ? body : { ...body, warnings } };
}

function relist(world: World, request: FastifyRequest<ItemRequest>): VendorAnswer {
  const item = writableItem(world, request);
  if ("body" in item) return item;
  const next = relistItem(world, item, request.body);
  if (isVendorAnswer(next)) return next;
  return { status: 201, body: itemBody(next, viewOf(world, next, callerOf(request), "all")) };
}

function listAutomated(world: World, request: FastifyRequest<ItemRequest>): VendorAnswer {
  const { seller } = callerOf(request);
  if (String(seller.userId) !== request.params.id) return accessDenied;
  const limit = Math.min(wholeNumber(request.query.limit, 50) ?? 50, 100);
  const offset = wholeNumber(request.query.offset, 0) ?? 0;
  const automated = [...world.items.values()].filter(
    ({ account, dynamicPricing }) => account === seller.account && dynamicPricing,
  );
  const items = automated.slice(offset, offset + limit).map(({ id }) => id);
  return { status: 200, body: { items, paging: { total: automated.length, offset, limit } } };
}

function ownVariation(item: Item, variationId: string): Variation | undefined {
  return item.variations.find(({ id }) => String(id) === variationId);
}

function putVariation(world: World, request: FastifyRequest<ItemRequest>): VendorAnswer {
  const item = writableItem(world, request);
  if ("body" in item) return item;
  const variation = ownVariation(item, request.params.variationId);
  if (variation === undefined) return resourceNotFound;
  const quantity = readVariationQuantity(item, request.body);
  if (typeof quantity !== "number") return quantity;
  if (!ignoresWrites(world, item, request)) writeQuantity(world, { item, variation }, quantity);
  const view = viewOf(world, item, callerOf(request), "all");
  return { status: 200, body: item.variations.map((one) => variationBody(item, one, view)) };
}

/** `/items`: read, change, and read many. */
export function registerItemRoutes(server: FastifyInstance, world: World): void {
  // Switched off on 2026-10-25; what it answers since then is ASSUMED.
  server.get("/items", (_, reply) => sendAnswer(reply, resourceNotFound));

  server.get<ItemRequest>("/items/bulk", (request, reply) =>
    sendAnswer(reply, answerBulk(world, request.query, callerOf(request))),
  );

  server.get<ItemRequest>("/items/:id", (request, reply) => {
    const item = world.items.get(request.params.id);
    if (item === undefined) return sendAnswer(reply, itemNotFound(request.params.id));
    const { attributes, include_attributes: include } = request.query;
    const body = itemBody(item, viewOf(world, item, callerOf(request), include));
    const selected = attributes === undefined ? body : selectFields(body, attributes.split(","));
    return sendAnswer(reply, { status: 200, body: selected });
  });

  server.put<ItemRequest>("/items/:id", (request, reply) => sendAnswer(reply, putItem(world, request)));

  server.post<ItemRequest>("/items/:id/relist", (request, reply) =>
    sendAnswer(reply, relist(world, request)),
  );

  server.get<ItemRequest>("/pricing-automation/users/:id/items", (request, reply) =>
    sendAnswer(reply, listAutomated(world, request)),
  );

  server.put<ItemRequest>("/items/:id/variations/:variationId", (request, reply) =>
    sendAnswer(reply, putVariation(world, request)),
  );
}
