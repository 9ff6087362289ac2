import { describe, expect, it } from "vitest";

import type { ListingView } from "../../../api/contract.ts";
import { aListing } from "../../../testing/a-row.ts";
import {
  anyMarked,
  listingMark,
  PASSING_MS,
  shouldHavePassed,
  worstListing,
  type ListingMark,
} from "./listing-mark.ts";

const expected: Record<ListingView["state"], ListingMark> = {
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

it.each(Object.entries(expected))("marks a listing that is %s as %s", (state, mark) => {
  expect(listingMark({ state: state as ListingView["state"] })).toBe(mark);
});

it("does not claim to be in order what a newer server calls by a word of its own", () => {
  expect(listingMark({ state: "brake" as ListingView["state"] })).toBe("silent");
});

describe("a difference", () => {
  const fresh = { state: "drift", stateSince: 1_000, readAt: 1_000 + PASSING_MS - 1 } as const;
  const lasting = { ...fresh, readAt: 1_000 + PASSING_MS };

  it("that is fresh is about to be put right", () => {
    expect(listingMark(fresh)).toBe("pushing");
    expect(listingMark({ ...fresh, state: "unseen_sale" })).toBe("pushing");
  });

  it("that lasts is one", () => {
    expect(listingMark(lasting)).toBe("differs");
  });

  it("that the channel refused to mend is one at once", () => {
    expect(listingMark({ ...fresh, state: "refused" })).toBe("differs");
  });

  it("is to be read again once it should have passed, and no sooner", () => {
    expect(shouldHavePassed(fresh, 1_000 + PASSING_MS - 1)).toBe(false);
    expect(shouldHavePassed(fresh, 1_000 + PASSING_MS)).toBe(true);
    expect(shouldHavePassed(lasting, 9_000_000)).toBe(false);
    expect(shouldHavePassed({ ...fresh, state: "shown" }, 9_000_000)).toBe(false);
  });
});

describe("several listings in one cell", () => {
  const shown = aListing({ externalId: "1" });
  const pushing = aListing({ externalId: "2", state: "pushing" });
  const drift = aListing({ externalId: "3", state: "drift" });

  it("are spoken for by the worst", () => {
    expect(worstListing([shown, pushing])?.listing).toBe(pushing);
    expect(worstListing([pushing, drift, shown])).toEqual({ listing: drift, mark: "differs" });
  });

  it("are spoken for by the first of equals", () => {
    expect(worstListing([shown, aListing({ externalId: "9" })])?.listing).toBe(shown);
  });

  it("may be none", () => {
    expect(worstListing([])).toBeNull();
  });

  it("are found by a mark that any of them has", () => {
    expect(anyMarked([shown, drift], "differs")).toBe(true);
    expect(anyMarked([shown, drift], "pushing")).toBe(false);
  });
});
