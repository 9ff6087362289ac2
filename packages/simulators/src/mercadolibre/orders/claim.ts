/** A buyer's claim with a return of the whole order. */
export interface Claim {
  id: number;
  returnId: number;
  orderId: number;
  account: string;
  status: "opened" | "closed";
  returnStatus: "shipped" | "delivered";
  returnShipmentId: number;
  createdAt: number;
  lastUpdatedAt: number;
}
