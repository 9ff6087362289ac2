import type { FastifyInstance } from "fastify";

import { sendAnswer } from "../vendor/send-answer.ts";
import type { VendorAnswer } from "../vendor/vendor-answer.ts";
import { callerOf } from "../vendor/vendor-api.ts";
import type { World } from "../world.ts";
import { orderBody } from "./order-body.ts";
import { searchOrders } from "./order-search.ts";
import type { Order } from "./order.ts";
import { type OrderRequest, visibleOrder } from "./visible-order.ts";

function orderShipments(world: World, order: Order): VendorAnswer {
  const claim = order.claimId === null ? undefined : world.claims.get(order.claimId);
  const shipments = [
    ...(order.shipmentId === null ? [] : [{ id: order.shipmentId, type: "forward" }]),
    ...(claim?.parcels ?? []).map(({ shipmentId }) => ({ id: shipmentId, type: "return" })),
  ];
  // 204: no shipment, or not there yet.
  if (shipments.length === 0) return { status: 204, body: "", headers: { "x-new-domain": "true" } };
  return { status: 200, body: shipments, headers: { "x-new-domain": "true" } };
}

/** `/orders`. */
export function registerOrderRoutes(server: FastifyInstance, world: World): void {
  server.get<OrderRequest>("/orders/search", (request, reply) =>
    sendAnswer(reply, searchOrders(world, request.query, callerOf(request))),
  );

  server.get<OrderRequest>("/orders/:id", (request, reply) => {
    const order = visibleOrder(world, request);
    return sendAnswer(reply, "body" in order ? order : { status: 200, body: orderBody(world, order) });
  });

  server.get<OrderRequest>("/orders/:id/shipments", (request, reply) => {
    const order = visibleOrder(world, request);
    return sendAnswer(reply, "body" in order ? order : orderShipments(world, order));
  });
}
