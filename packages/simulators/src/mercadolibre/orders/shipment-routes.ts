import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";

import { sendAnswer } from "../vendor/send-answer.ts";
import { accessDenied, standardError, type VendorAnswer } from "../vendor/vendor-answer.ts";
import { callerOf } from "../vendor/vendor-api.ts";
import { orderTime } from "../vendor/vendor-time.ts";
import type { World } from "../world.ts";
import type { Shipment } from "./shipment.ts";

function modeOf(shipment: Shipment): string {
  const { logisticType } = shipment;
  if (logisticType === "custom" || logisticType === "not_specified") return logisticType;
  return logisticType === "default" ? "me1" : "me2";
}

function sharedFields(shipment: Shipment): Record<string, unknown> {
  const times = Object.fromEntries(
    shipment.history.map(({ status, at }) => [`date_${status}`, orderTime(at)] as const),
  );
  return {
    id: shipment.id,
    status: shipment.status,
    substatus: shipment.substatus,
    date_created: orderTime(shipment.createdAt),
    last_updated: orderTime(shipment.lastUpdatedAt),
    status_history: times,
    tracking_number: null,
    tracking_method: null,
    tags: [],
  };
}

/** All null where nothing was split. */
function siblingBody({ sibling }: Shipment): Record<string, unknown> {
  const at = sibling === null ? null : orderTime(sibling.at);
  return {
    reason: sibling?.reason ?? null,
    sibling_id: sibling?.id ?? null,
    description: null,
    source: null,
    date_created: at,
    last_updated: at,
  };
}

/** With `x-format-new: true`. */
function newShape(shipment: Shipment): Record<string, unknown> {
  return {
    ...sharedFields(shipment),
    external_reference: null,
    logistic: { mode: modeOf(shipment), type: shipment.logisticType, direction: shipment.direction },
    origin: { type: "selling_address", node: null, shipping_address: { node: null } },
    destination: { type: "buying_address" },
    sibling: siblingBody(shipment),
  };
}

/** Without the header: still 200, in the old shape (measured). */
function oldShape(shipment: Shipment, sellerId: number): Record<string, unknown> {
  return {
    ...sharedFields(shipment),
    mode: modeOf(shipment),
    logistic_type: shipment.logisticType,
    order_id: shipment.orderIds[0] ?? null,
    sender_id: sellerId,
    type: shipment.direction,
  };
}

/** What is in a parcel, and of which order each thing is (documented). */
function itemsBody(world: World, shipment: Shipment, sellerId: number): Record<string, unknown>[] {
  return shipment.orderIds.flatMap((id) => {
    const order = world.orders.get(id);
    if (order === undefined) return [];
    const { key, quantity, title } = order;
    return {
      item_id: key.listing,
      description: title,
      quantity,
      variation_id: key.variation,
      dimensions: null,
      order_id: id,
      sender_id: sellerId,
    };
  });
}

interface ShipmentRequest {
  Params: { id: string };
}

function ownShipment(world: World, request: FastifyRequest<ShipmentRequest>): Shipment | VendorAnswer {
  const { id } = request.params;
  const shipment = world.shipments.get(Number(id));
  if (shipment === undefined || String(shipment.id) !== id) {
    return standardError(404, "not_found", `Shipment not found with id: ${id}`);
  }
  return shipment.account === callerOf(request).seller.account ? shipment : accessDenied;
}

/** ASSUMED: a day to hand a parcel over. */
const HANDLING_MS = 86_400_000;

/** By when the parcel must leave; none for Full and for what was cancelled (documented). */
function promise(world: World, shipment: Shipment): VendorAnswer {
  if (shipment.logisticType === "fulfillment" || shipment.status === "cancelled") {
    return standardError(404, "not_found", "sla not found");
  }
  const expectedAt = shipment.createdAt + HANDLING_MS;
  const leftAt = shipment.history.find(({ status }) => status === "shipped")?.at ?? world.clock.now();
  const status = leftAt > expectedAt ? "delayed" : "on_time";
  return { status: 200, body: { status, expected_date: orderTime(expectedAt) } };
}

function past({ history }: Shipment): VendorAnswer {
  const body = history.map(({ status, substatus, at }) => ({ date: orderTime(at), status, substatus }));
  return { status: 200, body };
}

/** `GET /shipments/{id}`, and what is in it, when it must leave and where it was. */
export function registerShipmentRoutes(server: FastifyInstance, world: World): void {
  const answerWith =
    (answer: (shipment: Shipment, request: FastifyRequest<ShipmentRequest>) => VendorAnswer) =>
    (request: FastifyRequest<ShipmentRequest>, reply: FastifyReply): FastifyReply => {
      const shipment = ownShipment(world, request);
      return sendAnswer(reply, "body" in shipment ? shipment : answer(shipment, request));
    };
  server.get<ShipmentRequest>(
    "/shipments/:id",
    answerWith((shipment, request) => {
      const isNew = request.headers["x-format-new"] === "true";
      const { seller } = callerOf(request);
      return { status: 200, body: isNew ? newShape(shipment) : oldShape(shipment, seller.userId) };
    }),
  );
  server.get<ShipmentRequest>(
    "/shipments/:id/items",
    answerWith((shipment, request) => {
      const { seller } = callerOf(request);
      return { status: 200, body: itemsBody(world, shipment, seller.userId) };
    }),
  );
  server.get<ShipmentRequest>(
    "/shipments/:id/sla",
    answerWith((shipment) => promise(world, shipment)),
  );
  server.get<ShipmentRequest>("/shipments/:id/history", answerWith(past));
}
