import type { ShownCause } from "../../truth/truth.ts";
import { sellerOf, type World } from "../world.ts";
import { keyOf, type Listing, MERCHANT_CHANNEL, shownOf, statusOf } from "./listing.ts";

interface Cause {
  cause: ShownCause;
  /** The number the seller asked for. */
  quantity?: number;
  /** When the seller asked. */
  requestedAt?: number;
}

/** A channel of a listing. */
interface Shelf {
  listing: Listing;
  channelCode: string;
}

/** Tells the truth what buyers can take from this channel now. */
function recordShown(world: World, { listing, channelCode }: Shelf, cause: Cause): void {
  world.truth.shown({ key: keyOf(listing, channelCode), shows: shownOf(listing, channelCode), ...cause });
}

function tellStatus(world: World, listing: Listing, before: string): void {
  const status = statusOf(listing);
  if (status.join() === before) return;
  const seller = sellerOf(world, listing.account);
  world.news.listingStatusChanged({ seller, listing, status, at: world.clock.now() });
}

/** Amazon counted its own stock of this SKU anew. */
export function tellFbaStock(world: World, listing: Listing): void {
  if (listing.fba === null) return;
  const at = world.clock.now();
  listing.fba.lastUpdatedAt = at;
  world.news.fbaStockChanged({ seller: sellerOf(world, listing.account), listing, at });
}

/** Sets the live availability of one channel and tells everybody; null takes the channel off the listing. */
export function setLive(world: World, shelf: Shelf, quantity: number | null, cause: Cause): void {
  const { listing, channelCode } = shelf;
  const before = listing.channels.get(channelCode);
  const statusBefore = statusOf(listing).join();
  if (quantity === null) listing.channels.delete(channelCode);
  else listing.channels.set(channelCode, Math.max(0, quantity));
  const at = world.clock.now();
  listing.lastUpdatedAt = at;
  recordShown(world, shelf, cause);
  if (channelCode !== MERCHANT_CHANNEL) tellFbaStock(world, listing);
  const now = listing.channels.get(channelCode);
  if (now !== before && channelCode === MERCHANT_CHANNEL) {
    const seller = sellerOf(world, listing.account);
    world.news.quantityChanged({ seller, listing, channelCode, quantity: now ?? 0, at });
  }
  tellStatus(world, listing, statusBefore);
}

/** Adds units to the live availability of one channel, or takes them off; never below 0. */
export function moveLive(world: World, shelf: Shelf, units: number, cause: Cause): void {
  setLive(world, shelf, (shelf.listing.channels.get(shelf.channelCode) ?? 0) + units, cause);
}

/** Amazon takes a listing off the shelf, or puts it back. */
export function setSuppressed(world: World, listing: Listing, suppressed: boolean, cause: Cause): void {
  const statusBefore = statusOf(listing).join();
  listing.suppressed = suppressed;
  listing.lastUpdatedAt = world.clock.now();
  for (const channelCode of listing.channels.keys()) recordShown(world, { listing, channelCode }, cause);
  tellStatus(world, listing, statusBefore);
}
