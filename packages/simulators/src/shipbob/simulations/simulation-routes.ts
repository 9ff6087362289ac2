import type { FastifyInstance } from "fastify";
import { z } from "zod";

import { sendAnswer } from "../vendor/send-answer.ts";
import { answer, badRequest, notFound, type VendorAnswer, wrongBody } from "../vendor/vendor-answer.ts";
import { vendorTimeOrNull } from "../vendor/vendor-time.ts";
import type { World } from "../world.ts";
import { type Simulation, type SimulationPlan, startSimulation } from "./simulations.ts";

interface RawPlan {
  action: SimulationPlan["action"];
  delay?: number | null | undefined;
  next?: RawPlan | null | undefined;
}

const planSchema: z.ZodType<RawPlan> = z.object({
  action: z.enum(["ShipOrder", "DeliverOrder"]),
  delay: z.number().int().min(0).nullish(),
  get next() {
    return planSchema.nullish();
  },
});

const requestSchema = z.object({ shipment_id: z.string().regex(/^\d{1,15}$/), simulation: planSchema });

function planOf({ action, delay, next }: RawPlan): SimulationPlan {
  return { action, delayMinutes: delay ?? 0, next: next ? planOf(next) : null };
}

function begin(world: World, body: unknown): VendorAnswer {
  if (!world.settings.sandbox) return notFound;
  const parsed = requestSchema.safeParse(body ?? {});
  if (!parsed.success) return wrongBody(parsed.error);
  const shipmentId = Number(parsed.data.shipment_id);
  if (world.orders.ofShipment(shipmentId) === undefined)
    return badRequest("shipment_id", "No such shipment.");
  const { id } = startSimulation(world, shipmentId, planOf(parsed.data.simulation));
  return answer({ simulation_id: id, message: "Simulation scheduled." });
}

function chain([step, ...rest]: Simulation["steps"]): object | null {
  if (step === undefined) return null;
  const { action, status, message, scheduledAt } = step;
  return { action, status, message, schedule_time: vendorTimeOrNull(scheduledAt), next: chain(rest) };
}

/** `simulate/…`, in the sandbox only, documented. */
export function registerSimulationRoutes(server: FastifyInstance, world: World): void {
  server.post("/simulate/shipment", (request, reply) => sendAnswer(reply, begin(world, request.body)));
  server.get<{ Params: { id: string } }>("/simulate/status/:id", (request, reply) => {
    const found = world.settings.sandbox ? world.simulations.get(request.params.id) : undefined;
    if (found === undefined) return sendAnswer(reply, notFound);
    const { id, shipmentId, steps } = found;
    const body = {
      simulation_id: id,
      entity_id: String(shipmentId),
      entity_type: "Shipment",
      simulation: chain(steps),
    };
    return sendAnswer(reply, answer(body));
  });
}
