import type { ReceiptFact } from "../contract/keeper/keeper-fact.ts";
import { stateFactId } from "../contract/keeper/state-fact-id.ts";
import { numberOf } from "./vendor-id.ts";
import { readTime } from "./vendor-time.ts";
import type { WirePurchaseOrder } from "./wire.ts";

/** A purchase order. What is received lies in a bin, so it is stowed; what is rejected arrived damaged. */
export function toReceipt(order: WirePurchaseOrder, timeZone: string): ReceiptFact {
  const times = [order.date_closed, ...order.line_items.edges.map(({ node }) => node.updated_at)];
  const changed = times.flatMap((text) => (text ? readTime(text, timeZone) : []));
  const state = {
    occurredAt: Math.max(readTime(order.created_at, timeZone), ...changed),
    // The order itself does not say when it changed: its counts only rise.
    updatedAt: null,
    keeperInboundId: order.id,
    reference: order.po_number || null,
    status: statusOf(order.fulfillment_status ?? ""),
    ...(order.po_date ? { expectedAt: readTime(order.po_date, timeZone) } : {}),
    lines: linesOf(order),
  } satisfies Omit<ReceiptFact, "kind" | "factId">;
  return { kind: "receipt", factId: stateFactId("purchase", numberOf(order.id), state), ...state };
}

/** Whether lines were cut off: such an order has to be read again by itself. */
export function isCutOff({ line_items: lines }: WirePurchaseOrder): boolean {
  return lines.pageInfo.hasNextPage;
}

export function statusOf(status: string): ReceiptFact["status"] {
  if (/^cancel+ed$/i.test(status)) return "cancelled";
  return /^closed$/i.test(status) ? "closed" : "open";
}

function linesOf(order: WirePurchaseOrder): ReceiptFact["lines"] {
  const facility = numberOf(order.warehouse_id);
  const lines = new Map<string, ReceiptFact["lines"][number]>();
  for (const { node } of order.line_items.edges) {
    const before = lines.get(node.sku);
    lines.set(node.sku, {
      item: node.sku,
      facility,
      expected: (before?.expected ?? 0) + node.quantity,
      stowed: (before?.stowed ?? 0) + (node.quantity_received ?? 0),
      damaged: (before?.damaged ?? 0) + (node.quantity_rejected ?? 0),
    });
  }
  return [...lines.values()];
}
