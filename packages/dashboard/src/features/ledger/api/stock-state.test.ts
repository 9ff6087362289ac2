import { expect, it } from "vitest";

import { LAST_UNITS, stockState } from "./stock-state.ts";

it.each([
  [-1, "oversold"],
  [0, "soldOut"],
  [1, "lastUnits"],
  [LAST_UNITS, "lastUnits"],
  [LAST_UNITS + 1, "inStock"],
])("%i available is %s", (available, state) => {
  expect(stockState({ available })).toBe(state);
});
