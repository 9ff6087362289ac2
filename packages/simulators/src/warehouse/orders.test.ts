import { expect, test } from "vitest";

import { stateOf } from "./documents.ts";
import { acceptOrder, cancelOrder, packOrder } from "./order-acts.ts";
import { pickOrder, putBackOrder } from "./pick-acts.ts";
import { shipOrder } from "./ship-acts.ts";
import { countItem, loseUnits } from "./stock-acts.ts";
import { recordError } from "./stock.ts";
import { KB, must, newTestWarehouse, NORTH, OTHER, type TestWarehouse } from "./test-warehouse.ts";
import { stockAt } from "./warehouse.ts";

function order({ warehouse }: TestWarehouse, id: string, units: number) {
  return must(acceptOrder(warehouse, { id, facility: NORTH, lines: [{ item: KB, units }] })).order;
}

test("an order is promised at once, leaves the shelf at the pick and the building at the shipment", () => {
  const world = newTestWarehouse();
  const { warehouse, stock } = world;
  const placed = order(world, "o1", 4);
  expect([stock.allocated, stock.record.shelf, stateOf(placed)]).toEqual([4, 10, "allocated"]);
  must(pickOrder(warehouse, { id: "o1" }));
  expect(stock.record).toMatchObject({ shelf: 6, tote: 4 });
  expect([stock.allocated, stateOf(placed)]).toEqual([0, "picked"]);
  expect(shipOrder(warehouse, { id: "o1" })).toEqual({ done: false, reason: "not_packed" });
  must(packOrder(warehouse, { id: "o1" }));
  must(shipOrder(warehouse, { id: "o1" }));
  expect(stock.physical).toMatchObject({ shelf: 6, tote: 0 });
  expect([stock.totals.shipped, stateOf(placed)]).toEqual([4, "shipped"]);
});

test("an order may leave in several shipments", () => {
  const world = newTestWarehouse();
  const { warehouse } = world;
  const placed = order(world, "o1", 3);
  must(pickOrder(warehouse, { id: "o1" }));
  must(packOrder(warehouse, { id: "o1" }));
  must(shipOrder(warehouse, { id: "o1", lines: [{ item: KB, units: 1 }] }));
  expect(stateOf(placed)).toBe("packed");
  must(shipOrder(warehouse, { id: "o1" }));
  expect(placed.shipments.map(({ id, lines }) => [id, lines[0]?.units])).toEqual([
    ["o1-1", 1],
    ["o1-2", 2],
  ]);
});

test("a shelf that holds less than the record says makes a short pick; the rest stands under investigation", () => {
  const world = newTestWarehouse();
  const { warehouse, stock } = world;
  must(loseUnits(warehouse, { facility: NORTH, item: KB, units: 7 }));
  const placed = order(world, "o1", 10);
  expect(must(pickOrder(warehouse, { id: "o1" })).short).toBe(7);
  expect(stock.record).toMatchObject({ shelf: 0, tote: 3, investigation: 7 });
  expect([stateOf(placed), stock.totals.recordCorrections]).toEqual(["short", -7]);
});

test("units the picker did not see come back with the next count, and the short order gets them", () => {
  const world = newTestWarehouse();
  const { warehouse, stock } = world;
  const placed = order(world, "o1", 10);
  must(pickOrder(warehouse, { id: "o1", errors: [{ item: KB, unseen: 2 }] }));
  must(countItem(warehouse, { facility: NORTH, item: KB }));
  expect(stock.record).toMatchObject({ shelf: 2, investigation: 0 });
  expect([stock.allocated, stock.totals.recordCorrections, stateOf(placed)]).toEqual([2, 0, "allocated"]);
});

test("a mispick ships the other item while the papers name the ordered one", () => {
  const world = newTestWarehouse();
  const { warehouse, stock } = world;
  const other = stockAt(warehouse, NORTH, OTHER);
  order(world, "o1", 1);
  must(pickOrder(warehouse, { id: "o1", errors: [{ item: KB, mispick: { item: OTHER, units: 1 } }] }));
  must(packOrder(warehouse, { id: "o1" }));
  const { shipment } = must(shipOrder(warehouse, { id: "o1" }));
  expect(shipment.lines).toEqual([{ item: KB, units: 1 }]);
  expect([stock.physical.shelf, stock.record.shelf, other.physical.shelf, other.record.shelf]).toEqual([
    10, 9, 4, 5,
  ]);
  expect([stock.totals.shipped, other.totals.shipped]).toEqual([0, 1]);
});

test("a cancellation before the pick frees the promise, after it the units wait to be put back", () => {
  const world = newTestWarehouse();
  const { warehouse, stock } = world;
  order(world, "o1", 2);
  must(cancelOrder(warehouse, { id: "o1" }));
  expect(stock.allocated).toBe(0);
  const second = order(world, "o2", 2);
  must(pickOrder(warehouse, { id: "o2" }));
  must(cancelOrder(warehouse, { id: "o2" }));
  expect([stateOf(second), stock.record.tote, stock.record.shelf]).toEqual(["cancelled", 2, 8]);
  must(putBackOrder(warehouse, { id: "o2" }));
  expect([stock.record.tote, stock.record.shelf, recordError(stock)]).toEqual([0, 10, 0]);
  expect(cancelOrder(warehouse, { id: "o2" })).toEqual({ done: false, reason: "already_cancelled" });
});

test("the youngest order loses its promise when a count finds less; it gets it back when units come", () => {
  const world = newTestWarehouse();
  const { warehouse, stock } = world;
  const [first, second] = [order(world, "o1", 6), order(world, "o2", 4)];
  must(loseUnits(warehouse, { facility: NORTH, item: KB, units: 3 }));
  must(countItem(warehouse, { facility: NORTH, item: KB }));
  expect([stateOf(first), stateOf(second), stock.allocated]).toEqual(["allocated", "short", 7]);
  must(cancelOrder(warehouse, { id: "o1" }));
  expect([stateOf(second), stock.allocated]).toEqual(["allocated", 4]);
});

test("an order's id is taken once", () => {
  const world = newTestWarehouse();
  order(world, "o1", 1);
  const again = acceptOrder(world.warehouse, { id: "o1", facility: NORTH, lines: [{ item: KB, units: 1 }] });
  expect(again).toEqual({ done: false, reason: "duplicate" });
});
