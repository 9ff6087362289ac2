import { z } from "zod";

import { standardError, type VendorAnswer } from "../vendor/vendor-answer.ts";
import type { World } from "../world.ts";
import { statusAfterStock } from "./item-status.ts";
import { availableOf, type Item, type Offer } from "./item.ts";
import { announceItem, changeStock } from "./stock-change.ts";
import { recordListed, replaceOffer, successorOf, successorOfVariation } from "./successor.ts";

const quantity = z.number().int().min(0).max(99_999);

const relistSchema = z.object({
  price: z.number().positive().optional(),
  quantity: quantity.optional(),
  listing_type_id: z.string().optional(),
  variations: z.array(z.object({ id: z.number(), quantity, price: z.number().optional() })).optional(),
});

/** Documented rules; the words are ASSUMED. */
const refused = (message: string): VendorAnswer => standardError(400, "validation_error", message);

/** Documented: once only. */
const relisted = new WeakSet<Item>();

type Relist = z.infer<typeof relistSchema>;

function sell(world: World, old: Offer, next: Offer, units: number): void {
  replaceOffer(world, old, next);
  changeStock(world, next, { to: units }, { cause: "listed", quantity: units });
}

function sellAgain(world: World, old: Item, item: Item, { quantity: units, variations = [] }: Relist): void {
  if (old.variations.length === 0) {
    const next = { item, variation: null };
    return sell(world, { item: old, variation: null }, next, units ?? old.initialQuantity);
  }
  for (const variation of old.variations) {
    const asked = variations.find(({ id }) => id === variation.id);
    // Those that are not named stay behind.
    if (asked === undefined) continue;
    const next = { item, variation: successorOfVariation(world, variation) };
    item.variations.push(next.variation);
    sell(world, { item: old, variation }, next, asked.quantity);
  }
}

/**
 * A closed item comes back as a new one, with a new id and new ids for its variations. It sells the same user products
 * (ASSUMED).
 */
export function relistItem(world: World, old: Item, body: unknown): Item | VendorAnswer {
  const parsed = relistSchema.safeParse(body ?? {});
  if (!parsed.success) return refused(parsed.error.issues[0]?.message ?? "invalid body");
  if (old.status !== "closed") return refused("Only closed items can be relisted");
  if (relisted.has(old)) return refused("The item was relisted before");
  const { price, listing_type_id: listingType, variations } = parsed.data;
  relisted.add(old);
  const item = successorOf(world, old, {
    parentItemId: old.id,
    price: price ?? variations?.[0]?.price ?? old.price,
    listingType: listingType ?? old.listingType,
  });
  sellAgain(world, old, item, parsed.data);
  item.initialQuantity = availableOf(item);
  Object.assign(item, statusAfterStock(item));
  recordListed(world, item);
  announceItem(world, old);
  announceItem(world, item);
  return item;
}
