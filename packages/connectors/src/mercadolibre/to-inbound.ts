import type { LineReport, OrderReport, OrderStatus } from "@onepool/core/ledger/order-record.ts";
import type { Instant } from "@onepool/core/ledger/units.ts";

import type { ConnectorError } from "../contract/connector-error.ts";
import type { ChangedOrdersPage, ListingReading, OrderReading } from "../contract/connector.ts";
import type { Notice, NoticeReading } from "../contract/notice.ts";
import { failed, type Outcome, succeeded } from "../contract/outcome.ts";
import { toUnreadableError } from "./error.ts";
import { externalIdOf, type ListingAddress, notAnExternalId } from "./to-push.ts";
import {
  itemSchema,
  notificationSchema,
  type WireItemsBulk,
  type WireItem,
  type WireOrder,
  type WireOrderSearch,
  type WireOrderState,
  type WireShipment,
} from "./wire.ts";

/** The topics that are followed, each with the one shape of resource it may point at. */
const TOPICS: Readonly<Record<string, { readonly shape: RegExp; about(id: string): Notice["about"] }>> = {
  orders_v2: { shape: /^\/orders\/(\d{1,20})$/, about: (orderId) => ({ kind: "order", orderId }) },
  items: { shape: /^\/items\/([A-Z]{3}\d{1,15})$/, about: (externalId) => ({ kind: "listing", externalId }) },
};

/** The notice under a topic and a resource; the resource is rebuilt from its id, so that nothing else can ride along. */
export function noticeOf(topic: string, resource: string): Notice | null {
  const followed = Object.hasOwn(TOPICS, topic) ? TOPICS[topic] : undefined;
  const id = followed?.shape.exec(resource)?.[1];
  if (followed === undefined || id === undefined) return null;
  const about = followed.about(id);
  return { topic, resource: about.kind === "order" ? `/orders/${id}` : `/items/${id}`, about };
}

export function noticeOfOrder(orderId: string): Notice {
  return { topic: "orders_v2", resource: `/orders/${orderId}`, about: { kind: "order", orderId } };
}

/** Notifications are unsigned: what one says is only where to look. */
export function readNotification(body: unknown): NoticeReading {
  const parsed = notificationSchema.safeParse(body);
  if (!parsed.success) return { kind: "malformed", reason: parsed.error.issues[0]?.path.join(".") ?? "" };
  const { topic, resource, user_id: accountId, received, recieved, sent } = parsed.data;
  const notice = noticeOf(topic, resource);
  if (notice === null) return { kind: "ignored", accountId, reason: "not_followed" };
  const happenedAt = Date.parse(received ?? recieved ?? sent ?? "");
  return { kind: "notice", accountId, notice, happenedAt: Number.isNaN(happenedAt) ? null : happenedAt };
}

/** MercadoLibre refuses to page further (PROBE: offset 10000 answers 400). */
const OFFSET_MAX = 9_950;

/** One page of the search. */
export function toChangedOrders(search: WireOrderSearch, offset: number): ChangedOrdersPage {
  const orders = search.results.map((row) => ({
    orderId: row.id,
    updatedAt: row.last_updated,
    fingerprint: fingerprintOf(row),
  }));
  const next = offset + search.results.length;
  const isLast = search.results.length === 0 || next >= search.paging.total;
  const isTruncated = !isLast && next > OFFSET_MAX;
  return { orders, nextPage: isLast || isTruncated ? null : String(next), isTruncated };
}

/** Times are cut to the second, so an order paid and cancelled within one is told apart by its status and tags. */
function fingerprintOf({ last_updated: updatedAt, status, tags, shipping }: WireOrderState): string {
  return [updatedAt, status, shipping?.id ?? "", ...(tags ?? []).toSorted()].join(" ");
}

/**
 * An order with its shipment. `unread`: the order names one that could not be read (404 and 204 while it propagates).
 */
export interface OrderView {
  readonly order: WireOrder;
  readonly shipment: WireShipment | "none" | "unread";
}

/** How long an order cancelled by a pack split keeps its claim, so that the orders that replace it arrive first. */
export const PACK_SPLIT_GRACE_MS = 10 * 60_000;

/** When to look again at an order whose shipment could not be read. */
const SHIPMENT_RETRY_MS = 5_000;

