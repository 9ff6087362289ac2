import type { FastifyInstance } from "fastify";
import { z } from "zod";

import { registerClockControl } from "../../control/clock-control.ts";
import {
  type ControlAnswer,
  invalidRequest,
  invalidState,
  ok,
  sendControl,
  unknown,
  withBody,
} from "../../control/control-answer.ts";
import { warehouseTruth } from "../../warehouse/warehouse-truth.ts";
import { accountSchema, applyAccount, describeAccount } from "../account-setup.ts";
import { faultsSchema } from "../faults.ts";
import { behind, statusesOf } from "../orders/order-body.ts";
import { deliver } from "../orders/order-news.ts";
import { shipmentStatus } from "../orders/order.ts";
import { mergeSettings, settingsSchema } from "../settings.ts";
import type { World } from "../world.ts";

const MOST_BYTES = 64 * 1_024 * 1_024;

const notifySchema = z.strictObject({
  url: z.url(),
  body: z.union([z.string(), z.record(z.string(), z.unknown())]),
  headers: z.record(z.string(), z.string()).default({}),
});

function changeAccount(world: World, body: unknown, addresses: object): ControlAnswer {
  return withBody(accountSchema, body, (setup) => {
    try {
      applyAccount(world, setup);
    } catch (error) {
      // Names that collide are the caller's mistake; anything else is a bug.
      if (error instanceof RangeError) return invalidRequest(`account: ${error.message}`);
      throw error;
    }
    return ok({ ...addresses, ...describeAccount(world) });
  });
}

/** What is really in the buildings and what came, went, was lost and found; beside it the keeper's record. */
export function describeTruth(world: World) {
  return { ...warehouseTruth(world.warehouse), wallNow: new Date().toISOString() };
}

function listOrders(world: World): ControlAnswer {
  const orders = world.orders.all().map((order) => ({
    id: order.id,
    worldId: order.worldId,
    referenceId: order.referenceId,
    orderNumber: order.orderNumber,
    statuses: statusesOf(world, order),
    shipments: order.shipments.map((shipment) => ({
      id: shipment.id,
      ...shipmentStatus(shipment, behind(world, order)),
    })),
  }));
  return ok({ orders });
}

/** Faults, settings, account, truth and clock. What happens in the building stands in the warehouse's own control. */
export function registerShipBobControl(server: FastifyInstance, world: World, addresses: () => object): void {
  server.get("/account", (_, reply) => sendControl(reply, ok({ ...addresses(), ...describeAccount(world) })));
  server.put("/account", { bodyLimit: MOST_BYTES }, (request, reply) =>
    sendControl(reply, changeAccount(world, request.body, addresses())),
  );

  server.get("/faults", (_, reply) => sendControl(reply, ok(world.faults.current())));
  server.put("/faults", (request, reply) => {
    const answer = withBody(faultsSchema, request.body, (faults) => {
      world.faults.replace(faults);
      return ok(world.faults.current());
    });
    return sendControl(reply, answer);
  });

  server.get("/settings", (_, reply) => sendControl(reply, ok(world.settings)));
  server.put("/settings", (request, reply) => {
    const answer = withBody(settingsSchema, request.body, (change) => {
      world.settings = mergeSettings(world.settings, change);
      return ok(world.settings);
    });
    return sendControl(reply, answer);
  });

  server.get("/truth", (_, reply) => sendControl(reply, ok(describeTruth(world))));
  server.get("/orders", (_, reply) => sendControl(reply, listOrders(world)));
  server.get("/notifications", (_, reply) => sendControl(reply, ok(world.webhooks.report())));
  server.post<{ Params: { shipmentId: string } }>("/shipments/:shipmentId/deliver", (request, reply) => {
    const found = world.orders.ofShipment(Number(request.params.shipmentId));
    if (found === undefined) return sendControl(reply, unknown("shipment", request.params.shipmentId));
    const isDone = deliver(world, found);
    return sendControl(
      reply,
      isDone ? ok({ delivered: true }) : invalidState("it has not left, or was delivered"),
    );
  });
  server.post("/notify", async (request, reply) => {
    const parsed = notifySchema.safeParse(request.body);
    if (!parsed.success) return sendControl(reply, invalidRequest(parsed.error.issues[0]?.message ?? "body"));
    const { url, body, headers } = parsed.data;
    const { status, wallMs, error } = await world.webhooks.post(
      url,
      typeof body === "string" ? body : JSON.stringify(body),
      headers,
    );
    return sendControl(reply, ok({ status, wallMs, ...(error === undefined ? {} : { error }) }));
  });

  registerClockControl(server, world.clock);
}
