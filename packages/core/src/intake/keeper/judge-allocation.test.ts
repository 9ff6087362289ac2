import { expect, test } from "vitest";

import { checkAllocation } from "./judge-allocation.ts";

test("what a keeper has allocated is checked against the orders it was given, and counts when it differs the same way again", () => {
  expect(checkAllocation(3, 3, null)).toEqual({ ours: 3, strikes: 0 });
  const first = checkAllocation(5, 3, null);
  expect(first).toEqual({ ours: 3, strikes: 1 });
  expect(checkAllocation(6, 4, { told: 5, check: first })).toEqual({ ours: 4, strikes: 2 });
  expect(checkAllocation(6, 3, { told: 5, check: first })).toEqual({ ours: 3, strikes: 1 });
  expect(checkAllocation(3, 3, { told: 5, check: first })).toEqual({ ours: 3, strikes: 0 });
  expect(checkAllocation(null, 3, { told: 5, check: first })).toEqual({ ours: 3, strikes: 0 });
  expect(checkAllocation(5, null, null)).toEqual({ ours: null, strikes: 0 });
});
