/** States of a return that this marketplace walks through. */
export type ReturnStatus = "shipped" | "delivered" | "expired" | "cancelled" | "not_delivered" | "failed";

/** Ends of a return in which nothing comes back. */
export const endings = ["expired", "cancelled", "not_delivered", "failed"] as const satisfies ReturnStatus[];

export const productConditions = ["saleable", "unsaleable", "discard", "missing"] as const;

/** A parcel on its way back: to the seller, to the marketplace's check, or from there to the seller. */
export interface ReturnParcel {
  shipmentId: number;
  type: "return" | "return_from_triage";
  destination: "seller_address" | "warehouse";
}

/** What somebody found when they looked at what came back. */
export interface Review {
  method: "triage" | "none";
  condition: (typeof productConditions)[number] | null;
  destination: "seller" | "meli" | "buyer" | "" | null;
  missingQuantity: number | null;
  sellerStatus: "success" | "claimed" | null;
  sellerReason: string | null;
  at: number;
}

/** A buyer's claim with a return. */
export interface Claim {
  id: number;
  returnId: number;
  orderId: number;
  account: string;
  status: "opened" | "closed";
  /** `low_cost`: refunded, and the goods never come back. */
  subtype: "return_total" | "return_partial" | "low_cost";
  returnStatus: ReturnStatus;
  quantity: number;
  /** Checked by the marketplace before it reaches the seller. */
  checked: boolean;
  parcels: ReturnParcel[];
  review: Review | null;
  resolution: string | null;
  createdAt: number;
  lastUpdatedAt: number;
}
