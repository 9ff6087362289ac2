import { fingerprint } from "@onepool/core/ledger/content-hash.ts";
import type { LineReport, OrderReport, OrderStatus } from "@onepool/core/ledger/order-record.ts";

import type { ChangedOrdersPage, OrderReading } from "../contract/connector.ts";
import { failed, type Outcome, succeeded } from "../contract/outcome.ts";
import { orderSchema, type WireOrder, type WireOrderItem, type WireOrderSearch } from "./wire.ts";

/** The connection that orders are read for: its code, and the marketplace whose orders are its own. */
export interface OrderOwner {
  readonly connection: string;
  readonly marketplaceId: string;
}

/** An order's state, unless it was placed in another marketplace: that one's connection counts it. */
export function toOrderReading(owner: OrderOwner, order: WireOrder): Outcome<OrderReading> {
  const { marketplaceId } = order.salesChannel;
  if (isFulfilledForOthers(order) || !marketplaceId || marketplaceId === owner.marketplaceId)
    return succeeded(readingOf(owner, order));
  const message = `Order ${order.orderId} was placed in ${marketplaceId}, not in ${owner.marketplaceId}.`;
  return failed({ kind: "rejected", code: "foreign_order", message });
}

/** One page of the search. It tells whole orders, so none has to be read for what it says. */
export function toChangedOrders(
  owner: OrderOwner,
  search: WireOrderSearch,
  page: {
    readonly pageAfter: (token: string) => string;
    /** Amazon's own time of the answer, cut to the second; null where it did not say. */
    readonly answeredAt: number | null;
  },
): ChangedOrdersPage {
  const { orders, pagination, lastUpdatedBefore } = search;
  const { pageAfter, answeredAt } = page;
  return {
    orders: orders.flatMap((row) => rowOf(owner, row)),
    nextPage: pagination?.nextToken ? pageAfter(pagination.nextToken) : null,
    isTruncated: false,
    ...(lastUpdatedBefore ? { listedThrough: lastUpdatedBefore } : {}),
    ...(lastUpdatedBefore && answeredAt !== null
      ? { listLagMs: Math.max(0, answeredAt + 999 - lastUpdatedBefore) }
      : {}),
  };
}

function rowOf(owner: OrderOwner, row: WireOrderSearch["orders"][number]): ChangedOrdersPage["orders"] {
  const { orderId, lastUpdatedTime } = row;
  const updatedAt = Date.parse(lastUpdatedTime);
  const order = orderSchema.safeParse(row);
  // Known by its id alone: reading it will say what is wrong with it.
  if (!order.success) return [{ orderId, updatedAt, fingerprint: `${updatedAt}` }];
  const reading = toOrderReading(owner, order.data);
  if (!reading.ok) return [];
  return [{ orderId, updatedAt, fingerprint: reading.value.fingerprint, reading: reading.value }];
}

/** Without the status that was asked for, an order is read again after so many milliseconds. */
const STATUS_RETRY_MS = 60_000;

function readingOf({ connection }: OrderOwner, order: WireOrder): OrderReading {
  const state = stateOf(order);
  const { status, isOpen } = state;
  const cancelRequested = order.orderItems.some(isCancelRequested);
  const report: OrderReport = {
    channel: connection,
    orderId: order.orderId,
    status,
    updatedAt: order.lastUpdatedTime,
    placedAt: order.createdTime,
    // Amazon tells no time of shipping here: the order was closed by then at the latest.
    ...(isOpen ? {} : { closedAt: order.lastUpdatedTime }),
    lines: order.orderItems.map((item) => lineOf(item, state)),
    doNotShip: isOpen && cancelRequested,
    ...(cancelRequested ? { cancelRequested } : {}),
    ...(status === "cancelled" ? { cancelReason: cancelReasonOf(order) } : {}),
  };
  const isUnclear = !order.fulfillment?.fulfillmentStatus;
  return { report, fingerprint: fingerprintOf(order), readAgainAfterMs: isUnclear ? STATUS_RETRY_MS : null };
}

/** All that the order and the list tell alike and that decides what we make of it. */
function fingerprintOf({ lastUpdatedTime, fulfillment, orderItems }: WireOrder): string {
  const lines = orderItems.map((item) => [
    item.orderItemId,
    item.quantityOrdered,
    item.fulfillment?.quantityFulfilled ?? "",
    item.fulfillment?.quantityUnfulfilled ?? "",
    isCancelRequested(item),
    item.cancellation?.cancellationExecution?.cancelledBy ?? "",
  ]);
  const state = [fulfillment?.fulfillmentStatus ?? "", fulfillment?.fulfilledBy ?? "", ...lines];
  return `${lastUpdatedTime} ${fingerprint(JSON.stringify(state))}`;
}

