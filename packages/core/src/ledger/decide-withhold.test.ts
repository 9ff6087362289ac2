import { beforeEach, describe, expect, it } from "vitest";

import type { Reserve } from "./command.ts";
import { LedgerStory } from "./testing/ledger-story.ts";

let story: LedgerStory;

beforeEach(() => {
  story = LedgerStory.withSkus("A", "B");
  story.receive("A", 5);
  story.receive("B", 5);
});

const withhold = (units: number, was = 0, as: "fact" | "request" = "request") =>
  story.tell({ kind: "withhold", sku: "A", units, was, as });

function reserve(units: number, reservationId: string, sku = "A") {
  const command: Reserve = { kind: "reserve", reservationId, lines: [{ sku, units }], ttlSeconds: 60 };
  return story.tell(command);
}

describe("withheld units", () => {
  it("[I5] are given to no reservation, and the refusal says what could be had", () => {
    expect(withhold(3)).toMatchObject({ ok: true, entries: [{ kind: "withheld", legs: [] }] });
    expect(reserve(3, "R-1")).toMatchObject({
      ok: false,
      rejection: {
        code: "insufficient_stock",
        message:
          "3 of A were asked for and 2 are available beside 3 that buyers may still take elsewhere: ask for less, or wait for stock.",
        detail: { lines: [{ sku: "A", requested: 3, available: 2 }] },
      },
    });
    expect(reserve(2, "R-1").ok).toBe(true);
    expect(reserve(1, "R-2").ok).toBe(false);
    expect(reserve(5, "R-3", "B").ok).toBe(true);
  });

  it("[I5] do not leave the pool with a transfer either", () => {
    story.tell({ kind: "put_location", code: "fba", locationKind: "channel" });
    withhold(3);
    const transfer = (units: number) =>
      story.move("transfer", {
        sku: "A",
        location: "main",
        toLocation: "fba",
        units,
        externalId: `to-fba-${units}`,
      });
    expect(transfer(3)).toMatchObject({ ok: false, rejection: { code: "insufficient_units" } });
    expect(transfer(2).ok).toBe(true);
  });

  it("[I7] are no more than there is: a raise is refused when a reservation was faster", () => {
    expect(withhold(2).ok).toBe(true);
    expect(reserve(2, "R-1").ok).toBe(true);
    expect(withhold(4, 2)).toMatchObject({
      ok: false,
      rejection: {
        code: "insufficient_stock",
        detail: { lines: [{ sku: "A", requested: 4, available: 3 }] },
      },
    });
    expect(withhold(3, 2).ok).toBe(true);
    expect(story.state.withheld("A")?.units).toBe(3);
  });

  it("[I7] may be more than there is where buyers may take them already, and then a receipt is theirs", () => {
    expect(withhold(8, 0, "fact").ok).toBe(true);
    expect(reserve(1, "R-1")).toMatchObject({
      rejection: {
        message:
          "1 of A were asked for and 0 are available beside 5 that buyers may still take elsewhere: ask for less, or wait for stock.",
      },
    });
    story.receive("A", 4);
    expect(reserve(2, "R-1").ok).toBe(false);
    expect(reserve(1, "R-1").ok).toBe(true);
    expect(withhold(9, 8).ok).toBe(false);
  });

  it("stay where a lower number was reckoned from what is overtaken, and go with the right one", () => {
    withhold(2);
    const raised = story.entries.length + 1;
    withhold(4, 2);
    expect(withhold(1, 2)).toEqual({ ok: true, seq: raised, answer: {} });
    expect(story.state.withheld("A")?.units).toBe(4);
    withhold(0, 4);
    expect(story.state.withheld("A")).toBeNull();
    expect(reserve(5, "R-1").ok).toBe(true);
  });

  it("do not stand in the way of what happened outside, nor of an order that takes its hold over", () => {
    reserve(2, "R-1");
    withhold(3);
    expect(
      story.order({
        status: "paid",
        reservationId: "R-1",
        lines: [{ lineId: "1", sku: "A", quantity: 2 }],
      }).ok,
    ).toBe(true);
    expect(story.pool("A")).toMatchObject({ available: 3, reserved: 0, committed: 2 });
    expect(
      story.order({ orderId: "A-2", status: "paid", lines: [{ lineId: "1", sku: "A", quantity: 3 }] }).ok,
    ).toBe(true);
    expect(story.pool("A").available).toBe(0);
    // Sold elsewhere: it is lowered once that is seen, whatever is available by then.
    expect(withhold(1, 3).ok).toBe(true);
  });

  it("are no entry when nothing changes", () => {
    withhold(3);
    const { length } = story.entries;
    expect(withhold(3, 1)).toEqual({ ok: true, seq: length, answer: {} });
    expect(story.tell({ kind: "withhold", sku: "B", units: 0, was: 0, as: "fact" }).ok).toBe(true);
    expect(story.tell({ kind: "withhold", sku: "X", units: 1, was: 0, as: "fact" })).toMatchObject({
      ok: false,
      rejection: { code: "unknown_sku" },
    });
    expect(story.entries).toHaveLength(length);
  });
});
