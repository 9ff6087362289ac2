import { expect, it } from "vitest";

import { levelShares } from "./level-shares.ts";

it("shares the whole bar out, in order, without a gap", () => {
  const shares = levelShares({ verified: 60, booked: 20, suspect: 15, open: 5 });
  expect(shares.map(({ state }) => state)).toEqual(["verified", "booked", "suspect", "open"]);
  let end = 0;
  for (const { from, width } of shares) {
    expect(from).toBeCloseTo(end, 9);
    end = from + width;
  }
  expect(end).toBeCloseTo(100, 9);
});

it("lets one level among ten thousand be seen, and draws nothing that is not there", () => {
  const [, open] = levelShares({ verified: 9_999, booked: 0, suspect: 0, open: 1 });
  expect(open).toMatchObject({ state: "open", levels: 1 });
  expect(open?.width).toBeGreaterThan(1);
  expect(levelShares({ verified: 0, booked: 0, suspect: 0, open: 0 })).toEqual([]);
});
