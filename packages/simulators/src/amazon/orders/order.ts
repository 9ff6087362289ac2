import type { ListingKey } from "../../truth/listing-key.ts";

/** As Orders 2026-01-01 spells them; notifications write `Canceled`, `Unshipped` and so on. */
export type FulfillmentStatus =
  | "PENDING_AVAILABILITY"
  | "PENDING"
  | "UNSHIPPED"
  | "PARTIALLY_SHIPPED"
  | "SHIPPED"
  | "CANCELLED"
  | "UNFULFILLABLE";

export type CancelledBy = "BUYER" | "MERCHANT" | "AMAZON";

/** One SKU in some quantity. Items of an order are cancelled whole, and shipped in any parts. */
export interface OrderItem {
  orderItemId: string;
  /** The channel of the listing it was bought from. */
  key: ListingKey;
  sellerSku: string;
  asin: string;
  title: string;
  /** The fulfilment channel its units came off. */
  channelCode: string;
  quantity: number;
  shipped: number;
  unitPrice: number;
  /** The buyer asks for a cancellation; nothing is cancelled by it. */
  cancelRequest: { reason: string; at: number } | null;
  cancellation: { by: CancelledBy; reason: string; at: number } | null;
}

interface Package {
  packageReferenceId: string;
  carrier: string;
  trackingNumber: string | null;
  shippedAt: number;
  delivered: boolean;
  items: { orderItemId: string; quantity: number }[];
}

export interface Order {
  /** `903-8868176-2219830`. */
  id: string;
  account: string;
  marketplaceId: string;
  /** `NON_AMAZON`: shipped from FBA for a sale made elsewhere. */
  channelName: "AMAZON" | "NON_AMAZON";
  currencyCode: string;
  fulfilledBy: "MERCHANT" | "AMAZON";
  status: FulfillmentStatus;
  items: OrderItem[];
  /** The order that this one replaces or is exchanged for. */
  replaces: { orderId: string; associationType: "REPLACEMENT_ORIGINAL_ID" | "EXCHANGE_ORIGINAL_ID" } | null;
  createdAt: number;
  lastUpdatedAt: number;
  /** Latest instant by which the seller has to have shipped; the earliest is `createdAt`. */
  shipBy: number;
  deliverBy: number;
  postalCode: string;
  packages: Package[];
  /** What buyers sent back; Amazon's order API does not tell. */
  returned: "none" | "open" | "received";
}

/** Not paid yet: units are held, and nothing may be shipped. */
export function isPending({ status }: Order): boolean {
  return status === "PENDING" || status === "PENDING_AVAILABILITY";
}

/** What the truth calls an item: the order's id where it is the only one. */
export function truthIdOf(order: Order, item: OrderItem): string {
  return order.items.length === 1 ? order.id : `${order.id}/${item.orderItemId}`;
}
