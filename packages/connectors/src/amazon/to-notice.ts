import { contentHash } from "@onepool/core/ledger/content-hash.ts";
import type { Json } from "@onepool/core/ledger/json.ts";
import type { LineReport, OrderStatus } from "@onepool/core/ledger/order-record.ts";

import type { Notice, NoticedOrder, NoticeReading } from "../contract/notice.ts";
import { isSku, type SellerAccount } from "./to-push.ts";
import {
  envelopeSchema,
  eventSchema,
  listingChangeSchema,
  orderChangeSchema,
  otherEnvelopeSchema,
  ownerSchema,
  type WireNoticedItem,
  type WireOrderChange,
} from "./wire.ts";

const ORDER_CHANGE = "ORDER_CHANGE";

/** As documented. */
const ORDER_ID = /^[A-Z0-9]{3}-\d{7}-\d{7}$/;

/** An order, or one state of it that a notification told. */
const ORDER_RESOURCE = /^\/orders\/([A-Z0-9]{3}-\d{7}-\d{7})(\/changes\/[0-9a-z]{1,40})?$/;

export function isOrderId(text: string): boolean {
  return ORDER_ID.test(text);
}

/** The listing's own state is read again, whatever changed. */
const LISTING_TOPICS = new Set([
  "LISTINGS_ITEM_STATUS_CHANGE",
  "LISTINGS_ITEM_ISSUES_CHANGE",
  "LISTINGS_ITEM_MFN_QUANTITY_CHANGE",
]);
const LISTING_RESOURCE = /^\/listings\/([^/]+)$/;

/** What notifications are routed by: one connection is one seller in one marketplace. */
export function accountIdOf({ sellerId, marketplaceId }: SellerAccount): string {
  return `${sellerId}:${marketplaceId}`;
}

/** The notice under a topic and a resource; the resource is rebuilt from what matched, so that nothing else can ride along. */
export function noticeOf(topic: string, resource: string): Notice | null {
  if (topic === ORDER_CHANGE) {
    const [, orderId, change = ""] = ORDER_RESOURCE.exec(resource) ?? [];
    if (orderId === undefined) return null;
    return { topic, resource: `/orders/${orderId}${change}`, about: { kind: "order", orderId } };
  }
  const sku = LISTING_TOPICS.has(topic) ? decoded(LISTING_RESOURCE.exec(resource)?.[1] ?? "") : "";
  return isSku(sku) ? noticeOfListing(topic, sku) : null;
}

export function noticeOfOrder(orderId: string): Notice {
  return { topic: ORDER_CHANGE, resource: `/orders/${orderId}`, about: { kind: "order", orderId } };
}

function noticeOfListing(topic: string, sku: string): Notice {
  const about = { kind: "listing", externalId: sku } as const;
  return { topic, resource: `/listings/${encodeURIComponent(sku)}`, about };
}

/** Empty for what is no encoded text. */
function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return "";
  }
}

/**
 * A message of the queue, or the event that Amazon EventBridge wraps it in. Messages come twice, late, out of order and not at
 * all: each is a hint, though one that carries data.
 */
export function readNotification(body: unknown): NoticeReading {
  const event = eventSchema.safeParse(body);
  const message = event.success ? event.data.detail : body;
  const envelope = envelopeSchema.safeParse(message);
  if (!envelope.success) {
    const isOther = otherEnvelopeSchema.safeParse(message).success;
    if (isOther) return { kind: "ignored", accountId: "", reason: "not_followed" };
    return { kind: "malformed", reason: envelope.error.issues[0]?.path.join(".") ?? "" };
  }
  const { NotificationType: type, Payload: payload, EventTime: at } = envelope.data;
  // Its schema spells it so, its example and the documentation do not.
  const topic = type === "LISTINGS_ITEM_STATUS_CHANGED" ? "LISTINGS_ITEM_STATUS_CHANGE" : type;
  if (topic === ORDER_CHANGE) return readOrderChange(payload, at ?? null);
  if (LISTING_TOPICS.has(topic)) return readListingChange(topic, payload, at ?? null);
  return { kind: "ignored", accountId: ownerOf(payload), reason: "not_followed" };
}

