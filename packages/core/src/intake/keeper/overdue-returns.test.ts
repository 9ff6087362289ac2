import { expect, test } from "vitest";

import { LedgerStory, NOON } from "../../ledger/testing/ledger-story.ts";
import { overdueReturns } from "./overdue-returns.ts";

const DAY_MS = 24 * 3_600_000;

test("what is on its way back is overdue after so many days, until it came or was given up", () => {
  const story = LedgerStory.withSkus("A");
  story.receive("A", 10);
  const line = { lineId: "1", sku: "A", quantity: 3, shipped: 3, returning: 2 };
  story.order({ status: "shipped", updatedAt: NOON, lines: [line] });
  const overdue = (now: number): readonly object[] => {
    const order = story.state.order("web", "A-1");
    if (order === null) throw new Error("the order is there");
    return overdueReturns(order, { since: NOON, now, overdueDays: 30 });
  };
  expect(overdue(NOON + 30 * DAY_MS - 1)).toEqual([]);
  expect(overdue(NOON + 30 * DAY_MS)).toEqual([{ lineId: "1", sku: "A", units: 2 }]);
  const order = { channel: "web", orderId: "A-1", lineId: "1" };
  story.move("return", { sku: "A", location: "main", units: 1, externalId: "r-1", order });
  expect(overdue(NOON + 31 * DAY_MS)).toEqual([{ lineId: "1", sku: "A", units: 1 }]);
  story.move("return", { sku: "A", location: "main", units: 1, externalId: "r-2", order, lost: true });
  expect(overdue(NOON + 31 * DAY_MS)).toEqual([]);
});
