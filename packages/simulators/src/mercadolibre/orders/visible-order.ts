import type { FastifyRequest } from "fastify";

import type { SearchQuery } from "../users/item-search.ts";
import { accessDenied, orderNotFound, type VendorAnswer } from "../vendor/vendor-answer.ts";
import { callerOf } from "../vendor/vendor-api.ts";
import type { World } from "../world.ts";
import type { Order } from "./order.ts";

export interface OrderRequest {
  Params: { id: string };
  Querystring: SearchQuery;
}

/** The order a path names, if the caller may see it yet. */
export function visibleOrder(world: World, request: FastifyRequest<OrderRequest>): Order | VendorAnswer {
  const order = world.orders.get(Number(request.params.id));
  if (order === undefined || String(order.id) !== request.params.id) return orderNotFound;
  // A notified order may not be there yet for a moment: the read side lags behind.
  const hiddenUntil = order.createdAt + world.faults.current().orderNotFoundMs;
  if (world.clock.now() < hiddenUntil) return orderNotFound;
  return order.account === callerOf(request).seller.account ? order : accessDenied;
}
