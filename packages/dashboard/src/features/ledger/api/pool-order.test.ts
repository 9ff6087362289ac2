import { describe, expect, it } from "vitest";

import { aListing, aPoolRow } from "../../../testing/a-row.ts";
import { keepOrder, orderRows, type PoolOrder } from "./pool-order.ts";

const rows = [
  aPoolRow("A-2", { title: "Knee brace M, black", available: 4 }),
  aPoolRow("A-10", { title: "Rodillera pequeña", available: -1 }),
  aPoolRow("B-1", { title: null, available: 4, listings: [aListing({ externalId: "MLM777" })] }),
];

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

describe("an order that is kept while rows change", () => {
  const byAvailable = order({ sortBy: "available" });
  const shown = orderRows(rows, byAvailable);
  const keep = (changed: typeof rows) => keepOrder(changed, { shown, known: rows.length }, byAvailable);
  const changed = (sku: string, available: number) =>
    rows.map((row) => (row.sku === sku ? { ...row, available } : row));

  it("is still right when no row would move", () => {
    expect(keep(changed("A-10", -2))).toEqual({ shown, outOfOrder: false });
  });

  it("leaves a row where it is that would move, and says so", () => {
    expect(keep(changed("B-1", -5))).toEqual({ shown, outOfOrder: true });
  });

  it("leaves a row where it is that would go, and says so", () => {
    const oversold = order({ passes: ({ available }) => available < 0 });
    const kept = keepOrder(changed("A-10", 3), { shown: orderRows(rows, oversold), known: 3 }, oversold);
    expect(kept).toEqual({ shown: [1], outOfOrder: true });
  });

  it("puts new rows last, whether that is their place or not", () => {
    const few = aPoolRow("C-1", { available: -9 });
    const many = aPoolRow("C-2", { available: 90 });
    expect(keep([...rows, many])).toEqual({ shown: [...shown, 3], outOfOrder: false });
    expect(keep([...rows, few])).toEqual({ shown: [...shown, 3], outOfOrder: true });
  });
});
