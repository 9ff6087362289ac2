// What a screen makes of a listing's state: one of six marks, each with a word and a sign of its own.
import type { ListingView } from "../../../api/contract.ts";

/**
 * `asDesired`: shows what it should. `pushing`: the difference is on its way. `differs`: it shows something else, and
 * nothing is on its way. `silent`: the channel has not said what it shows, or cannot be reached. `notLive`: the
 * connection is in import or shadow mode. `none`: no connector pushes there.
 */
export type ListingMark = "asDesired" | "pushing" | "differs" | "silent" | "notLive" | "none";

const marks: Readonly<Record<ListingView["state"], ListingMark>> = {
  shown: "asDesired",
  pushing: "pushing",
  drift: "differs",
  refused: "differs",
  unseen_sale: "differs",
  failing: "silent",
  unread: "silent",
  import: "notLive",
  shadow: "notLive",
  unmanaged: "none",
};

/** Worst first: where one cell stands for several listings, the worst speaks. */
const WORST_FIRST: readonly ListingMark[] = ["differs", "silent", "pushing", "asDesired", "notLive", "none"];

export function listingMark({ state }: Pick<ListingView, "state">): ListingMark {
  // A state that only a newer server knows is not claimed to be in order.
  return marks[state] ?? "silent";
}

/** The listing that speaks for several, and its mark; null for none. */
export function worstListing(
  listings: readonly ListingView[],
): { readonly listing: ListingView; readonly mark: ListingMark } | null {
  let worst: { listing: ListingView; mark: ListingMark } | null = null;
  for (const listing of listings) {
    const mark = listingMark(listing);
    if (worst === null || WORST_FIRST.indexOf(mark) < WORST_FIRST.indexOf(worst.mark)) {
      worst = { listing, mark };
    }
  }
  return worst;
}

/** Whether any of the listings has this mark. */
export function anyMarked(listings: readonly ListingView[], mark: ListingMark): boolean {
  return listings.some((listing) => listingMark(listing) === mark);
}
