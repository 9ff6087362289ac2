// A buyer's request to cancel: alarmed, stops the parcel, releases nothing.
import { describe, expect, test } from "vitest";

import { LedgerStory, NOON } from "./testing/ledger-story.ts";

const lines = [{ lineId: "1", sku: "KB-M", quantity: 3 }];

function stocked(): LedgerStory {
  const story = LedgerStory.withSkus("KB-M");
  story.receive("KB-M", 10);
  return story;
}

const figures = (story: LedgerStory) => {
  const { available, committed, reserved } = story.pool("KB-M");
  return { available, committed, reserved };
};
const order = (story: LedgerStory) => story.state.order("web", "A-1");
const alarm = (story: LedgerStory) => story.state.openAlert("cancel_requested", "web/A-1/");

describe("a buyer's request to cancel", () => {
  test("keeps the claim, marks the order and alarms with the entry that says so", () => {
    const story = stocked();
    story.order({ status: "paid", updatedAt: 1, lines });
    expect(alarm(story)).toBeNull();
    story.order({ status: "paid", updatedAt: 2, doNotShip: true, cancelRequested: true, lines });
    expect(figures(story)).toEqual({ available: 7, committed: 3, reserved: 0 });
    expect(order(story)).toMatchObject({ status: "paid", doNotShip: true, cancelRequested: true });
    expect(alarm(story)).toMatchObject({ severity: "warning", sku: "KB-M", units: 3, orderId: "A-1" });
    expect(story.entries.at(-1)?.entry.changes).toContainEqual(
      expect.objectContaining({ table: "alert", change: "open" }),
    );
  });

  test.each(["paid", "pending"] as const)("alarms an order seen with it at first, %s", (status) => {
    const story = stocked();
    story.order({ status, cancelRequested: true, lines });
    expect(alarm(story)).toMatchObject({ units: 3 });
    expect(figures(story).available).toBe(7);
  });

  test.each([
    ["cancelled", 10],
    ["shipped", 7],
  ] as const)("is settled once the order is %s", (status, available) => {
    const story = stocked();
    story.order({ status: "paid", updatedAt: 1, cancelRequested: true, lines });
    story.order({ status, updatedAt: 2, lines });
    expect(alarm(story)).toBeNull();
    expect(order(story)).toMatchObject({ status, cancelRequested: true });
    expect(figures(story).available).toBe(available);
  });

  test.each(["cancelled", "shipped"] as const)(
    "that comes late is remembered and not alarmed: %s",
    (status) => {
      const story = stocked();
      story.order({ status, updatedAt: 2, lines });
      story.order({ status: "paid", cancelRequested: true, lines });
      expect(order(story)).toMatchObject({ status, cancelRequested: true });
      expect(alarm(story)).toBeNull();
    },
  );

  test("stays said, and is alarmed once, however often it is told", () => {
    const story = stocked();
    const asked = { status: "paid", cancelRequested: true, lines } as const;
    story.order({ ...asked, updatedAt: 2 });
    const told = story.entries.length;
    story.order({ ...asked, updatedAt: 2 });
    expect(story.entries).toHaveLength(told);
    story.order({ status: "paid", updatedAt: 3, lines });
    expect(order(story)).toMatchObject({ cancelRequested: true });
    const opened = story.entries.flatMap(({ entry }) =>
      entry.changes.filter(({ table }) => table === "alert"),
    );
    expect(opened).toHaveLength(1);
  });

  test("stops the parcel by an untimed word; only a newer state lets it go", () => {
    const story = stocked();
    story.order({ status: "paid", updatedAt: 5, lines });
    story.order({ status: "paid", doNotShip: true, cancelRequested: true, lines });
    expect(order(story)).toMatchObject({ doNotShip: true, cancelRequested: true });
    story.order({ status: "paid", updatedAt: 4, doNotShip: false, lines });
    expect(order(story)).toMatchObject({ doNotShip: true });
    story.order({ status: "paid", updatedAt: 6, doNotShip: false, lines });
    expect(order(story)).toMatchObject({ doNotShip: false, cancelRequested: true });
  });
});

describe("an untimed word of a shipment", () => {
  const since = NOON - 1_000;
  const connected = (): LedgerStory => {
    const story = stocked();
    story.tell({ kind: "put_connection", code: "web", connectionKind: "api", mode: "live", since });
    return story;
  };

  test("from before the cut-over moves nothing, whatever is heard of it later", () => {
    const story = connected();
    story.order({ status: "shipped", closedAt: since - 1, lines });
    expect(story.pool("KB-M")).toMatchObject({ onHand: 10, available: 10 });
    story.order({ status: "shipped", closedAt: since - 1, updatedAt: since + 5, lines });
    expect(story.pool("KB-M")).toMatchObject({ onHand: 10, available: 10 });
  });

  test("from after it takes the units, once", () => {
    const story = connected();
    story.order({ status: "shipped", closedAt: since + 1, lines });
    story.order({ status: "shipped", closedAt: since + 1, updatedAt: since + 5, lines });
    expect(story.pool("KB-M")).toMatchObject({ onHand: 7, available: 7 });
  });
});
