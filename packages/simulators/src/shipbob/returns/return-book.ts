import type { WarehouseReturn } from "../../warehouse/documents.ts";

/** Named in the documentation of the filter. */
export type ReturnStatus = "AwaitingArrival" | "Arrived" | "Processing" | "Completed" | "Cancelled";

/** A return as the merchant sees it. */
export interface Return {
  id: number;
  worldId: string;
  /** 0 for one that nobody announced through the API. */
  channelId: number;
  referenceId: string;
  originalShipmentId: number | null;
  storeOrderId: string | null;
  trackingNumber: string | null;
  /** What was asked for, by SKU. */
  requested: Map<string, string>;
  createdAt: number;
  history: { status: ReturnStatus; at: number }[];
}

export function returnStatus({ state, lines }: WarehouseReturn): ReturnStatus {
  if (state === "closed") return "Completed";
  if (state === "cancelled") return "Cancelled";
  if (state === "announced") return "AwaitingArrival";
  const isUnderway = lines.some(
    ({ dispositions: { restock, quarantine, dispose } }) => restock + quarantine + dispose > 0,
  );
  return isUnderway ? "Processing" : "Arrived";
}

/** All returns. */
export class ReturnBook {
  readonly #byId = new Map<number, Return>();
  readonly #byWorldId = new Map<string, Return>();

  all(): Return[] {
    return [...this.#byId.values()];
  }

  get(id: number): Return | undefined {
    return this.#byId.get(id);
  }

  ofWorld(worldId: string): Return | undefined {
    return this.#byWorldId.get(worldId);
  }

  ofReference(channelId: number, referenceId: string): Return | undefined {
    return this.all().find((goods) => goods.channelId === channelId && goods.referenceId === referenceId);
  }

  add(given: Omit<Return, "history">): Return {
    const goods: Return = { ...given, history: [{ status: "AwaitingArrival", at: given.createdAt }] };
    this.#byId.set(goods.id, goods);
    this.#byWorldId.set(goods.worldId, goods);
    return goods;
  }
}
