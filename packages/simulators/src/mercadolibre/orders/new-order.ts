import { keyOf, type Offer, stockOf } from "../items/item.ts";
import { siteOf } from "../seller.ts";
import { sourceOf } from "../user-products/locations.ts";
import type { World } from "../world.ts";
import type { Order } from "./order.ts";
import type { Pack } from "./pack.ts";

/** ASSUMED: how far `date_last_updated` of the search runs behind. Captured: the two differ. */
const SEARCH_LAG_MS = 2_000;
/** ASSUMED: four weeks. */
const ORDER_LIFE_MS = 28 * 86_400_000;

/** Who buys. */
export interface Buyer {
  id: number;
  nickname: string;
}

/** What a buyer wants, and how they pay. */
export interface Purchase {
  offer: Offer;
  quantity: number;
  pay: boolean;
  /** What an order that is not paid at once waits for. */
  waitsAs?: "payment_required" | "payment_in_process" | undefined;
  buyer?: Buyer | undefined;
  pack?: Pack | undefined;
  closingGapMs?: number | undefined;
}

function buyerFor(world: World, buyer: Buyer | undefined): Buyer {
  if (buyer !== undefined) return buyer;
  const id = world.ids.next("buyer");
  return { id, nickname: `BUYER${id}` };
}

/** How the thing that is bought is called, at the moment of the sale. */
function namesOf({
  item,
  variation,
}: Offer): Pick<Order, "title" | "sellerSku" | "sellerCustomField" | "userProductId"> {
  const { sellerSku, sellerCustomField, userProductId } = variation ?? item;
  return {
    title: item.title,
    sellerSku: sellerSku ?? item.sellerSku,
    sellerCustomField: sellerCustomField ?? item.sellerCustomField,
    userProductId,
  };
}

/** An order as it begins: not paid, and nothing taken from any stock. */
export function newOrder(world: World, { offer, quantity, pay, waitsAs, buyer, pack }: Purchase): Order {
  const { item } = offer;
  const { shared } = stockOf(offer);
  const now = world.clock.now();
  const id = world.ids.next("order");
  return {
    id,
    account: item.account,
    key: keyOf(offer),
    ...namesOf(offer),
    quantity,
    source: shared === null ? null : sourceOf(shared, offer, quantity),
    unitPrice: item.price,
    currency: siteOf(item.siteId).currency,
    status: pay ? "confirmed" : (waitsAs ?? "payment_required"),
    createdAt: now,
    expiresAt: now + ORDER_LIFE_MS,
    closedAt: null,
    lastUpdatedAt: now,
    searchLagMs: world.random.between(`lag|${id}`, 0, SEARCH_LAG_MS),
    cancelDetail: null,
    tags: [
      "not_paid",
      "not_delivered",
      ...(item.catalogListing ? ["catalog"] : []),
      ...(pack === undefined ? [] : ["pack_order"]),
    ],
    buyer: buyerFor(world, buyer),
    payment: { id: world.ids.next("payment"), status: "pending", tags: [], refundedUnits: 0 },
    packId: pack?.id ?? null,
    shipmentId: null,
    claimId: null,
    fulfilled: false,
    feedback: null,
  };
}
