import type { RefusalReason } from "../../truth/truth.ts";
import { keyOf, type Offer, shownOf } from "../items/item.ts";
import type { World } from "../world.ts";
import type { Buyer } from "./new-order.ts";
import { acceptOrder, refusalOf, refuse } from "./order-desk.ts";
import type { Order } from "./order.ts";
import type { Pack } from "./pack.ts";

interface CartLine {
  offer: Offer;
  quantity: number;
}

interface Cart {
  lines: CartLine[];
  pay: boolean;
  buyer?: string | undefined;
  closingGapMs?: number | undefined;
}

type CartOutcome =
  | { accepted: true; packs: Pack[]; orders: Order[] }
  | { accepted: false; line: CartLine; reason: RefusalReason; availableQuantity: number };

/** A new pack without orders. */
export function openPack(world: World, account: string, buyerId: number): Pack {
  const now = world.clock.now();
  const pack: Pack = {
    id: world.ids.next("pack"),
    account,
    orderIds: [],
    buyerId,
    shipmentId: null,
    isSplit: false,
    createdAt: now,
    lastUpdatedAt: now,
  };
  world.packs.set(pack.id, pack);
  return pack;
}

/** Units that the lines before this one take from the same offer: they are not for this one. */
function takenBefore(lines: readonly CartLine[], index: number): number {
  const offer = lines[index]?.offer;
  return lines
    .slice(0, index)
    .filter(({ offer: other }) => other.item === offer?.item && other.variation === offer.variation)
    .reduce((total, { quantity }) => total + quantity, 0);
}

/**
 * A buyer tries to buy a cart: all of it or nothing (ASSUMED). Things that travel differently become packs of their
 * own (ASSUMED), and so do things of different sellers.
 */
export function placeCart(world: World, { lines, pay, buyer, closingGapMs }: Cart): CartOutcome {
  for (const [index, line] of lines.entries()) {
    const reason = refusalOf({ ...line, quantity: line.quantity + takenBefore(lines, index) });
    if (reason === undefined) continue;
    refuse(world, line, reason);
    return { accepted: false, line, reason, availableQuantity: shownOf(line.offer) };
  }
  const id = world.ids.next("buyer");
  const who: Buyer = { id, nickname: buyer ?? `BUYER${id}` };
  const packs = new Map<string, Pack>();
  const gapMs =
    closingGapMs ?? world.random.between(`cartGap|${id}`, ...rangeOf(world.settings.orderClosingGapMs));
  const orders = lines.map((line) => {
    const key = `${keyOf(line.offer).account}|${line.offer.item.logisticType}`;
    const pack = packs.get(key) ?? openPack(world, line.offer.item.account, id);
    packs.set(key, pack);
    return acceptOrder(world, { ...line, pay, buyer: who, pack, closingGapMs: gapMs }).order;
  });
  return { accepted: true, packs: [...packs.values()], orders };
}

function rangeOf({ min, max }: { min: number; max: number }): [number, number] {
  return [Math.round(min), Math.round(max)];
}
