import { describe, expect, it } from "vitest";

import { aListing, aSku } from "../../../testing/a-row.ts";
import { isOutOfOrder, orderRows, type PoolOrder } from "./pool-order.ts";

const rows = [
  aSku("A-2", { title: "Knee brace M, black", available: 4 }),
  aSku("A-10", { title: "Rodillera pequeña", available: -1 }),
  aSku("B-1", { title: null, available: 4, listings: [aListing({ externalId: "MLM777" })] }),
].map((row) => ({ ...row, seq: 1 }));

const order = (differences: Partial<PoolOrder> = {}): PoolOrder => ({
  sortBy: "sku",
  descending: false,
  search: "",
  passes: () => true,
  ...differences,
});
const shown = (differences?: Partial<PoolOrder>) =>
  orderRows(rows, order(differences)).map((position) => rows[position]?.sku);

describe("sorting", () => {
  it("puts codes as people count: A-2 before A-10", () => {
    expect(shown()).toEqual(["A-2", "A-10", "B-1"]);
    expect(shown({ descending: true })).toEqual(["B-1", "A-10", "A-2"]);
  });

  it("by a number keeps equal ones in the order they were loaded", () => {
    expect(shown({ sortBy: "available" })).toEqual(["A-10", "A-2", "B-1"]);
    expect(shown({ sortBy: "available", descending: true })).toEqual(["A-2", "B-1", "A-10"]);
  });
});

describe("searching", () => {
  it.each([
    ["brace", ["A-2"]],
    ["BLACK knee", ["A-2"]],
    ["pequena", ["A-10"]],
    ["PEQUEÑA rodi", ["A-10"]],
    ["mlm777", ["B-1"]],
    ["a-1", ["A-10"]],
    ["brace nothing", []],
    ["   ", ["A-2", "A-10", "B-1"]],
  ])("%j finds %j", (search, found) => {
    expect(shown({ search })).toEqual(found);
  });

  it("finds a SKU by its new title once it was renamed", () => {
    const renamed = rows.slice(0, 1).map((row) => ({ ...row, title: "Ankle support" }));
    expect(orderRows(renamed, order({ search: "ankle" }))).toEqual([0]);
    expect(orderRows(renamed, order({ search: "brace" }))).toEqual([]);
  });
});

it("narrows down to the rows that pass", () => {
  expect(shown({ passes: ({ available }) => available < 0 })).toEqual(["A-10"]);
});

describe("an order that was kept while numbers changed", () => {
  const byAvailable = order({ sortBy: "available" });
  const kept = orderRows(rows, byAvailable);

  it("is still right when no row would move", () => {
    const changed = rows.map((row) => (row.sku === "A-10" ? { ...row, available: -2 } : row));
    expect(isOutOfOrder(changed, kept, byAvailable)).toBe(false);
  });

  it("is out of order when a row would move", () => {
    const changed = rows.map((row) => (row.sku === "B-1" ? { ...row, available: -5 } : row));
    expect(isOutOfOrder(changed, kept, byAvailable)).toBe(true);
  });

  it("is out of order when a row would leave", () => {
    const oversold = order({ passes: ({ available }) => available < 0 });
    const changed = rows.map((row) => (row.sku === "A-10" ? { ...row, available: 3 } : row));
    expect(isOutOfOrder(changed, orderRows(rows, oversold), oversold)).toBe(true);
  });
});
