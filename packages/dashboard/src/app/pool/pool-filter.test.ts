import { expect, it } from "vitest";

import { aListing, aPoolRow } from "../../testing/a-row.ts";
import { countFilters, filterRows, POOL_FILTERS } from "./pool-filter.ts";

const rows = [
  aPoolRow("A", { available: -2, listings: [aListing({ state: "pushing" })] }),
  aPoolRow("B", { available: 0, listings: [aListing({ state: "drift" }), aListing({ state: "unread" })] }),
  aPoolRow("C", { available: 3, listings: [aListing()] }),
  aPoolRow("D", { available: 300 }),
];

it("counts what each filter would show", () => {
  const counts = countFilters(rows);
  expect(counts).toEqual({
    all: 4,
    oversold: 1,
    soldOut: 1,
    lastUnits: 1,
    pushing: 1,
    differs: 1,
    silent: 1,
  });
  for (const filter of POOL_FILTERS) expect(rows.filter(filterRows(filter))).toHaveLength(counts[filter]);
});

it("counts a row anew when it changed", () => {
  expect(countFilters(rows).oversold).toBe(1);
  expect(countFilters(rows.map((row) => ({ ...row, available: 9 }))).oversold).toBe(0);
});