/** The order's state as of this reading. */
export function toOrderReading(connection: string, view: OrderView, now: Instant): OrderReading {
  const { order, shipment } = view;
  const splitWaitMs = packSplitWait(order, now);
  const state = stateOf(view, splitWaitMs > 0);
  const closedAt = closingTime(view, state.status);
  const report: OrderReport = {
    channel: connection,
    orderId: order.id,
    status: state.status,
    // Read without its shipment, a state yields to the same one read with it.
    updatedAt: Math.max(order.last_updated, updatedAtOf(shipment)) - (shipment === "unread" ? 1 : 0),
    placedAt: order.date_created,
    ...(closedAt === null ? {} : { closedAt }),
    lines: linesOf(order, shipment).map((line) => ({ ...line, ...countsOf(line, state) })),
    doNotShip: hasTag(order, "fraud_risk_detected"),
    ...(state.status === "cancelled" ? { cancelReason: cancelReasonOf(order) } : {}),
  };
  const waits = [
    ...(shipment === "unread" ? [SHIPMENT_RETRY_MS] : []),
    ...(splitWaitMs > 0 ? [splitWaitMs] : []),
  ];
  return {
    report,
    fingerprint: fingerprintOf(order),
    readAgainAfterMs: waits.length === 0 ? null : Math.min(...waits),
  };
}

type Whereabouts = "here" | "travelling" | "coming_back" | "delivered" | "lost";

/** Substatuses of `ready_to_ship` with which the parcel has left the seller (DOC:envios). */
const LEFT_WHILE_READY = new Set(["picked_up", "dropped_off", "in_hub", "in_packing_list"]);
const NEVER_COMES_BACK = new Set(["lost", "stolen", "destroyed"]);

/** Where the goods are; here as long as nobody says otherwise. */
function whereaboutsOf(shipment: OrderView["shipment"]): Whereabouts {
  if (typeof shipment === "string") return "here";
  const substatus = shipment.substatus ?? "";
  switch (shipment.status) {
    case "ready_to_ship":
      return LEFT_WHILE_READY.has(substatus) ? "travelling" : "here";
    case "shipped":
      return "travelling";
    case "delivered":
      return "delivered";
    case "not_delivered":
      return NEVER_COMES_BACK.has(substatus) ? "lost" : "coming_back";
    default:
      return "here";
  }
}

interface OrderState {
  readonly status: OrderStatus;
  readonly isCancelled: boolean;
  readonly hasLeft: boolean;
  readonly comesBack: boolean;
}

function stateOf(view: OrderView, isBeingSplit: boolean): OrderState {
  const isCancelled = !isBeingSplit && isCancelledOrder(view.order);
  const place = whereaboutsOf(view.shipment);
  // Cancelled after it arrived or was lost: nothing comes back by this alone, so the sale stands as shipped.
  const isGone = place === "delivered" || place === "lost";
  const hasLeft = place !== "here";
  const comesBack = place === "coming_back" || (isCancelled && place === "travelling");
  const stays = isCancelled && isGone;
  const status = isCancelled && !stays ? "cancelled" : hasLeft ? "shipped" : openStatus(view.order);
  return { status, isCancelled: isCancelled && !stays, hasLeft, comesBack };
}

/** Refunded to the buyer's wallet (Mexico), an order stays `paid` for ever and gets the tag `unfulfilled` (DOC:pagos). */
function isCancelledOrder(order: WireOrder): boolean {
  if (order.status === "cancelled" || order.status === "invalid") return true;
  return order.status === "paid" && hasTag(order, "unfulfilled");
}

const PAID = new Set(["paid", "partially_paid", "partially_refunded", "pending_cancel"]);

/** `date_closed` is when MercadoLibre took the units off its own listing: from then on the sale is as good as paid. */
function openStatus(order: WireOrder): OrderStatus {
  const isClosed = order.date_closed !== null && order.date_closed !== undefined;
  return PAID.has(order.status) || isClosed || order.status === "cancelled" ? "paid" : "pending";
}

function countsOf(
  line: LineReport,
  state: OrderState,
): Pick<LineReport, "cancelled" | "shipped" | "returning"> {
  return {
    cancelled: state.isCancelled ? line.quantity : 0,
    shipped: state.hasLeft ? line.quantity : 0,
    returning: state.comesBack ? line.quantity : 0,
  };
}

/** Order lines have no id of their own; the listing is one, numbered where an order names it twice. */
function linesOf(order: WireOrder, shipment: OrderView["shipment"]): LineReport[] {
  const fulfilledBy = typeof shipment === "string" ? null : fulfilledByOf(shipment);
  const seen = new Map<string, number>();
  return order.order_items.map(({ item, quantity }) => {
    const listing = externalIdOf({ itemId: item.id, variationId: item.variation_id ?? null });
    const nth = (seen.get(listing) ?? 0) + 1;
    seen.set(listing, nth);
    const lineId = nth === 1 ? listing : `${listing}#${nth}`;
    return { lineId, listing, quantity, ...(fulfilledBy === null ? {} : { fulfilledBy }) };
  });
}

