import { marketplaceOf } from "../marketplaces.ts";
import type { Settings } from "../settings.ts";
import { vendorTime } from "../vendor/vendor-time.ts";
import type { Order, OrderItem } from "./order.ts";

/** `includedData` of the Orders API. */
export const orderDataSets = [
  "BUYER",
  "RECIPIENT",
  "PROCEEDS",
  "EXPENSE",
  "PROMOTION",
  "CANCELLATION",
  "FULFILLMENT",
  "PACKAGES",
  "TAX",
  "PAYMENT",
  "FULFILLMENT_ORDERS",
];

function money(amount: number, currencyCode: string): object {
  return { amount: amount.toFixed(2), currencyCode };
}

function fulfillment(order: Order): object {
  const window = (latest: number): object => ({
    earliestDateTime: vendorTime(order.createdAt),
    latestDateTime: vendorTime(latest),
  });
  return {
    fulfillmentStatus: order.status,
    fulfilledBy: order.fulfilledBy,
    fulfillmentServiceLevel: "STANDARD",
    shipByWindow: window(order.shipBy),
    deliverByWindow: window(order.deliverBy),
  };
}

function packages({ packages: parcels }: Order): object[] {
  return parcels.map((parcel) => ({
    packageReferenceId: parcel.packageReferenceId,
    carrier: parcel.carrier,
    shipTime: vendorTime(parcel.shippedAt),
    ...(parcel.trackingNumber === null ? {} : { trackingNumber: parcel.trackingNumber }),
    packageStatus: { status: parcel.delivered ? "DELIVERED" : "SHIPPED" },
    packageItems: parcel.items,
  }));
}

function cancellation({ cancelRequest, cancellation: done }: OrderItem): object {
  return {
    ...(cancelRequest === null
      ? {}
      : { cancellationRequest: { requester: "BUYER", cancelReason: cancelRequest.reason } }),
    ...(done === null ? {} : { cancellationExecution: { cancelledBy: done.by, cancelReason: done.reason } }),
  };
}

function itemBody(order: Order, item: OrderItem, view: View): object {
  const cancelled = item.cancellation !== null;
  const touched = cancelled || item.cancelRequest !== null;
  const quantityOrdered = cancelled && !view.cancelledItemsKeepQuantity ? 0 : item.quantity;
  return {
    orderItemId: item.orderItemId,
    quantityOrdered,
    product: {
      asin: item.asin,
      title: item.title,
      sellerSku: item.sellerSku,
      condition: { conditionType: "NEW", conditionSubtype: "NEW" },
      price: { unitPrice: money(item.unitPrice, order.currencyCode) },
    },
    ...(view.asked.includes("PROCEEDS")
      ? { proceeds: { proceedsTotal: money(item.unitPrice * quantityOrdered, order.currencyCode) } }
      : {}),
    ...(view.asked.includes("CANCELLATION") && touched ? { cancellation: cancellation(item) } : {}),
    ...(view.asked.includes("FULFILLMENT")
      ? {
          fulfillment: {
            quantityFulfilled: item.shipped,
            quantityUnfulfilled: cancelled ? 0 : item.quantity - item.shipped,
          },
        }
      : {}),
  };
}

interface View extends Pick<Settings, "cancelledItemsKeepQuantity"> {
  asked: readonly string[];
}

/**
 * An order as Orders 2026-01-01 tells it. Status and quantities shipped stand only in FULFILLMENT, cancellations only
 * in CANCELLATION. Of the other data sets there are PROCEEDS and PACKAGES; the app has no role for buyers' data.
 */
export function orderBody(order: Order, view: View): object {
  const { replaces, items } = order;
  const total = items.reduce((sum, { unitPrice, quantity }) => sum + unitPrice * quantity, 0);
  return {
    orderId: order.id,
    createdTime: vendorTime(order.createdAt),
    lastUpdatedTime: vendorTime(order.lastUpdatedAt),
    salesChannel: salesChannel(order),
    ...(replaces === null ? {} : { associatedOrders: [replaces] }),
    ...(view.asked.includes("PROCEEDS")
      ? { proceeds: { grandTotal: money(total, order.currencyCode) } }
      : {}),
    ...(view.asked.includes("FULFILLMENT") ? { fulfillment: fulfillment(order) } : {}),
    orderItems: items.map((item) => itemBody(order, item, view)),
    ...(view.asked.includes("PACKAGES") && order.fulfilledBy === "MERCHANT"
      ? { packages: packages(order) }
      : {}),
  };
}

/** ASSUMED: a sale made elsewhere has no store. The model requires only the name. */
function salesChannel({ channelName, marketplaceId }: Order): object {
  if (channelName === "NON_AMAZON") return { channelName };
  return { channelName, marketplaceId, marketplaceName: marketplaceOf(marketplaceId).name };
}
