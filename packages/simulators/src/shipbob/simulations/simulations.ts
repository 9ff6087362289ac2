import { packOrder } from "../../warehouse/order-acts.ts";
import { pickOrder } from "../../warehouse/pick-acts.ts";
import { shipOrder } from "../../warehouse/ship-acts.ts";
import { deliver } from "../orders/order-news.ts";
import type { World } from "../world.ts";

/** A chain of things that shall happen to a shipment, documented. */
export interface SimulationPlan {
  action: "ShipOrder" | "DeliverOrder";
  delayMinutes: number;
  next: SimulationPlan | null;
}

interface Step {
  action: SimulationPlan["action"];
  scheduledAt: number | null;
  /** ASSUMED words. */
  status: "Scheduled" | "Waiting" | "Completed" | "Failed";
  message: string | null;
}

/** A chain that was asked for, and how far it came. */
export interface Simulation {
  id: string;
  shipmentId: number;
  steps: Step[];
}

export type Simulations = Map<string, Simulation>;

const MINUTE_MS = 60_000;

function stepsOf(plan: SimulationPlan | null): { step: Step; delayMs: number }[] {
  if (plan === null) return [];
  const step: Step = { action: plan.action, scheduledAt: null, status: "Waiting", message: null };
  return [{ step, delayMs: plan.delayMinutes * MINUTE_MS }, ...stepsOf(plan.next)];
}

/** All that people on the floor would do, at once. */
function ship(world: World, shipmentId: number): boolean {
  const found = world.orders.ofShipment(shipmentId);
  if (found === undefined || found.shipment.state !== "open") return false;
  const act = { id: found.order.worldId, by: "simulation" };
  pickOrder(world.warehouse, act);
  packOrder(world.warehouse, act);
  return shipOrder(world.warehouse, act).done;
}

function run(world: World, shipmentId: number, action: Step["action"]): boolean {
  if (action === "ShipOrder") return ship(world, shipmentId);
  const found = world.orders.ofShipment(shipmentId);
  return found !== undefined && deliver(world, found);
}

/** Plans a chain: each step its delay after the one before, and none after one that failed. */
export function startSimulation(world: World, shipmentId: number, plan: SimulationPlan): Simulation {
  const id = world.random.uuid(`simulation|${world.simulations.size + 1}`);
  const planned = stepsOf(plan);
  const simulation: Simulation = { id, shipmentId, steps: planned.map(({ step }) => step) };
  world.simulations.set(id, simulation);
  const begin = (nth: number): void => {
    const next = planned[nth];
    if (next === undefined) return;
    const { step, delayMs } = next;
    step.status = "Scheduled";
    step.scheduledAt = world.clock.now() + delayMs;
    world.clock.schedule(delayMs, () => {
      const isDone = run(world, shipmentId, step.action);
      step.status = isDone ? "Completed" : "Failed";
      step.message = isDone ? null : "The shipment is not in a state for it.";
      if (isDone) begin(nth + 1);
    });
  };
  begin(0);
  return simulation;
}
