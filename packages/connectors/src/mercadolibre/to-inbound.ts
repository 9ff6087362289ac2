import type { LineReport, OrderReport, OrderStatus } from "@onepool/core/ledger/order-record.ts";
import type { Instant } from "@onepool/core/ledger/units.ts";

import type { OrderReading } from "../contract/connector.ts";
import { type OrderReturn, withReturns } from "./claim-return.ts";
import { externalIdOf } from "./external-id.ts";
import type { WireOrder, WireOrderState, WireShipment } from "./wire.ts";

/** Times are cut to the second, so an order paid and cancelled within one is told apart by its status and tags. */
export function fingerprintOf({ last_updated: updatedAt, status, tags, shipping }: WireOrderState): string {
  return [updatedAt, status, shipping?.id ?? "", ...(tags ?? []).toSorted()].join(" ");
}

/** An order with what had to be read beside it. */
export interface OrderView {
  readonly order: WireOrder;
  /** `none`: there is none. `unread`: the order names one that could not be read (404 and 204 while it propagates). */
  readonly shipment: WireShipment | "none" | "unread";
  /** `waiting`: the orders that take over the units of a split pack are not all known yet. */
  readonly split: "no" | "waiting" | "done";
  /** What the buyer sends back, where a claim says so. */
  readonly returned?: OrderReturn;
}

/** Whose orders they are, and from which depot the pool's leave; null where the seller has but one. */
export interface OrderHome {
  readonly connection: string;
  readonly storeId: string | null;
}

/** The order's state as of this reading. */
export function toOrderReading(
  { connection, storeId }: OrderHome,
  view: OrderView,
  now: Instant,
): OrderReading {
  const { order, shipment } = view;
  const state = stateOf(view);
  const closedAt = closingTime(view, state.status);
  const report: OrderReport = {
    channel: connection,
    orderId: order.id,
    status: state.status,
    // Read without its shipment, a state yields to the same one read with it.
    updatedAt:
      Math.max(order.last_updated, updatedAtOf(shipment), view.returned?.updatedAt ?? 0) -
      (shipment === "unread" ? 1 : 0),
    placedAt: order.date_created,
    ...(closedAt === null ? {} : { closedAt }),
    lines: withReturns(
      linesOf(view, storeId).map((line) => ({ ...line, ...countsOf(line, state) })),
      view.returned,
    ),
    // Units that were announced and do not come after all: a count that falls is said to.
    ...(view.returned?.isCorrection === true ? { correction: true } : {}),
    doNotShip: state.isHeld || hasTag(order, "fraud_risk_detected"),
    ...(state.status === "cancelled" ? { cancelReason: cancelReasonOf(order) } : {}),
  };
  const stockNames = stockNamesOf(order);
  return {
    report,
    fingerprint: fingerprintOf(order),
    readAgainAfterMs: readAgainAfter(view, now),
    ...(stockNames === null ? {} : { stockNames }),
  };
}

/** Between looks at an order of which something is not there yet, in milliseconds: half as long as it has been waiting. */
const LOOK_AGAIN = { firstMs: 5_000, longestMs: 6 * 3_600_000, longestOfSplitMs: 60_000 };

/** A paid order without a shipment gets one within this long, or never: some are handed over in person. In milliseconds. */
const SHIPMENT_COMES_MS = 3_600_000;
const SHIPMENT_LOOK_MS = 15_000;

function readAgainAfter(view: OrderView, now: Instant): number | null {
  const { order, shipment, split } = view;
  const age = now - order.last_updated;
  if (split === "waiting") return waitOf(age, LOOK_AGAIN.longestOfSplitMs);
  if (shipment === "unread") return waitOf(age, LOOK_AGAIN.longestMs);
  // A notification says so when the shipment is there (DOC:gestion-packs); until then Full's sales count as the seller's.
  const comes = shipment === "none" && isPaid(order) && !hasTag(order, "no_shipping");
  return comes && age < SHIPMENT_COMES_MS ? Math.max(SHIPMENT_LOOK_MS, age) : null;
}

function waitOf(age: number, longestMs: number): number {
  return Math.min(longestMs, Math.max(LOOK_AGAIN.firstMs, age / 2));
}

function isPaid(order: WireOrder): boolean {
  return PAID.has(order.status) && !isCancelledOrder(order) && (order.shipping?.id ?? null) === null;
}

/** What the items of an order share their stock under: a user product has several items, and one number. */
function stockNamesOf(order: WireOrder): Readonly<Record<string, string>> | null {
  const named = order.order_items.flatMap(({ item }) => {
    const { user_product_id: userProductId } = item;
    return userProductId === null || userProductId === undefined ? [] : [[listingOf(item), userProductId]];
  });
  return named.length === 0 ? null : (Object.fromEntries(named) as Record<string, string>);
}

type WireOrderItem = WireOrder["order_items"][number]["item"];

export function listingOf(item: WireOrderItem): string {
  return externalIdOf({ kind: "item", itemId: item.id, variationId: item.variation_id ?? null });
}

type Whereabouts = "here" | "travelling" | "coming_back" | "delivered" | "lost";

