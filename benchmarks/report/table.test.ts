import { expect, test } from "vitest";

import { tableOf } from "./table.ts";

test("sets text to the left and numbers to the right, with three digits that mean something", () => {
  const rows = [
    ["ledger", 12_345.6, 0.123_4],
    ["by hand", 5, 12.34],
  ];
  expect(tableOf(["through", "lines/s", "ms"], rows)).toBe(
    [
      "through  lines/s     ms",
      "-------  -------  -----",
      "ledger    12,346  0.123",
      "by hand        5   12.3",
    ].join("\n"),
  );
});
