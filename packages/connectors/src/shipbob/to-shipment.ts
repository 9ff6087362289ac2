import type { Instant, Units } from "@onepool/core/ledger/units.ts";

import type { ShipmentFact } from "../contract/keeper/keeper-fact.ts";
import { stateFactId } from "../contract/keeper/state-fact-id.ts";
import type { WireOrder, WireShipment } from "./wire.ts";

/** An order may be split over shipments: what left is summed over all of them. `itemOf` names an inventory item. */
export function toShipment(order: WireOrder, itemOf: (inventoryId: string) => string): ShipmentFact {
  // A swept shipment's units went into another one.
  const shipments = order.shipments.filter(({ status }) => status !== "CleanSweeped");
  const tracking = shipments.flatMap(({ tracking: told }) => told?.tracking_number || []);
  const state = {
    occurredAt: occurredAtOf(order, shipments),
    updatedAt: latest(order.shipments.map(({ last_update_at: at }) => at)),
    keeperOrderId: order.id,
    reference: order.reference_id || null,
    status: statusOf(order, shipments),
    lines: linesOf(shipments, itemOf),
    ...(tracking.length === 0 ? {} : { tracking: [...new Set(tracking)] }),
  } satisfies Omit<ShipmentFact, "kind" | "factId">;
  return { kind: "shipment", factId: stateFactId("order", order.id, state), ...state };
}

/** The numbers of all inventory items in an order's shipments. */
export function inventoryIdsIn({ shipments }: WireOrder): string[] {
  return shipments.flatMap((shipment) => unitsIn(shipment).map(({ id }) => id));
}

/** `Completed`, and what has its label: both have left what lies on the shelves. */
function hasLeft({ status, actual_fulfillment_date: fulfilledAt }: WireShipment): boolean {
  if (status === "Cancelled") return false;
  return status === "Completed" || status === "LabeledCreated" || typeof fulfilledAt === "number";
}

const HELD = new Set(["OnHold", "ImportReview"]);

function statusOf(order: WireOrder, shipments: readonly WireShipment[]): ShipmentFact["status"] {
  if (order.status === "Cancelled" && !shipments.some(hasLeft)) return "cancelled";
  if (shipments.length === 0) return HELD.has(order.status ?? "") ? "on_hold" : "open";
  if (shipments.every(({ status }) => status === "Cancelled")) return "cancelled";
  const waiting = shipments.filter((shipment) => !hasLeft(shipment));
  if (waiting.length === 0) return "shipped";
  if (waiting.some(({ status }) => !STOPPED.has(status))) return "open";
  if (waiting.some(({ status }) => HELD.has(status))) return "on_hold";
  // Nothing is under way: what is missing was cancelled, or waits for stock (`Exception`) and may still come.
  return "short";
}

const STOPPED = new Set(["Cancelled", "Exception", ...HELD]);

type Line = ShipmentFact["lines"][number];

function linesOf(shipments: readonly WireShipment[], itemOf: (inventoryId: string) => string): Line[] {
  const lines = new Map<string, Line>();
  // A shipment without a facility is not assigned yet: nothing of it has left anywhere.
  for (const shipment of shipments) {
    const facility = shipment.location?.id;
    if (facility === undefined) continue;
    const shortReason = reasonOf(shipment);
    for (const { id, quantity } of unitsIn(shipment)) {
      const item = itemOf(id);
      const key = JSON.stringify([item, facility]);
      const before = lines.get(key);
      lines.set(key, {
        ...before,
        item,
        facility,
        ordered: (before?.ordered ?? 0) + quantity,
        shipped: (before?.shipped ?? 0) + (hasLeft(shipment) ? quantity : 0),
        ...(shortReason === null ? {} : { shortReason }),
      });
    }
  }
  return [...lines.values()];
}

/** Inventory items, never bundles: a bundle's parts are listed under it. */
function unitsIn({ products }: WireShipment): { readonly id: string; readonly quantity: Units }[] {
  return (products ?? []).flatMap(({ inventory_items: items }) => items ?? []);
}

function reasonOf(shipment: WireShipment): string | null {
  if (shipment.status !== "Exception" && shipment.status !== "Cancelled") return null;
  const [detail] = shipment.status_details ?? [];
  return (detail?.description || detail?.name || shipment.status).slice(0, 200);
}

function occurredAtOf(order: WireOrder, shipments: readonly WireShipment[]): Instant {
  const left = shipments.filter(hasLeft);
  const leftAt = latest(left.map(({ actual_fulfillment_date: at, last_update_at: then }) => at ?? then));
  return leftAt ?? latest(shipments.map(({ last_update_at: at }) => at)) ?? order.created_date;
}

function latest(times: readonly (Instant | null | undefined)[]): Instant | null {
  const told = times.filter((at) => typeof at === "number");
  return told.length === 0 ? null : Math.max(...told);
}
