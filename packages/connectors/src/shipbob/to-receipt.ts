import type { ReceiptFact } from "../contract/keeper/keeper-fact.ts";
import { stateFactId } from "../contract/keeper/state-fact-id.ts";
import { itemOf } from "./to-item.ts";
import type { WireReceivingOrder } from "./wire.ts";

/** A warehouse receiving order (WRO). Only what is stowed can be sold; damage on arrival is not told. */
export function toReceipt(order: WireReceivingOrder): ReceiptFact {
  const updatedAt = order.last_updated_date ?? null;
  const expectedAt = order.expected_arrival_date;
  const state = {
    occurredAt: updatedAt ?? order.insert_date,
    updatedAt,
    keeperInboundId: order.id,
    reference: order.purchase_order_number || null,
    status: statusOf(order.status),
    ...(typeof expectedAt === "number" ? { expectedAt } : {}),
    lines: linesOf(order),
  } satisfies Omit<ReceiptFact, "kind" | "factId">;
  return { kind: "receipt", factId: stateFactId("receiving", order.id, state), ...state };
}

function statusOf(status: string): ReceiptFact["status"] {
  if (status === "Completed") return "closed";
  return status === "Cancelled" ? "cancelled" : "open";
}

function linesOf(order: WireReceivingOrder): ReceiptFact["lines"] {
  const facility = order.fulfillment_center.id;
  const lines = new Map<string, ReceiptFact["lines"][number]>();
  // A SKU may lie in several boxes and lots.
  for (const told of order.inventory_quantities) {
    const item = itemOf(told.inventory_id, told.sku);
    const before = lines.get(item);
    lines.set(item, {
      item,
      facility,
      expected: (before?.expected ?? 0) + told.expected_quantity,
      stowed: (before?.stowed ?? 0) + told.stowed_quantity,
      damaged: 0,
    });
  }
  return [...lines.values()];
}
