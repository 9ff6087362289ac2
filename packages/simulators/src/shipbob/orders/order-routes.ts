import type { FastifyInstance } from "fastify";

import { sendAnswer } from "../vendor/send-answer.ts";
import { answer, notFound, type VendorAnswer } from "../vendor/vendor-answer.ts";
import { writingChannel } from "../vendor/vendor-api.ts";
import type { World } from "../world.ts";
import { cancelShipment, cancelWholeOrder } from "./cancel-order.ts";
import { createOrder } from "./create-order.ts";
import { orderBody, shipmentBody } from "./order-body.ts";
import { listOrders } from "./order-list.ts";

function oneOrder(world: World, id: string): VendorAnswer {
  const order = world.orders.get(Number(id));
  return order === undefined ? notFound : answer(orderBody(world, order));
}

function oneShipment(world: World, shipmentId: string, orderId?: string): VendorAnswer {
  const found = world.orders.ofShipment(Number(shipmentId));
  const isOfOrder = orderId === undefined || String(found?.order.id) === orderId;
  return found === undefined || !isOfOrder
    ? notFound
    : answer(shipmentBody(world, found.order, found.shipment));
}

/** `123:cancel` is one segment of the path: the verb stands behind a colon. */
function cancelled(target: string): number | undefined {
  const id = /^(\d{1,15}):cancel$/.exec(target)?.[1];
  return id === undefined ? undefined : Number(id);
}

/** `order…` and `shipment…`. */
export function registerOrderRoutes(server: FastifyInstance, world: World): void {
  server.post("/order", (request, reply) => {
    const channel = writingChannel(world, request, "orders_write");
    return sendAnswer(reply, "status" in channel ? channel : createOrder(world, channel, request.body));
  });
  server.get("/order", (request, reply) => sendAnswer(reply, listOrders(world, request.query)));
  server.get<{ Params: { orderId: string } }>("/order/:orderId", (request, reply) =>
    sendAnswer(reply, oneOrder(world, request.params.orderId)),
  );
  server.get<{ Params: { orderId: string } }>("/order/:orderId/shipment", (request, reply) => {
    const order = world.orders.get(Number(request.params.orderId));
    const bodies = order?.shipments.map((shipment) => shipmentBody(world, order, shipment));
    return sendAnswer(reply, bodies === undefined ? notFound : answer(bodies));
  });
  server.get<{ Params: { orderId: string; shipmentId: string } }>(
    "/order/:orderId/shipment/:shipmentId",
    (request, reply) =>
      sendAnswer(reply, oneShipment(world, request.params.shipmentId, request.params.orderId)),
  );
  server.get<{ Params: { shipmentId: string } }>("/shipment/:shipmentId", (request, reply) =>
    sendAnswer(reply, oneShipment(world, request.params.shipmentId)),
  );

  server.post<{ Params: { target: string } }>(
    "/order/:target",
    { config: { call: "/order/:orderId:cancel" } },
    (request, reply) => {
      const id = cancelled(request.params.target);
      return sendAnswer(reply, id === undefined ? notFound : cancelWholeOrder(world, id));
    },
  );
  server.post<{ Params: { target: string } }>(
    "/shipment/:target",
    { config: { call: "/shipment/:shipmentId:cancel" } },
    (request, reply) => {
      const id = cancelled(request.params.target);
      return sendAnswer(reply, id === undefined ? notFound : cancelShipment(world, id));
    },
  );
}