interface OrderState {
  readonly status: OrderStatus;
  /** Something may still be shipped or cancelled. */
  readonly isOpen: boolean;
  readonly fulfilledBy: LineReport["fulfilledBy"];
}

/** The status, as far as it is one of ours; whatever we do not know holds its units. */
const STATUSES: Readonly<Record<string, OrderStatus>> = {
  PENDING_AVAILABILITY: "pending",
  PENDING: "pending",
  UNSHIPPED: "paid",
  INVOICE_UNCONFIRMED: "paid",
  PARTIALLY_SHIPPED: "paid",
  SHIPPED: "shipped",
  CANCELLED: "cancelled",
};

function stateOf(order: WireOrder): OrderState {
  const said = order.fulfillment?.fulfillmentStatus ?? "";
  const fulfilledBy = fulfilledByOf(order);
  // Orders for others' channels only: Amazon will not ship them.
  const isHopeless = said === "UNFULFILLABLE" && fulfilledBy === "channel";
  const known = Object.hasOwn(STATUSES, said) ? STATUSES[said] : undefined;
  const status = isHopeless ? "cancelled" : (known ?? "pending");
  return { status, isOpen: status === "pending" || status === "paid", fulfilledBy };
}

/** Amazon's own stock: FBA, and what it ships from there for other channels. Neither is ours to count. */
function fulfilledByOf(order: WireOrder): "seller" | "channel" {
  return isFulfilledForOthers(order) || order.fulfillment?.fulfilledBy === "AMAZON" ? "channel" : "seller";
}

function isFulfilledForOthers({ salesChannel }: WireOrder): boolean {
  return salesChannel.channelName === "NON_AMAZON";
}

/** Asked for and not carried out: a request of the buyer's, which releases nothing. */
function isCancelRequested({ cancellation }: WireOrderItem): boolean {
  return cancellation?.cancellationRequest?.requester === "BUYER" && !cancellation.cancellationExecution;
}

function lineOf(item: WireOrderItem, { status, fulfilledBy }: OrderState): LineReport {
  const { sellerSku, asin } = item.product ?? {};
  const shipped = shippedOf(item, status);
  return {
    lineId: item.orderItemId,
    // Without its SKU a sale is still a sale: one of a listing that somebody has to name.
    listing: sellerSku ?? `asin:${asin ?? "unknown"}`,
    quantity: item.quantityOrdered,
    cancelled: cancelledOf(item, { status, shipped }),
    shipped,
    ...(fulfilledBy === undefined ? {} : { fulfilledBy }),
  };
}

/** A shipped order has shipped all that it does not say otherwise about. */
function shippedOf(
  { quantityOrdered, fulfillment, cancellation }: WireOrderItem,
  status: OrderStatus,
): number {
  const told = fulfillment?.quantityFulfilled ?? 0;
  const isWhole = status === "shipped" && told === 0 && !cancellation?.cancellationExecution;
  return isWhole ? quantityOrdered : told;
}

/**
 * Nobody tells how many were cancelled. Of a cancelled order it is what did not ship. Of one item in another order it is what is
 * neither shipped nor to be shipped; where the ordered quantity fell instead, nothing is missing, and nothing is cancelled twice.
 */
function cancelledOf(
  { quantityOrdered, fulfillment, cancellation }: WireOrderItem,
  { status, shipped }: { readonly status: OrderStatus; readonly shipped: number },
): number {
  const left = Math.max(0, quantityOrdered - shipped);
  if (status === "cancelled") return left;
  const toShip = fulfillment?.quantityUnfulfilled;
  if (!cancellation?.cancellationExecution || typeof toShip !== "number") return 0;
  return Math.max(0, left - toShip);
}

/** The codes of a seller's cancellation are `NO_INVENTORY`, `NoInventory` and the like; there is no list of what is told here. */
function cancelReasonOf({ orderItems }: WireOrder): "no_stock" | "other" {
  const isNoStock = orderItems.some(({ cancellation }) => {
    const done = cancellation?.cancellationExecution;
    return done?.cancelledBy === "MERCHANT" && /no.?inventory|out.?of.?stock/i.test(done.cancelReason ?? "");
  });
  return isNoStock ? "no_stock" : "other";
}
