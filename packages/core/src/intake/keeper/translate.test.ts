import { expect, test } from "vitest";

import { readKeeperMap, sharedItems } from "./keeper-map.ts";
import { missingText, translate } from "./translate.ts";

const OURS = {
  hasSku: (sku: string): boolean => ["A", "B", "__proto__"].includes(sku),
  hasLocation: (code: string): boolean => code === "3pl",
};

test("items and facilities are ours by the settings, kits count as their parts, and what is missing is named", () => {
  const map = readKeeperMap({
    locations: { F1: "3pl", F2: "nowhere" },
    items: {
      a: "A",
      KIT: [
        { sku: "A", units: 2 },
        { sku: "B", units: 1 },
      ],
    },
  });
  const line = (item: string, facility = "F1"): { item: string; facility: string } => ({ item, facility });
  expect(translate(map, OURS, [line("a"), line("KIT"), line("__proto__")])).toMatchObject({
    lines: [
      { sku: "A", location: "3pl", perItem: 1, told: { item: "a" } },
      { sku: "A", perItem: 2, told: { item: "KIT" } },
      { sku: "B", perItem: 1 },
      { sku: "__proto__", perItem: 1 },
    ],
    missing: [],
  });
  const { lines, missing } = translate(map, OURS, [line("X"), line("A", "F2"), line("A", "F3"), line("X")]);
  expect(lines).toEqual([]);
  expect(missing).toEqual([
    { what: "item", code: "X" },
    { what: "location", code: "nowhere" },
    { what: "facility", code: "F3" },
  ]);
  expect(missingText(missing)).toContain(
    'facility F3 is not mapped: name its location in the settings\' "locations"',
  );
});

test("a SKU of which the keeper has several items is known as such", () => {
  const map = readKeeperMap({ items: { "A-CASE": [{ sku: "A", units: 12 }], b: "B", B: "C", c: "C" } });
  expect(Object.fromEntries(sharedItems(map))).toEqual({ A: ["A", "A-CASE"], C: ["C", "B", "c"] });
});

test("settings that make no sense are left out, so that facts wait instead of being booked wrongly", () => {
  const map = readKeeperMap({
    locations: { F1: 3, F2: "", F3: "3pl" },
    items: { a: [{ sku: "A", units: 0 }], b: [{ sku: "B", units: 2 }, { units: 1 }], c: "" },
    bookDriftUpTo: -1,
    returnOverdueDays: 0,
    sendsOrders: ["web", 7],
  });
  expect([...map.locations]).toEqual([["F3", "3pl"]]);
  expect(map.items.size).toBe(0);
  expect(map).toMatchObject({ bookDriftUpTo: null, returnOverdueDays: 30, sendsOrders: ["web"] });
  for (const settings of [null, undefined, 7, []]) expect(readKeeperMap(settings).sendsOrders).toBeNull();
});
