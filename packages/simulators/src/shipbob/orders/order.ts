import { stateOf, type WarehouseOrder } from "../../warehouse/documents.ts";

/** A part of an order that leaves together. */
export interface Shipment {
  id: number;
  state: "open" | "completed" | "cancelled";
  /** What it held when it was completed or cancelled; while it is open, the warehouse knows. */
  lines: { item: string; units: number }[];
  createdAt: number;
  updatedAt: number;
  completedAt: number | null;
  deliveredAt: number | null;
  trackingNumber: string | null;
  /** The status that webhooks have told of. */
  toldStatus: ShipmentStatus;
}

/** A product as the order named it. */
export interface OrderedProduct {
  sku: string;
  referenceId: string;
  productId: number;
  name: string;
  quantity: number;
  externalLineId: number | null;
}

/** An order as the merchant sees it; the warehouse behind has its own. */
export interface Order {
  id: number;
  /** What the warehouse calls it. */
  worldId: string;
  /** 0 for one that came in some other way than through a channel of ours. */
  channelId: number;
  referenceId: string;
  orderNumber: string;
  type: "DTC" | "DropShip" | "B2B";
  shippingMethod: string;
  recipient: unknown;
  tags: unknown;
  purchasedAt: number | null;
  createdAt: number;
  updatedAt: number;
  products: OrderedProduct[];
  shipments: Shipment[];
  /** `order.shipped` has been told for the whole order. */
  isShippedTold: boolean;
}

/** Documented; of these the ones that happen here. */
export type ShipmentStatus = "Processing" | "Completed" | "Exception" | "Cancelled";
export type OrderStatus = "Processing" | "Exception" | "PartiallyFulfilled" | "Fulfilled" | "Cancelled";

interface StatusDetail {
  id: number;
  name: string;
  description: string;
}

/** Ids, names and words are documented. */
const details = {
  picked: { id: 100, name: "Picked", description: "Picking Completed" },
  packed: { id: 101, name: "Packed", description: "Packing Completed" },
  waiting: { id: 200, name: "Processing", description: "Waiting For Carrier Pickup" },
  delivered: { id: 203, name: "Delivered", description: "Shipment Delivered" },
  outOfStock: { id: 303, name: "OutOfStock", description: "No Stock On Hand For Sku" },
  partly: { id: 308, name: "InventoryPartiallyCommitted", description: "Shipment is partially allocated" },
} as const satisfies Record<string, StatusDetail>;

/** What a shipment is in, by what the warehouse has done of its order. */
export function shipmentStatus(
  shipment: Shipment,
  behind: WarehouseOrder,
): { status: ShipmentStatus; detail: StatusDetail | null } {
  if (shipment.state === "cancelled") return { status: "Cancelled", detail: null };
  if (shipment.state === "completed") {
    return {
      status: "Completed",
      detail: shipment.deliveredAt === null ? details.waiting : details.delivered,
    };
  }
  const state = stateOf(behind);
  if (state === "short") {
    const isPartly = behind.lines.some(({ allocated, toted }) => allocated + toted > 0);
    return { status: "Exception", detail: isPartly ? details.partly : details.outOfStock };
  }
  if (state === "picked") return { status: "Processing", detail: details.picked };
  return { status: "Processing", detail: state === "packed" ? details.packed : null };
}

/** Imputed from the shipments' (documented; which one wins is ASSUMED). */
export function orderStatus(statuses: readonly ShipmentStatus[]): OrderStatus {
  const has = (status: ShipmentStatus): boolean => statuses.includes(status);
  if (has("Exception")) return "Exception";
  if (has("Completed")) return has("Processing") ? "PartiallyFulfilled" : "Fulfilled";
  return has("Processing") ? "Processing" : "Cancelled";
}

/** Units that are still to leave. */
export function openLines({ lines }: WarehouseOrder): { item: string; units: number }[] {
  return lines
    .map(({ item, ordered, cancelled, shipped }) => ({ item, units: ordered - cancelled - shipped }))
    .filter(({ units }) => units > 0);
}

/** Nothing of it is picked, packed or shipped: documented for a cancellation. */
export function isCancellable(shipment: Shipment, behind: WarehouseOrder): boolean {
  return shipment.state === "open" && behind.lines.every(({ toted }) => toted === 0);
}