/** `fulfillment` is Full: MercadoLibre's own warehouse, never our pool. */
function fulfilledByOf(shipment: WireShipment): "seller" | "channel" | null {
  const type = shipment.logistic?.type ?? shipment.logistic_type ?? null;
  if (type === null) return null;
  return type === "fulfillment" ? "channel" : "seller";
}

/** `cancel_detail` is the only word on who and why: `status_detail` was null in 7 of 7 (PROBE). */
function cancelReasonOf(order: WireOrder): "no_stock" | "other" {
  const detail = order.cancel_detail;
  return detail?.requested_by === "seller" && detail.code === "feedback_unavailable_product"
    ? "no_stock"
    : "other";
}

/**
 * A split pack cancels its orders, and new ones take over their units. Released at once, those units would be for sale
 * until the new orders are known; held a little too long, they are merely not shown.
 */
function packSplitWait(order: WireOrder, now: Instant): number {
  if (order.status !== "cancelled" || order.cancel_detail?.code !== "pack_splitted") return 0;
  const since = now - (order.cancel_detail.date ?? order.last_updated);
  return Math.min(PACK_SPLIT_GRACE_MS, Math.max(0, PACK_SPLIT_GRACE_MS - since));
}

function closingTime({ order, shipment }: OrderView, status: OrderStatus): Instant | null {
  if (status === "cancelled") return order.cancel_detail?.date ?? order.last_updated;
  if (status !== "shipped" || typeof shipment === "string") return null;
  const told = shipment.status_history?.["date_shipped"];
  const shippedAt = typeof told === "string" ? Date.parse(told) : Number.NaN;
  return Number.isNaN(shippedAt) ? (shipment.last_updated ?? order.last_updated) : shippedAt;
}

function updatedAtOf(shipment: OrderView["shipment"]): Instant {
  return typeof shipment === "string" ? 0 : (shipment.last_updated ?? 0);
}

function hasTag(order: WireOrder, tag: string): boolean {
  return order.tags?.includes(tag) ?? false;
}

/** Items read in one call: the id asked for at each place of the answer, and what stands there. */
export interface ItemsAnswer {
  readonly asked: readonly string[];
  readonly rows: WireItemsBulk;
  /** Everybody else's items are shown with rounded quantities, so only one's own are readings. */
  readonly accountId: string;
}

/** What each listing shows. A row that is neither there nor gone says nothing: it is read again. */
export function toListingReadings(
  addresses: readonly (ListingAddress | null)[],
  externalIds: readonly string[],
  answer: ItemsAnswer,
): Outcome<ListingReading>[] {
  return addresses.map((address, index) => {
    if (address === null) return failed(notAnExternalId(externalIds[index] ?? ""));
    const row = answer.rows[answer.asked.indexOf(address.itemId)];
    if (row?.status_code === 404) return failed(missing(address));
    const item = itemSchema.safeParse(row?.body);
    if (!item.success) return failed(toUnreadableError(`the reading of ${address.itemId}`, false));
    if (item.data.seller_id !== answer.accountId) return failed(foreign(address));
    const reading = toListingReading(item.data, address);
    return reading === null ? failed(missing(address)) : succeeded(reading);
  });
}

function missing(address: ListingAddress): ConnectorError {
  return { kind: "not_found", message: `MercadoLibre has no listing ${externalIdOf(address)}.`, status: 404 };
}

function foreign(address: ListingAddress): ConnectorError {
  const message = `${externalIdOf(address)} belongs to another MercadoLibre account.`;
  return { kind: "rejected", code: "foreign_listing", message };
}

/** What one listing of an item shows, or null when the item has no such variation. */
function toListingReading(item: WireItem, address: ListingAddress): ListingReading | null {
  const variations = item.variations ?? [];
  const variation = variations.find(({ id }) => id === address.variationId);
  if (address.variationId !== null && variation === undefined) return null;
  const isWhole = address.variationId === null && variations.length > 0;
  const subStatus = item.sub_status ?? [];
  return {
    externalId: externalIdOf(address),
    quantity: variation?.available_quantity ?? item.available_quantity,
    status: subStatus.length === 0 ? item.status : `${item.status}/${subStatus.join(",")}`,
    isBuyable: item.status === "active" || (item.status === "paused" && subStatus.includes("out_of_stock")),
    notWritable: isWhole ? "The item has variations: map each of them as MLM123:456." : lockOf(item),
  };
}

const LOCKED = new Set(["closed", "under_review", "inactive", "payment_required"]);

function lockOf(item: WireItem): string | null {
  if (item.shipping?.logistic_type === "fulfillment")
    return "MercadoLibre keeps this stock (Full) and counts it alone.";
  return LOCKED.has(item.status)
    ? `The listing is ${item.status}: MercadoLibre takes no quantity for it.`
    : null;
}
