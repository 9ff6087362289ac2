import type { FastifyInstance, FastifyRequest } from "fastify";
import { z } from "zod";

import { type RawQuery, readQuery, strangerAmong } from "../vendor/query.ts";
import { sendAnswer } from "../vendor/send-answer.ts";
import {
  accessDenied,
  answered,
  invalidInput,
  notFound,
  type VendorAnswer,
} from "../vendor/vendor-answer.ts";
import { sellerBehind } from "../vendor/vendor-api.ts";
import type { World } from "../world.ts";
import { cancelItems, cancellable, merchantReasons, restocksByItself } from "./after-sale.ts";
import { orderBody, orderDataSets } from "./order-body.ts";
import { searchOrders } from "./order-search.ts";
import type { Order } from "./order.ts";
import { confirmShipment } from "./shipment-confirmation.ts";

interface OrderRequest {
  Params: { orderId: string };
  Querystring: RawQuery;
}

const unknownOrder = notFound("The order does not exist.");

function getOrder(world: World, request: FastifyRequest<OrderRequest>): VendorAnswer {
  const read = readQuery(request.query, { includedData: "list" });
  if ("wrong" in read) return invalidInput(read.wrong);
  const { includedData = [] } = read.query;
  const wrong = strangerAmong("includedData", includedData, orderDataSets);
  if (wrong !== undefined) return invalidInput(wrong);
  const { orderId } = request.params;
  if (!/^\d{3}-\d{7}-\d{7}$/.test(orderId)) return invalidInput(`'${orderId}' is not an order id.`);
  const order = world.orders.readable(orderId);
  const hiddenUntil = (order?.createdAt ?? 0) + world.faults.current().orderNotFoundMs;
  // ASSUMED: another seller's order is not told from one that does not exist.
  const hidden = order?.account !== sellerBehind(request).account || world.clock.now() < hiddenUntil;
  if (order === undefined || hidden) return unknownOrder;
  return answered({ order: orderBody(order, { asked: includedData, ...world.settings }) });
}

function ownOrder(world: World, request: FastifyRequest<OrderRequest>): Order | undefined {
  const order = world.orders.get(request.params.orderId);
  return order?.account === sellerBehind(request).account ? order : undefined;
}

const cancelSchema = z.strictObject({ cancelReasonCode: z.enum(merchantReasons) });

/** In the official model from January to May 2026 only, so off by default: then the path is not routed. */
function cancelOrder(world: World, request: FastifyRequest<OrderRequest>): VendorAnswer {
  if (!world.settings.cancelOrderAvailable) return accessDenied("");
  const parsed = cancelSchema.safeParse(request.body);
  if (!parsed.success) return invalidInput("'cancelReasonCode' is invalid.");
  const order = ownOrder(world, request);
  if (order === undefined) return unknownOrder;
  const items = cancellable(order);
  const whole = items.length > 0 && items.length === order.items.length;
  if (!whole || order.fulfilledBy !== "MERCHANT") return invalidInput("The order cannot be cancelled.");
  const reason = parsed.data.cancelReasonCode;
  cancelItems(world, order, items, { by: "MERCHANT", reason, restock: restocksByItself("MERCHANT", reason) });
  return { status: 202 };
}

/** Orders 2026-01-01, and what stays of v0 after its reads are gone. */
export function registerOrderRoutes(server: FastifyInstance, world: World): void {
  const path = "/orders/2026-01-01/orders";
  server.get<OrderRequest>(path, { config: { operation: "searchOrders" } }, (request, reply) =>
    sendAnswer(reply, searchOrders(world, request.query, sellerBehind(request))),
  );
  server.get<OrderRequest>(`${path}/:orderId`, { config: { operation: "getOrder" } }, (request, reply) =>
    sendAnswer(reply, getOrder(world, request)),
  );
  server.put<OrderRequest>(
    `${path}/:orderId/cancellation`,
    { config: { operation: "cancelOrder" } },
    (request, reply) => sendAnswer(reply, cancelOrder(world, request)),
  );
  server.post<OrderRequest>(
    "/orders/v0/orders/:orderId/shipmentConfirmation",
    { config: { operation: "confirmShipment" } },
    (request, reply) => {
      const order = ownOrder(world, request);
      return sendAnswer(
        reply,
        order === undefined ? unknownOrder : confirmShipment(world, order, request.body),
      );
    },
  );
}
