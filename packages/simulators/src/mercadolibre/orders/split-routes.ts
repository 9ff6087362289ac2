import type { FastifyInstance } from "fastify";
import { z } from "zod";

import { sendAnswer } from "../vendor/send-answer.ts";
import { accessDenied, standardError, type VendorAnswer } from "../vendor/vendor-answer.ts";
import { type Caller, callerOf } from "../vendor/vendor-api.ts";
import type { World } from "../world.ts";
import type { Order } from "./order.ts";
import { type SplitGroup, splitShipment, splittableOrders } from "./split-desk.ts";

const splitSchema = z.object({
  reason: z.enum(["FRAGILE", "ANOTHER_WAREHOUSE", "IRREGULAR_SHAPE", "OTHER_MOTIVE", "DIMENSIONS_EXCEEDED"]),
  // Documented: in two at a time.
  packs: z
    .array(
      z.object({
        package_id: z.number().optional(),
        orders: z.array(z.object({ id: z.number(), quantity: z.number().int().positive() })).min(1),
      }),
    )
    .length(2),
});

/** ASSUMED texts; the rules are documented. */
const refused = (message: string): VendorAnswer => standardError(400, "bad_request", message);

/** Documented: nothing may be left over or missing, in orders and in units. */
function groupsFrom(
  orders: readonly Order[],
  { packs }: z.infer<typeof splitSchema>,
): SplitGroup[] | undefined {
  const asked = new Map(orders.map((order) => [order.id, 0]));
  for (const { id, quantity } of packs.flatMap((pack) => pack.orders)) {
    asked.set(id, (asked.get(id) ?? Number.NaN) + quantity);
  }
  if (asked.size !== orders.length || orders.some(({ id, quantity }) => asked.get(id) !== quantity))
    return undefined;
  return packs.map((pack) =>
    pack.orders.flatMap(({ id, quantity }) => {
      const order = orders.find((candidate) => candidate.id === id);
      return order === undefined ? [] : [{ order, quantity }];
    }),
  );
}

function split(world: World, id: string, body: unknown, { seller }: Caller): VendorAnswer {
  const shipment = world.shipments.get(Number(id));
  if (shipment === undefined) return standardError(404, "not_found", `Shipment not found with id: ${id}`);
  if (shipment.account !== seller.account) return accessDenied;
  const parsed = splitSchema.safeParse(body);
  if (!parsed.success) return refused(parsed.error.issues[0]?.message ?? "invalid body");
  const orders = splittableOrders(world, shipment);
  if (typeof orders === "string") return refused(orders);
  const groups = groupsFrom(orders, parsed.data);
  if (groups === undefined)
    return refused("all orders of the shipment and all their units must be in the packs");
  splitShipment(world, shipment, { groups, reason: parsed.data.reason });
  return { status: 200, body: {} };
}

/** `POST /shipments/{id}/split`: the seller takes a parcel apart. */
export function registerSplitRoutes(server: FastifyInstance, world: World): void {
  server.post<{ Params: { id: string } }>("/shipments/:id/split", (request, reply) =>
    sendAnswer(reply, split(world, request.params.id, request.body, callerOf(request))),
  );
}
