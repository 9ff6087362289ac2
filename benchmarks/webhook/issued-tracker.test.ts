import { expect, test } from "vitest";

import { IssuedTracker } from "./issued-tracker.ts";

test("a push takes account of every sale it has room for", () => {
  const tracker = new IssuedTracker(100);
  tracker.announce(7, 0);
  tracker.announce(7, 10);
  tracker.announce(7, 20);
  tracker.push(7, 98, 50);
  expect(tracker.takeLatencies()).toEqual([50, 40]);
  expect(tracker.outstanding).toBe(1);
  tracker.push(7, 97, 60);
  expect(tracker.takeLatencies()).toEqual([40]);
  expect(tracker.outstanding).toBe(0);
});

test("a push of another SKU, or one that shows too many, changes nothing", () => {
  const tracker = new IssuedTracker(100);
  tracker.announce(7, 0);
  tracker.push(8, 50, 5);
  tracker.push(7, 100, 5);
  expect(tracker.outstanding).toBe(1);
  expect(tracker.takeLatencies()).toEqual([]);
});
