import type { Instant, Units } from "@onepool/core/ledger/units.ts";

import type { ShipmentFact } from "../contract/keeper/keeper-fact.ts";
import { stateFactId } from "../contract/keeper/state-fact-id.ts";
import { lineIdIn } from "./to-order.ts";
import { numberOf } from "./vendor-id.ts";
import { readTime } from "./vendor-time.ts";
import type { WireOrder } from "./wire.ts";

/** An order with all that left of it so far, per line and warehouse. */
export function toShipment(order: WireOrder, timeZone: string): ShipmentFact {
  const at = (text: string | null | undefined): Instant | null =>
    text === null || text === undefined ? null : readTime(text, timeZone);
  const shipments = order.shipments ?? [];
  const lines = linesOf(order);
  const tracking = shipments.flatMap(({ shipping_labels: labels }) =>
    (labels ?? []).flatMap(({ tracking_number: told }) => told || []),
  );
  const leftAt = shipments.flatMap(({ created_date: made }) => at(made) ?? []);
  const updatedAt = at(order.updated_at);
  const state = {
    occurredAt: leftAt.length > 0 ? Math.max(...leftAt) : (updatedAt ?? at(order.order_date) ?? 0),
    updatedAt,
    keeperOrderId: order.id,
    reference: order.partner_order_id || order.order_number || null,
    status: statusOf(order),
    lines,
    ...(tracking.length === 0 ? {} : { tracking: [...new Set(tracking)] }),
  } satisfies Omit<ShipmentFact, "kind" | "factId">;
  return { kind: "shipment", factId: stateFactId("order", numberOf(order.id), state), ...state };
}

/** Whether lines were cut off: such an order has to be read again by itself. */
export function isCutOff({ line_items: lines, shipments }: WireOrder): boolean {
  const parts = (shipments ?? []).map((shipment) => shipment.line_items);
  return [lines, ...parts].some(({ pageInfo }) => pageInfo.hasNextPage);
}

type Line = ShipmentFact["lines"][number];

function linesOf(order: WireOrder): Line[] {
  return order.line_items.edges.flatMap(({ node: line }): Line[] => {
    const named = line.partner_line_item_id ? { lineId: lineIdIn(line.partner_line_item_id) } : {};
    const [first, ...others] = [...shippedOf(order, line.id)].map(([facility, shipped]): Line => ({
      ...named,
      item: line.sku,
      facility,
      shipped,
    }));
    if (first !== undefined) return [{ ...first, ordered: line.quantity }, ...others];
    // Nothing left yet: it stands where it will leave from, as far as that is told.
    const warehouse = line.locked_to_warehouse_id || line.warehouse_id;
    if (!warehouse) return [];
    return [{ ...named, item: line.sku, facility: numberOf(warehouse), ordered: line.quantity, shipped: 0 }];
  });
}

function shippedOf(order: WireOrder, lineId: string): ReadonlyMap<string, Units> {
  const shipped = new Map<string, Units>();
  for (const { warehouse_id: warehouse, line_items: lines } of order.shipments ?? []) {
    const facility = numberOf(warehouse);
    const left = lines.edges.filter(({ node }) => node.line_item_id === lineId);
    const units = left.reduce((sum, { node }) => sum + node.quantity, 0);
    if (units > 0) shipped.set(facility, (shipped.get(facility) ?? 0) + units);
  }
  return shipped;
}

/** Statuses can be made up by the account: only these two have a meaning of their own. */
function statusOf(order: WireOrder): ShipmentFact["status"] {
  const status = (order.fulfillment_status ?? "").toLowerCase();
  const hasLeft = (order.shipments ?? []).length > 0;
  if (/^cancel+ed$/.test(status)) return hasLeft ? "short" : "cancelled";
  if (status === "fulfilled") return isWhole(order) ? "shipped" : "short";
  const isHeld = Object.values(order.holds ?? {}).some((hold) => hold === true);
  return isHeld ? "on_hold" : "open";
}

function isWhole(order: WireOrder): boolean {
  return order.line_items.edges.every(({ node }) => {
    const left = [...shippedOf(order, node.id).values()].reduce((sum, units) => sum + units, 0);
    return left >= node.quantity;
  });
}
