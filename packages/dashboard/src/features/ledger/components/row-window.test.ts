import { expect, it } from "vitest";

import { placeAfter } from "./row-window.ts";

it.each([
  ["ArrowDown", 3, 4],
  ["ArrowUp", 3, 2],
  ["ArrowUp", 0, 0],
  ["ArrowDown", 99, 99],
  ["PageDown", 3, 13],
  ["PageDown", 95, 99],
  ["PageUp", 13, 3],
  ["PageUp", 3, 0],
  ["Home", 50, 0],
  ["End", 50, 99],
])("%s leads from row %i to row %i", (key, active, next) => {
  expect(placeAfter(key, { active, count: 100, rowsShown: 10 })).toBe(next);
});

it.each(["a", "Enter", "Tab", "toString"])("%s leads nowhere", (key) => {
  expect(placeAfter(key, { active: 3, count: 100, rowsShown: 10 })).toBeNull();
});

it("leads nowhere without rows", () => {
  expect(placeAfter("End", { active: 0, count: 0, rowsShown: 10 })).toBeNull();
});
