import { expect, test } from "vitest";

import { bookLevel } from "./book-level.ts";
import type { Origin } from "./booking.ts";
import { planAdjustment } from "./plan-adjustment.ts";

const ORIGIN: Origin = { connection: "wh", document: "f-1", occurredAt: 1_795_428_000_000 };
const PLACE = { sku: "A", location: "3pl" };

const planned = (sellable: number, held: number, damaged = 5): readonly object[] =>
  planAdjustment(ORIGIN, { ...PLACE, sellable, held, damaged, reason: "wh: other" });

test("units that only change their condition move between buckets; the rest is variance", () => {
  expect(planned(-2, 2)).toMatchObject([{ movement: "damage", units: 2 }]);
  expect(planned(-3, 2)).toMatchObject([
    { movement: "damage", units: 2 },
    { movement: "adjustment", bucket: "sellable", units: -1 },
  ]);
  expect(planned(2, -2)).toMatchObject([
    { movement: "adjustment", bucket: "damaged", units: -2 },
    { movement: "adjustment", bucket: "sellable", units: 2 },
  ]);
  expect(planned(0, -9)).toMatchObject([{ movement: "adjustment", bucket: "damaged", units: -5 }]);
  expect(planned(4, 0)).toMatchObject([{ movement: "adjustment", bucket: "sellable", units: 4 }]);
  expect(planned(0, 0)).toEqual([]);
});

test("a level that is booked counts both buckets as of its time; less than nothing is booked as the difference", () => {
  const book = (sellable: number, drift: number, driftHeld: number): readonly object[] =>
    bookLevel(ORIGIN, { ...PLACE, sellable, drift, driftHeld, damaged: 2 }, "levels differ");
  expect(book(7, -3, 1)).toMatchObject([
    { movement: "count", bucket: "sellable", units: 7, asOf: ORIGIN.occurredAt },
    { movement: "count", bucket: "damaged", units: 3, asOf: ORIGIN.occurredAt },
  ]);
  expect(book(7, 0, -2)).toMatchObject([{ bucket: "damaged", units: 0 }]);
  expect(book(-1, -4, 0)).toMatchObject([{ movement: "adjustment", bucket: "sellable", units: -4 }]);
});
