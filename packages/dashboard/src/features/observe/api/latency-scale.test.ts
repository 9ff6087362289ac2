import { expect, it } from "vitest";

import { reach } from "./latency-scale.ts";

it("reaches from 10 ms to 10 minutes, each tenfold the same way, and never beyond", () => {
  expect([0, 10, 600_000, 9_000_000].map(reach)).toEqual([0, 0, 1, 1]);
  expect(reach(1_000) - reach(100)).toBeCloseTo(reach(100) - reach(10), 10);
});
