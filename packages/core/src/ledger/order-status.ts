import { shippedWhole } from "./claim-parts.ts";
import { mergeSources } from "./merged-facts.ts";
import { STATUS_RANK, type ClaimLine, type OrderStatus } from "./order-record.ts";
import { heldFacts } from "./source-facts.ts";

/** An order's status as its lines together tell it, whatever the order in which their states arrived. */
export function statusOf(lines: readonly ClaimLine[]): OrderStatus {
  let isCancelled = true;
  let isDone = true;
  let isPending = true;
  for (const line of lines) {
    const facts = mergeSources(line.sources, heldFacts);
    if (facts === null) continue;
    if (facts.cancelled < facts.quantity) isCancelled = false;
    if (facts.cancelled + shippedWhole(facts, line.recipe) < facts.quantity) isDone = false;
    if (facts.rank !== STATUS_RANK.pending) isPending = false;
  }
  if (isCancelled) return "cancelled";
  if (isDone) return "shipped";
  return isPending ? "pending" : "paid";
}