/** Substatuses of `ready_to_ship` with which the parcel has left the seller (DOC:envios). */
const LEFT_WHILE_READY = new Set(["picked_up", "dropped_off", "in_hub", "in_packing_list"]);
const NEVER_COMES_BACK = new Set(["lost", "stolen", "destroyed", "confiscated", "not_recovered"]);

/** Substatuses of `cancelled` with which only the label was given up: the seller sent the goods another way (DOC:envios). */
const LEFT_ALL_THE_SAME = new Set(["shipped_outside_me", "shipped_outside_me_trusted", "inferred_shipped"]);

/** Where the goods are; here as long as nobody says otherwise. */
function whereaboutsOf(shipment: OrderView["shipment"]): Whereabouts {
  if (typeof shipment === "string") return "here";
  const substatus = shipment.substatus ?? "";
  switch (shipment.status) {
    case "ready_to_ship":
      return LEFT_WHILE_READY.has(substatus) ? "travelling" : "here";
    case "shipped":
    case "stale_shipped":
      return "travelling";
    case "cancelled":
      return LEFT_ALL_THE_SAME.has(substatus) ? "travelling" : "here";
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
  /** Cancelled at the channel, and its units are not given up yet. */
  readonly isHeld: boolean;
  readonly hasLeft: boolean;
  readonly comesBack: boolean;
}

function stateOf(view: OrderView): OrderState {
  const isOff = isCancelledOrder(view.order);
  // Units are given up only when it is known that they are still here, and that no other order has taken them over.
  const isHeld = isOff && (view.split === "waiting" || view.shipment === "unread");
  const isCancelled = isOff && !isHeld;
  const place = whereaboutsOf(view.shipment);
  // Cancelled after it arrived or was lost: nothing comes back by this alone, so the sale stands as shipped.
  const isGone = place === "delivered" || place === "lost";
  const hasLeft = place !== "here";
  const comesBack = place === "coming_back" || (isCancelled && place === "travelling");
  const stays = isCancelled && isGone;
  const status = isCancelled && !stays ? "cancelled" : hasLeft ? "shipped" : openStatus(view.order);
  return { status, isCancelled: isCancelled && !stays, isHeld, hasLeft, comesBack };
}

/** Refunded to the buyer's wallet (Mexico), an order stays `paid` for ever and gets the tag `unfulfilled` (DOC:pagos). */
function isCancelledOrder(order: WireOrder): boolean {
  if (order.status === "cancelled" || order.status === "invalid") return true;
  return order.status === "paid" && hasTag(order, "unfulfilled");
}

const PAID = new Set(["paid", "partially_paid", "partially_refunded", "pending_cancel"]);

/**
 * `date_closed` is when MercadoLibre took the units off its own listing: from then on the sale is as good as paid. One that is
 * cancelled and held is as well, whatever it was before.
 */
function openStatus(order: WireOrder): OrderStatus {
  const isClosed = order.date_closed !== null && order.date_closed !== undefined;
  return PAID.has(order.status) || isClosed || isCancelledOrder(order) ? "paid" : "pending";
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
function linesOf({ order, shipment }: OrderView, storeId: string | null): LineReport[] {
  const seen = new Map<string, number>();
  return order.order_items.map((line) => {
    const listing = listingOf(line.item);
    const nth = (seen.get(listing) ?? 0) + 1;
    seen.set(listing, nth);
    const lineId = nth === 1 ? listing : `${listing}#${nth}`;
    const fulfilledBy = isSentElsewhere(line, storeId) ? "channel" : fulfilledByOf(shipment);
    return { lineId, listing, quantity: line.quantity, ...(fulfilledBy === null ? {} : { fulfilledBy }) };
  });
}

/** From a depot that is not the pool's: outside of it, as Full is. */
function isSentElsewhere({ stock }: WireOrder["order_items"][number], storeId: string | null): boolean {
  const depots = [stock ?? []].flat().flatMap(({ store_id: id }) => id ?? []);
  return storeId !== null && depots.length > 0 && !depots.includes(storeId);
}

/** `fulfillment` is Full: MercadoLibre's own warehouse, never our pool. */
function fulfilledByOf(shipment: OrderView["shipment"]): "seller" | "channel" | null {
  if (typeof shipment === "string") return null;
  const type = shipment.logistic?.type ?? shipment.logistic_type ?? null;
  if (type === null) return null;
  return type === "fulfillment" ? "channel" : "seller";
}

/** What a seller says who has nothing to send; `feedback_unavailable_product` was seen (PROBE), the others are its like. */
const NO_STOCK = /unavailable|out_of_stock|no_stock|without_stock/i;

/** `cancel_detail` is the only word on who and why: `status_detail` was null in 7 of 7 (PROBE). */
function cancelReasonOf({ cancel_detail: detail }: WireOrder): "no_stock" | "other" {
  return detail?.requested_by === "seller" && NO_STOCK.test(detail.code ?? "") ? "no_stock" : "other";
}

/** Whether other orders take over what this one sold. */
export function isSplit(order: WireOrder): boolean {
  return order.status === "cancelled" && order.cancel_detail?.code === "pack_splitted";
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
