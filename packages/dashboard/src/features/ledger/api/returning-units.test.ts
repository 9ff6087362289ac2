import { expect, it } from "vitest";

import type { OrderView } from "../../../api/contract.ts";
import { returningUnits } from "./returning-units.ts";

type Line = OrderView["lines"][number];

function order(line: Partial<Line>): Pick<OrderView, "lines"> {
  const claim = { reserved: 0, committed: 0, shipped: {}, returning: 2 };
  const components = [{ sku: "A", units: 3 }];
  return { lines: [{ claim, components, received: {}, lost: {}, ...line } as Line] };
}

it("counts units of the SKU, not of the listing, and only those still under way", () => {
  expect(returningUnits(order({}), "A")).toBe(6);
  expect(returningUnits(order({ received: { A: 4 }, lost: { A: 1 } }), "A")).toBe(1);
  expect(returningUnits(order({ received: { A: 6 } }), "A")).toBe(0);
  expect(returningUnits(order({}), "B")).toBe(0);
});

it("takes what a keeper counted of a part for what it is", () => {
  const parts = [{ sku: "A", reserved: 0, committed: 0, shipped: {}, returning: 5 }];
  const claim = { reserved: 0, committed: 0, shipped: {}, returning: 0, parts };
  expect(returningUnits(order({ claim, received: { A: 2 } }), "A")).toBe(3);
});
