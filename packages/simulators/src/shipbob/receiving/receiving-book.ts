import type { Inbound } from "../../warehouse/documents.ts";
import type { WarehouseEvent } from "../../warehouse/journal.ts";

/** Documented; of these the ones that happen here. */
export type ReceivingStatus = "Awaiting" | "Arrived" | "Processing" | "Completed" | "Cancelled";

/** A warehouse receiving order (WRO): goods that are announced, and what became of them. */
export interface ReceivingOrder {
  id: number;
  worldId: string;
  purchaseOrderNumber: string | null;
  packageType: string;
  boxPackagingType: string;
  expectedAt: number;
  boxes: { tracking_number: string | null; box_items: { inventory_id: number; quantity: number }[] }[];
  createdAt: number;
  updatedAt: number;
  completedAt: number | null;
  history: { status: ReceivingStatus; at: number }[];
}

export function receivingStatus({ state, lines }: Inbound): ReceivingStatus {
  if (state === "cancelled") return "Cancelled";
  if (state === "closed") return "Completed";
  if (state === "announced") return "Awaiting";
  return lines.some(({ received }) => received > 0) ? "Processing" : "Arrived";
}

/** All receiving orders. */
export class ReceivingBook {
  readonly #byId = new Map<number, ReceivingOrder>();
  readonly #byWorldId = new Map<string, ReceivingOrder>();

  all(): ReceivingOrder[] {
    return [...this.#byId.values()];
  }

  get(id: number): ReceivingOrder | undefined {
    return this.#byId.get(id);
  }

  ofWorld(worldId: string): ReceivingOrder | undefined {
    return this.#byWorldId.get(worldId);
  }

  add(given: Omit<ReceivingOrder, "updatedAt" | "completedAt" | "history">): ReceivingOrder {
    const history = [{ status: "Awaiting" as const, at: given.createdAt }];
    const order: ReceivingOrder = { ...given, updatedAt: given.createdAt, completedAt: null, history };
    this.#byId.set(order.id, order);
    this.#byWorldId.set(order.worldId, order);
    return order;
  }

  /** Follows what the warehouse did. */
  follow(order: ReceivingOrder, inbound: Inbound, { at }: WarehouseEvent): void {
    const status = receivingStatus(inbound);
    order.updatedAt = at;
    if (status === "Completed") order.completedAt = at;
    if (order.history.at(-1)?.status !== status) order.history.push({ status, at });
  }
}
