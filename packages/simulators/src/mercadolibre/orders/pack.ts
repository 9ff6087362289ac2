/** One purchase of several things from one seller: an order each, one shipment for all. */
export interface Pack {
  id: number;
  account: string;
  orderIds: number[];
  buyerId: number;
  shipmentId: number | null;
  /** Taken apart: its orders were cancelled and others took their place. */
  isSplit: boolean;
  createdAt: number;
  lastUpdatedAt: number;
}
