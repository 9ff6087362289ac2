// What a screen makes of a listing's state: one of six marks, each with a word and a sign of its own.
import type { ListingView } from "../../../api/contract.ts";

/**
 * `asDesired`: shows what it should. `pushing`: the difference is on its way, or is about to be. `differs`: it shows
 * something else, and that lasts. `silent`: the channel has not said what it shows, or cannot be reached. `notLive`:
 * the connection is in import or shadow mode. `none`: no connector pushes there.
 */
export type ListingMark = "asDesired" | "pushing" | "differs" | "silent" | "notLive" | "none";

const marks: Readonly<Record<ListingView["state"], ListingMark>> = {
  shown: "asDesired",
  pushing: "pushing",
  drift: "differs",
  refused: "differs",
  unseen_sale: "differs",
  held: "differs",
  failing: "silent",
  unread: "silent",
  import: "notLive",
  shadow: "notLive",
  unmanaged: "none",
};

/**
 * After every sale a listing shows too much for a moment, until its push is sent or the channel's own order is heard.
 * Only what lasts longer than this, in milliseconds, is worth a colour.
 */
export const PASSING_MS = 10_000;

/** A listing's state and, where it is known, when it was read and since when it was so. */
export interface TimedState extends Pick<ListingView, "state"> {
  readonly readAt?: number;
  readonly stateSince?: number;
}

/** Worst first: where one cell stands for several listings, the worst speaks. */
const WORST_FIRST: readonly ListingMark[] = ["differs", "silent", "pushing", "asDesired", "notLive", "none"];

export function listingMark(listing: TimedState): ListingMark {
  if (isPassing(listing)) return "pushing";
  // A state that only a newer server knows is not claimed to be in order.
  return marks[listing.state] ?? "silent";
}

/** Whether a difference is so fresh that it will pass by itself. */
export function isPassing({ state, readAt, stateSince }: TimedState): boolean {
  if (readAt === undefined || stateSince === undefined) return false;
  return (state === "drift" || state === "unseen_sale") && readAt - stateSince < PASSING_MS;
}

/** Whether a difference that was fresh when it was read should have passed by now: it is to be read again. */
export function shouldHavePassed(
  listing: TimedState & { readonly stateSince: number },
  now: number,
): boolean {
  return isPassing(listing) && now - listing.stateSince >= PASSING_MS;
}

/** The listing that speaks for several, and its mark; null for none. */
export function worstListing<Listing extends TimedState>(
  listings: readonly Listing[],
): { readonly listing: Listing; readonly mark: ListingMark } | null {
  let worst: { listing: Listing; mark: ListingMark } | null = null;
  for (const listing of listings) {
    const mark = listingMark(listing);
    if (worst === null || WORST_FIRST.indexOf(mark) < WORST_FIRST.indexOf(worst.mark)) {
      worst = { listing, mark };
    }
  }
  return worst;
}

/** Whether any of the listings has this mark. */
export function anyMarked(listings: readonly TimedState[], mark: ListingMark): boolean {
  return listings.some((listing) => listingMark(listing) === mark);
}