/** Whose a notification is, as far as it says so. */
function ownerOf(payload: unknown): string {
  const { SellerId: sellerId, MarketplaceId: marketplaceId } = ownerSchema.parse(payload);
  return sellerId && marketplaceId ? accountIdOf({ sellerId, marketplaceId }) : (sellerId ?? "");
}

function readListingChange(topic: string, payload: unknown, at: number | null): NoticeReading {
  const parsed = listingChangeSchema.safeParse(payload);
  if (!parsed.success) return malformed(parsed.error.issues[0]?.path);
  const { SellerId: sellerId, MarketplaceId: marketplaceId, Sku: sku } = parsed.data;
  // LISTINGS_ITEM_MFN_QUANTITY_CHANGE names no marketplace, and a seller may have the SKU in several.
  if (!marketplaceId) return { kind: "ignored", accountId: sellerId, reason: "no_marketplace" };
  const accountId = accountIdOf({ sellerId, marketplaceId });
  if (!isSku(sku)) return { kind: "ignored", accountId, reason: "unknown_sku" };
  return { kind: "notice", accountId, notice: noticeOfListing(topic, sku), happenedAt: at };
}

function readOrderChange(payload: unknown, at: number | null): NoticeReading {
  const parsed = orderChangeSchema.safeParse(payload);
  if (!parsed.success) return malformed(parsed.error.issues[0]?.path);
  const change = parsed.data.OrderChangeNotification;
  const {
    SellerId: sellerId,
    Summary: summary,
    AmazonOrderId: orderId,
    OrderChangeTrigger: trigger,
  } = change;
  const accountId = accountIdOf({ sellerId, marketplaceId: summary.MarketplaceId });
  const notice = noticeOf(ORDER_CHANGE, `/orders/${orderId}`);
  if (notice === null) return { kind: "ignored", accountId, reason: "unknown_order_id" };
  const happenedAt = trigger?.TimeOfOrderChange ?? at;
  const says = saysOf(change);
  if (says === null) return { kind: "notice", accountId, notice, happenedAt };
  // The inbox keeps the newest of equal resources: states that differ must not take each other's place.
  const state = contentHash({ level: change.NotificationLevel ?? "", says } as unknown as Json);
  const resource = `${notice.resource}/changes/${state}`;
  return { kind: "notice", accountId, notice: { ...notice, resource }, happenedAt, says };
}

function malformed(path: readonly PropertyKey[] | undefined): NoticeReading {
  return { kind: "malformed", reason: `Payload.${path?.join(".") ?? ""}` };
}

/**
 * What each status says. `Canceled` says nothing of a seller's own stock: its quantities may be 0 or what was ordered, and what
 * is given back by mistake is sold twice; the order is read. `Unfulfillable` is of orders that are not sold on Amazon.
 */
const SAID: Readonly<Record<string, OrderStatus>> = {
  PendingAvailability: "pending",
  Pending: "pending",
  Unshipped: "paid",
  InvoiceUnconfirmed: "paid",
  PartiallyShipped: "paid",
  Shipped: "shipped",
};

/** The state in a notification, without a time of its own: it only moves rank and counts forward. Null where it only points. */
function saysOf(change: WireOrderChange): NoticedOrder | null {
  const told = toldOf(change);
  if (told === null) return null;
  const { status, items, closedAt, fulfilledBy, isCounted, cancelRequested } = told;
  const { PurchaseDate: placedAt, OrderItems: all } = change.Summary;
  const isWhole = items.length === all?.length && isCounted && fulfilledBy !== null;
  // An item may be cancelled in an order that goes on, and still tell what was ordered.
  const isAboutCancelling = cancelRequested || isCancelling(change);
  return {
    report: {
      orderId: change.AmazonOrderId,
      // Where not all of what left is counted, the rest is as good as paid.
      status: isCounted ? status : "paid",
      ...(typeof placedAt === "number" ? { placedAt } : {}),
      ...(closedAt === null ? {} : { closedAt }),
      lines: items.map((item) => lineOf(item, told)),
      ...(cancelRequested ? { cancelRequested, doNotShip: true } : {}),
    },
    isEnough: isWhole && (!isAboutCancelling || fulfilledBy === "channel"),
  };
}

