import { capability } from "@onepool/connectors/mercadolibre/capability.ts";
import { expect, test } from "vitest";

import type { ListingNow } from "../../ledger/read/listing-now.ts";
import { listingStatus } from "./listing-status.ts";

const NOW = 1_000_000;

function listing(changes: Partial<ListingNow>): ListingNow {
  const balances = [{ location: "main", kind: "warehouse", bucket: "sellable", units: 10 }] as const;
  return {
    connection: "meli",
    externalId: "MLM1",
    kind: "mercadolibre",
    mode: "live",
    settings: {},
    createdSeq: 1,
    updatedSeq: 1,
    pools: [{ sku: "A", units: 1, deployable: null, balances }],
    observed: 10,
    observedAt: NOW,
    observedUntil: NOW,
    confirmedAt: NOW,
    pushed: null,
    pushedSeq: null,
    pushedAt: null,
    overtakenUntil: null,
    ownSold: 0,
    reach: null,
    quota: null,
    heldBack: 0,
    expectedOversold: null,
    completeAt: NOW,
    oldestUnreadAt: null,
    attempts: 0,
    problem: null,
    openSales: [],
    ...changes,
  };
}

const refused = { code: "refused", message: "paused", quantity: 3, at: 0, seq: 1, times: 1 } as const;

test.each<[string, Partial<ListingNow>, string]>([
  ["shows what it should", {}, "shown"],
  ["shows something else", { observed: 9 }, "drift"],
  ["waits for the import of its orders", { observed: 9, completeAt: null }, "held"],
  ["was never read", { observed: null }, "unread"],
  ["has a write on its way", { pushed: 8 }, "pushing"],
  ["was refused", { pushed: 8, problem: refused }, "refused"],
  ["is read only", { mode: "import", observed: 3 }, "import"],
  ["is watched", { mode: "shadow" }, "shadow"],
])("a listing that %s", (_, changes, state) => {
  expect(listingStatus(listing(changes), capability, NOW).state).toBe(state);
});

test("a channel that no connector knows is the seller's own business", () => {
  expect(listingStatus(listing({}), null, NOW)).toMatchObject({ state: "unmanaged", desired: 10 });
});

test("orders that the channel will still take off are added to desired and are no exposure, until they are too old", () => {
  const openSales = [
    { units: 2, openedAt: NOW - 1 },
    { units: 1, openedAt: NOW - capability.ownOrderSettlesMs - 1 },
  ];
  expect(listingStatus(listing({ openSales, observed: 12 }), capability, NOW)).toMatchObject({
    desired: 12,
    exposure: 10,
    state: "shown",
  });
});

test("a quota cuts what it should show", () => {
  const { desired, steps } = listingStatus(listing({ quota: 3 }), capability, NOW);
  expect(desired).toBe(3);
  expect(steps.at(-1)).toEqual({ step: "quota", limit: 3, quantity: 3 });
});

test("a write on its way adds to what was shown before it, until the orders are complete past its reading", () => {
  expect(listingStatus(listing({ pushed: 4, observed: 6 }), capability, NOW).exposure).toBe(10);
  const written = { observed: 4, reach: 17, ownSold: 7 };
  expect(listingStatus(listing({ ...written, completeAt: NOW - 1 }), capability, NOW).exposure).toBe(10);
  expect(listingStatus(listing({ ...written, oldestUnreadAt: NOW }), capability, NOW).exposure).toBe(10);
  expect(listingStatus(listing(written), capability, NOW).exposure).toBe(4);
  expect(listingStatus(listing({ observed: null }), capability, NOW).exposure).toBeNull();
});

test("the channel's own limit is a step", () => {
  const balances = [{ location: "main", kind: "warehouse", bucket: "sellable", units: 1_000_000 }] as const;
  const { desired, steps } = listingStatus(
    listing({ pools: [{ sku: "A", units: 1, deployable: null, balances }] }),
    capability,
    NOW,
  );
  expect(desired).toBe(capability.quantityMax);
  expect(steps.at(-1)).toMatchObject({ step: "channel_max", quantity: capability.quantityMax });
});
