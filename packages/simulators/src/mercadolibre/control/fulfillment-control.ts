import type { FastifyInstance } from "fastify";
import { z } from "zod";

import {
  type ControlAnswer,
  invalidState,
  ok,
  sendControl,
  unknown,
  withBody,
} from "../../control/control-answer.ts";
import {
  availableIn,
  offersInInventory,
  recordOperation,
  unavailableStatuses,
} from "../fulfillment/inventory.ts";
import { stockOf } from "../items/item.ts";
import { changeStock } from "../items/stock-change.ts";
import type { World } from "../world.ts";

const operationSchema = z.strictObject({
  inventory: z.string(),
  type: z.string().min(1).default("INBOUND_RECEPTION"),
  /** Signed: units that come for sale, or go. */
  available: z.number().int().default(0),
  unavailable: z.partialRecord(z.enum(unavailableStatuses), z.number().int()).default({}),
  reference: z.strictObject({ type: z.string(), value: z.string() }).optional(),
});

function operate(world: World, request: z.infer<typeof operationSchema>): ControlAnswer {
  const { inventory, type, available, unavailable, reference } = request;
  const [offer] = offersInInventory(world, inventory);
  if (offer === undefined) return unknown("inventory", inventory);
  const facility = stockOf(offer).shared?.locations.find((place) => place.type === "meli_facility");
  if (facility === undefined) return invalidState("the item has no stock in Full");
  if (available !== 0) changeStock(world, offer, { by: available, source: facility }, { cause: "panel" });
  const references = reference === undefined ? [] : [reference];
  const operation = recordOperation(world, offer, {
    type,
    availableBy: available,
    unavailableBy: unavailable,
    references,
  });
  return ok({ inventory, operation: operation?.id ?? null, available: availableIn(offer) });
}

/** `/_sim/fulfillment`: what happens in the marketplace's warehouses. */
export function registerFulfillmentControl(server: FastifyInstance, world: World): void {
  server.post("/fulfillment", (request, reply) =>
    sendControl(
      reply,
      withBody(operationSchema, request.body, (body) => operate(world, body)),
    ),
  );
}