interface ToldOrder {
  readonly status: OrderStatus;
  /** Null: it is not clear whose stock it is. */
  readonly fulfilledBy: "seller" | "channel" | null;
  /** Those told in full. */
  readonly items: readonly WireNoticedItem[];
  readonly closedAt: number | null;
  /** Some of it left. */
  readonly isLeaving: boolean;
  /** It is clear how much. */
  readonly isCounted: boolean;
  readonly cancelRequested: boolean;
}

function toldOf(change: WireOrderChange): ToldOrder | null {
  const { OrderStatus: said, FulfillmentType: type, OrderItems: all } = change.Summary;
  const fulfilledBy = fulfilledByOf(type);
  const status = statusOf(said, fulfilledBy);
  const items = (all ?? []).filter((item) => item !== null).filter(({ Quantity }) => Quantity > 0);
  const closedAt = status === "shipped" ? shippedAt(change) : null;
  const isUndated = status === "shipped" && closedAt === null;
  if (status === null || isUndated || items.length === 0 || hasTwice(items)) return null;
  const isLeaving = status === "shipped" || said === "PartiallyShipped";
  const isCounted = !isLeaving || items.every((item) => isShippedTold(item, status));
  const cancelRequested = items.some((item) => item.IsBuyerRequestedCancel === true);
  return { status, fulfilledBy, items, closedAt, isLeaving, isCounted, cancelRequested };
}

function fulfilledByOf(type: string | null | undefined): ToldOrder["fulfilledBy"] {
  if (type === "AFN") return "channel";
  return type === "MFN" ? "seller" : null;
}

function statusOf(status: string, fulfilledBy: ToldOrder["fulfilledBy"]): OrderStatus | null {
  // Of Amazon's own stock nothing is given back by us, so its word is enough.
  if (status === "Canceled" && fulfilledBy === "channel") return "cancelled";
  return Object.hasOwn(SAID, status) ? (SAID[status] ?? null) : null;
}

/** When it shipped, for the cut-over; only a change of status says so (a tip for the driver comes weeks later). */
function shippedAt({ OrderChangeType: type, OrderChangeTrigger: trigger }: WireOrderChange): number | null {
  return type === "OrderStatusChange" ? (trigger?.TimeOfOrderChange ?? null) : null;
}

function isShippedTold({ Quantity, QuantityShipped }: WireNoticedItem, status: OrderStatus): boolean {
  return typeof QuantityShipped === "number" && (status !== "shipped" || QuantityShipped === Quantity);
}

/** Its reason is free text: "Buyer Requested Cancel" is the one that is documented. */
function isCancelling({ OrderChangeType: type, OrderChangeTrigger: trigger }: WireOrderChange): boolean {
  return type === "BuyerRequestedChange" || /cancel/i.test(trigger?.ChangeReason ?? "");
}

function hasTwice(items: readonly WireNoticedItem[]): boolean {
  return new Set(items.map((item) => item.OrderItemId)).size < items.length;
}

function lineOf(item: WireNoticedItem, { isLeaving, fulfilledBy }: ToldOrder): LineReport {
  const shipped = isLeaving ? (item.QuantityShipped ?? 0) : 0;
  return {
    lineId: item.OrderItemId,
    listing: item.SellerSKU,
    quantity: item.Quantity,
    ...(shipped === 0 ? {} : { shipped }),
    ...(fulfilledBy === null ? {} : { fulfilledBy }),
  };
}
