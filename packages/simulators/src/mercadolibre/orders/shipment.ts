export const shipmentStatuses = [
  "to_be_agreed",
  "pending",
  "handling",
  "ready_to_ship",
  "shipped",
  "delivered",
  "not_delivered",
  "cancelled",
] as const;

export type ShipmentStatus = (typeof shipmentStatuses)[number];

export interface Shipment {
  id: number;
  /** Those of a pack travel together. */
  orderIds: number[];
  account: string;
  direction: "forward" | "return";
  logisticType: string;
  status: ShipmentStatus;
  substatus: string | null;
  createdAt: number;
  lastUpdatedAt: number;
  /** The shipment that this one was split from. */
  sibling: { id: number; reason: string; at: number } | null;
  history: { status: ShipmentStatus; substatus: string | null; at: number }[];
}

/** Substatuses of a parcel that has left the seller although its status does not say so. */
const leftWhileReady = new Set(["picked_up", "dropped_off", "in_hub", "in_packing_list"]);

/** Whether the goods have left the seller. */
export function hasLeft(shipment: Shipment | undefined): boolean {
  if (shipment === undefined) return false;
  if (shipment.status === "ready_to_ship") return leftWhileReady.has(shipment.substatus ?? "");
  return ["shipped", "delivered", "not_delivered"].includes(shipment.status);
}

/** Moves a shipment on and writes its history. */
export function moveShipment(
  shipment: Shipment,
  next: { status: ShipmentStatus; substatus: string | null; at: number },
): void {
  shipment.status = next.status;
  shipment.substatus = next.substatus;
  shipment.lastUpdatedAt = next.at;
  shipment.history.push(next);
}
