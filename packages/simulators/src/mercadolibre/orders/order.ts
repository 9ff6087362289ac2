import type { ListingKey } from "../../truth/listing-key.ts";
import type { Source } from "../user-products/locations.ts";

export const orderStatuses = [
  "confirmed",
  "payment_required",
  "payment_in_process",
  "partially_paid",
  "paid",
  "partially_refunded",
  "pending_cancel",
  "cancelled",
  "invalid",
] as const;

export type OrderStatus = (typeof orderStatuses)[number];

export type CancelRequester = "buyer" | "seller" | "meli";

export interface CancelDetail {
  requestedBy: CancelRequester;
  code: string;
  group: string;
  description: string;
  at: number;
}

interface Payment {
  id: number;
  status: "pending" | "approved" | "rejected" | "refunded" | "cancelled";
  tags: string[];
  /** Units that were paid back, of an order that stands. */
  refundedUnits: number;
}

/** What the seller said of a sale. */
export interface Feedback {
  id: number;
  fulfilled: boolean;
  rating: string;
  reason: string | null;
  message: string;
  restockItem: boolean;
  at: number;
}

/** One item, or one variation of it, in some quantity: a cart makes several of these. */
export interface Order {
  id: number;
  account: string;
  key: ListingKey;
  title: string;
  sellerSku: string | null;
  sellerCustomField: string | null;
  userProductId: string | null;
  quantity: number;
  /** The place that its units come from. */
  source: Source | null;
  unitPrice: number;
  currency: string;
  status: OrderStatus;
  /** The marketplace takes its units off the listing when this is set. */
  closedAt: number | null;
  createdAt: number;
  /** From then on the seller can no longer say that it will not happen. */
  expiresAt: number;
  lastUpdatedAt: number;
  /** How far the search index's `date_last_updated` runs behind `last_updated`. */
  searchLagMs: number;
  cancelDetail: CancelDetail | null;
  tags: string[];
  buyer: { id: number; nickname: string };
  payment: Payment;
  packId: number | null;
  shipmentId: number | null;
  claimId: number | null;
  fulfilled: boolean;
  feedback: Feedback | null;
}

export function totalOf(order: Order): number {
  return order.unitPrice * order.quantity;
}

/** The same tags with some taken out and some put in, without repeating any. */
export function retagged(tags: readonly string[], out: readonly string[], put: readonly string[]): string[] {
  return [...new Set([...tags.filter((tag) => !out.includes(tag)), ...put])];
}
