import type { Listing, ListingStatus } from "./listings/listing.ts";
import type { Order, OrderItem } from "./orders/order.ts";
import type { Seller } from "./seller.ts";

/** An order changed. `order` is as it is from now on; whoever tells it later has to copy what it needs. */
export interface OrderChange {
  seller: Seller;
  order: Order;
  /** The items that changed. */
  items: "all" | readonly OrderItem[];
  orderChangeType: "OrderStatusChange" | "BuyerRequestedChange";
  changeReason: string;
  at: number;
}

/** What buyers can take from the seller's own stock of a listing changed, whoever changed it. */
export interface QuantityChange {
  seller: Seller;
  listing: Listing;
  channelCode: string;
  quantity: number;
  at: number;
}

/** Amazon's own count of a SKU in its warehouses changed. */
export interface FbaStockChange {
  seller: Seller;
  listing: Listing;
  at: number;
}

/** A listing became buyable or discoverable, or ceased to be. */
export interface ListingStatusChange {
  seller: Seller;
  listing: Listing;
  status: ListingStatus[];
  at: number;
}

/** What the order desk and the listing store tell of what happens; notifications are made from it. */
export interface OrderNews {
  orderChanged(change: OrderChange): void;
  quantityChanged(change: QuantityChange): void;
  fbaStockChanged(change: FbaStockChange): void;
  listingStatusChanged(change: ListingStatusChange): void;
}
