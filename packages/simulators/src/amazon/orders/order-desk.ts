import type { RefusalReason } from "../../truth/truth.ts";
import { keyOf, type Listing, MERCHANT_CHANNEL, shownOf } from "../listings/listing.ts";
import { moveLive } from "../listings/stock-change.ts";
import { marketplaceOf } from "../marketplaces.ts";
import type { World } from "../world.ts";
import { recordOrder, tellOrder } from "./order-change.ts";
import { type Order, type OrderItem, truthIdOf } from "./order.ts";

const DAY_MS = 86_400_000;

interface PurchaseLine {
  listing: Listing;
  /** The channel its units come off. */
  channelCode: string;
  quantity: number;
}

/** One buyer's cart at one seller's, in one store, shipped by one party. */
export interface Purchase {
  lines: [PurchaseLine, ...PurchaseLine[]];
  /** Left unpaid, an order stays Pending. */
  pay: boolean;
  /** Of something that is not out yet: PendingAvailability until it is paid. */
  preorder: boolean;
  channelName: Order["channelName"];
  replaces: Order["replaces"];
  closingGapMs?: number | undefined;
}

export type PurchaseOutcome =
  | { accepted: true; order: Order; closesAt: number | null }
  | { accepted: false; reason: RefusalReason; line: PurchaseLine };

function unitsLeft(line: PurchaseLine, lines: readonly PurchaseLine[]): number {
  const others = lines.filter(
    (other) => other !== line && other.listing === line.listing && other.channelCode === line.channelCode,
  );
  const taken = others.reduce((total, { quantity }) => total + quantity, 0);
  return shownOf(line.listing, line.channelCode) - taken;
}

/** The marketplace's own rule: it sells what its own number says, and knows nothing of any other channel. */
function refusalOf({ lines }: Purchase): { reason: RefusalReason; line: PurchaseLine } | undefined {
  const suppressed = lines.find(({ listing }) => listing.suppressed);
  if (suppressed !== undefined) return { reason: "not_active", line: suppressed };
  const short = lines.find((line) => unitsLeft(line, lines) < line.quantity);
  return short === undefined ? undefined : { reason: "out_of_stock", line: short };
}

/** A buyer tries to buy. The units come off the listing at once, while the order is still Pending. */
export function placeOrder(world: World, purchase: Purchase): PurchaseOutcome {
  const refusal = refusalOf(purchase);
  if (refusal !== undefined) {
    const { listing, channelCode, quantity } = refusal.line;
    world.truth.refused(keyOf(listing, channelCode), quantity, refusal.reason);
    return { accepted: false, ...refusal };
  }
  const order = newOrder(world, purchase);
  recordOrder(world, order);
  for (const [index, line] of purchase.lines.entries()) {
    const item = order.items[index];
    if (item === undefined) throw new Error(`${order.id} has no item ${index}`);
    world.truth.accepted(item.key, item.quantity, truthIdOf(order, item));
    takeUnits(world, line);
  }
  tellOrder(world, order, "Order Placed");
  const paid = purchase.pay && !purchase.preorder;
  return { accepted: true, order, closesAt: paid ? startPayment(world, order, purchase.closingGapMs) : null };
}

function takeUnits(world: World, { listing, channelCode, quantity }: PurchaseLine): void {
  if (channelCode !== MERCHANT_CHANNEL && listing.fba !== null) {
    listing.fba.reserved.pendingCustomerOrder += quantity;
  }
  moveLive(world, { listing, channelCode }, -quantity, { cause: "sold" });
}

/** Seconds for most orders, up to half an hour for some: the cube of an even draw puts the weight near `min`. */
function drawGapMs(world: World, orderId: string): number {
  const { min, max } = world.settings.orderClosingGapMs;
  return Math.round(min + world.random.uniform(`gap|${orderId}`) ** 3 * (max - min));
}

/** Lets an order go through its checks; the caller has made sure that it waits for them. */
export function startPayment(world: World, order: Order, closingGapMs?: number): number {
  const gapMs = closingGapMs ?? drawGapMs(world, order.id);
  if (order.status === "PENDING_AVAILABILITY") {
    order.status = "PENDING";
    recordOrder(world, order);
    tellOrder(world, order, "Item Available");
  }
  const confirm = (): void => {
    if (order.status !== "PENDING") return;
    order.status = "UNSHIPPED";
    recordOrder(world, order);
    tellOrder(world, order, "Payment Verified");
  };
  if (gapMs === 0) confirm();
  else world.clock.schedule(gapMs, confirm);
  return world.clock.now() + gapMs;
}

function newOrder(world: World, { lines, channelName, replaces, preorder }: Purchase): Order {
  const [{ listing, channelCode }] = lines;
  const now = world.clock.now();
  const id = world.ids.next("order");
  return {
    id,
    account: listing.account,
    marketplaceId: listing.marketplaceId,
    channelName,
    currencyCode: marketplaceOf(listing.marketplaceId).currencyCode,
    fulfilledBy: channelCode === MERCHANT_CHANNEL ? "MERCHANT" : "AMAZON",
    status: preorder ? "PENDING_AVAILABILITY" : "PENDING",
    items: lines.map((line) => newItem(world, line, replaces === null)),
    replaces,
    createdAt: now,
    lastUpdatedAt: now,
    shipBy: now + 2 * DAY_MS,
    deliverBy: now + 7 * DAY_MS,
    postalCode: String(world.random.between(`postal|${id}`, 10_000, 99_950)),
    packages: [],
    returned: "none",
  };
}

function newItem(
  world: World,
  { listing, channelCode, quantity }: PurchaseLine,
  charged: boolean,
): OrderItem {
  return {
    orderItemId: world.ids.next("orderItem"),
    key: keyOf(listing, channelCode),
    sellerSku: listing.sku,
    asin: listing.asin,
    title: listing.title,
    channelCode,
    quantity,
    shipped: 0,
    // What replaces another is not charged again.
    unitPrice: charged ? listing.price : 0,
    cancelRequest: null,
    cancellation: null,
  };
}
