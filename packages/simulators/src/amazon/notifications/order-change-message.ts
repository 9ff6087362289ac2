import type { OrderChange } from "../order-news.ts";
import type { FulfillmentStatus, Order, OrderItem } from "../orders/order.ts";
import type { Settings } from "../settings.ts";

/** The statuses of ORDER_CHANGE against those of the Orders API. */
const statuses: Record<FulfillmentStatus, string> = {
  PENDING_AVAILABILITY: "PendingAvailability",
  PENDING: "Pending",
  UNSHIPPED: "Unshipped",
  PARTIALLY_SHIPPED: "PartiallyShipped",
  SHIPPED: "Shipped",
  CANCELLED: "Canceled",
  UNFULFILLABLE: "Unfulfillable",
};

const notShippedYet = new Set<FulfillmentStatus>(["PENDING_AVAILABILITY", "PENDING", "CANCELLED"]);

const isoTime = (epochMs: number): string => new Date(epochMs).toISOString();

interface Telling {
  change: OrderChange;
  settings: Settings;
}

function itemBody(item: OrderItem, { change: { order }, settings }: Telling): Record<string, unknown> {
  const keepsQuantity = item.cancellation === null || settings.cancelledItemsKeepQuantity;
  const required = {
    OrderItemId: item.orderItemId,
    SellerSKU: item.sellerSku,
    // Only sellers with several locations have one.
    SupplySourceId: null,
    Quantity: keepsQuantity ? item.quantity : 0,
  };
  if (settings.notifications.omitOptionalFields) return required;
  // The schema knows Unshipped and Shipped alone: before and after that there is no word for it.
  const itemStatus = item.shipped === item.quantity ? "Shipped" : "Unshipped";
  return {
    ...required,
    ...(notShippedYet.has(order.status) || item.cancellation !== null ? {} : { OrderItemStatus: itemStatus }),
    QuantityShipped: item.shipped,
    IsBuyerRequestedCancel: item.cancelRequest !== null,
    ItemEarliestDeliveryDate: isoTime(order.createdAt),
    ItemLatestDeliveryDate: isoTime(order.deliverBy),
  };
}

/** Counts as Orders v0 has them: an order that is pending or cancelled has nothing unshipped. */
function itemCounts(order: Order): { NumberOfItemsShipped: number; NumberOfItemsUnshipped: number } {
  const live = order.items.filter(({ cancellation }) => cancellation === null);
  const shipped = live.reduce((sum, item) => sum + item.shipped, 0);
  const ordered = live.reduce((sum, item) => sum + item.quantity, 0);
  const isOpen = !notShippedYet.has(order.status);
  return { NumberOfItemsShipped: shipped, NumberOfItemsUnshipped: isOpen ? ordered - shipped : 0 };
}

function summary(items: readonly OrderItem[], telling: Telling): Record<string, unknown> {
  const { order } = telling.change;
  const { omitOptionalFields, nullPurchaseDate } = telling.settings.notifications;
  const required = {
    MarketplaceId: order.marketplaceId,
    OrderStatus: statuses[order.status],
    PurchaseDate: nullPurchaseDate ? null : isoTime(order.createdAt),
    DestinationPostalCode: omitOptionalFields ? null : order.postalCode,
    FulfillmentType: order.fulfilledBy === "AMAZON" ? "AFN" : "MFN",
    OrderType: "StandardOrder",
  };
  const OrderItems = items.map((item) => itemBody(item, telling));
  if (omitOptionalFields) return { ...required, OrderItems };
  return {
    ...required,
    ...itemCounts(order),
    EarliestDeliveryDate: isoTime(order.createdAt),
    LatestDeliveryDate: isoTime(order.deliverBy),
    EarliestShipDate: isoTime(order.createdAt),
    LatestShipDate: isoTime(order.shipBy),
    CancelNotifyDate: isoTime(order.shipBy),
    OrderPrograms: order.replaces === null ? [] : ["Replacement"],
    ShippingPrograms: [],
    OrderItems,
  };
}

function payload(
  level: "OrderLevel" | "OrderItemLevel",
  items: readonly OrderItem[],
  telling: Telling,
): Record<string, unknown> {
  const { seller, order, orderChangeType, changeReason, at } = telling.change;
  const { omitOptionalFields } = telling.settings.notifications;
  return {
    OrderChangeNotification: {
      NotificationLevel: level,
      SellerId: seller.sellerId,
      AmazonOrderId: order.id,
      OrderChangeType: orderChangeType,
      OrderChangeTrigger: {
        TimeOfOrderChange: omitOptionalFields ? null : isoTime(at),
        ChangeReason: changeReason,
      },
      Summary: summary(items, telling),
    },
  };
}

/** The payloads of ORDER_CHANGE 1.0 that tell this change: one for the order, one per changed item, or both. */
export function orderChangePayloads(change: OrderChange, settings: Settings): Record<string, unknown>[] {
  const telling = { change, settings };
  const { level } = settings.notifications;
  const changed = change.items === "all" ? change.order.items : change.items;
  return [
    ...(level === "item" ? [] : [payload("OrderLevel", change.order.items, telling)]),
    ...(level === "order" ? [] : changed.map((item) => payload("OrderItemLevel", [item], telling))),
  ];
}
