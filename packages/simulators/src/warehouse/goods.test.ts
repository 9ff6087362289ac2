import { expect, test } from "vitest";

import {
  announceInbound,
  arriveInbound,
  cancelInbound,
  closeInbound,
  receiveInbound,
  stowInbound,
} from "./inbound-acts.ts";
import { announceReturn, arriveReturn, inspectReturn } from "./return-acts.ts";
import {
  countItem,
  damageUnits,
  disposeUnits,
  findUnits,
  holdUnits,
  loseUnits,
  releaseUnits,
} from "./stock-acts.ts";
import { recordError } from "./stock.ts";
import { KB, must, newTestWarehouse, NORTH } from "./test-warehouse.ts";
import { receiveTransfer, sendTransfer } from "./transfer-acts.ts";
import { warehouseTruth } from "./warehouse-truth.ts";
import { stockAt } from "./warehouse.ts";

const at = { facility: NORTH, item: KB };

test("goods are expected, received in steps, partly damaged, and on the shelf only once stowed", () => {
  const { warehouse, stock } = newTestWarehouse();
  must(announceInbound(warehouse, { id: "w1", facility: NORTH, lines: [{ item: KB, expected: 20 }] }));
  must(arriveInbound(warehouse, { id: "w1" }));
  must(receiveInbound(warehouse, { id: "w1", lines: [{ item: KB, units: 12, damaged: 2 }] }));
  expect(stock.record).toMatchObject({ dock: 10, damaged: 2, shelf: 10 });
  must(stowInbound(warehouse, { id: "w1", lines: [{ item: KB, units: 4 }] }));
  expect(stock.record).toMatchObject({ dock: 6, shelf: 14 });
  expect(closeInbound(warehouse, { id: "w1" })).toEqual({ done: false, reason: "not_arrived" });
  must(receiveInbound(warehouse, { id: "w1", lines: [{ item: KB, units: 9 }] }));
  must(stowInbound(warehouse, { id: "w1" }));
  const { inbound } = must(closeInbound(warehouse, { id: "w1" }));
  expect(inbound.lines[0]).toMatchObject({ expected: 20, received: 21, damaged: 2, stowed: 19 });
  expect([stock.physical.shelf, stock.totals.received]).toEqual([29, 21]);
});

test("a miscount at the dock stays in the record until somebody counts the shelf", () => {
  const { warehouse, stock } = newTestWarehouse();
  must(announceInbound(warehouse, { id: "w1", facility: NORTH, lines: [{ item: KB, expected: 5 }] }));
  must(receiveInbound(warehouse, { id: "w1", lines: [{ item: KB, units: 5, really: 4 }] }));
  must(stowInbound(warehouse, { id: "w1" }));
  expect([stock.record.shelf, stock.physical.shelf, recordError(stock)]).toEqual([15, 14, 1]);
  must(countItem(warehouse, at));
  expect([stock.record.shelf, stock.totals.recordCorrections]).toEqual([14, -1]);
});

test("with the last that was counted goes to the shelf whatever came besides", () => {
  const { warehouse, stock } = newTestWarehouse();
  must(announceInbound(warehouse, { id: "w1", facility: NORTH, lines: [{ item: KB, expected: 5 }] }));
  must(receiveInbound(warehouse, { id: "w1", lines: [{ item: KB, units: 5, really: 7 }] }));
  must(stowInbound(warehouse, { id: "w1", lines: [{ item: KB, units: 2 }] }));
  expect(stock.physical).toMatchObject({ dock: 5, shelf: 12 });
  must(stowInbound(warehouse, { id: "w1" }));
  expect(stock.physical).toMatchObject({ dock: 0, shelf: 17 });
  expect(stock.record).toMatchObject({ dock: 0, shelf: 15 });
});

test("an announcement can be taken back until something came", () => {
  const { warehouse } = newTestWarehouse();
  const lines = [{ item: KB, expected: 5 }];
  must(announceInbound(warehouse, { id: "w1", facility: NORTH, lines }));
  must(cancelInbound(warehouse, { id: "w1" }));
  must(announceInbound(warehouse, { id: "w2", facility: NORTH, lines }));
  must(receiveInbound(warehouse, { id: "w2", lines: [{ item: KB, units: 1 }] }));
  expect(cancelInbound(warehouse, { id: "w2" })).toEqual({ done: false, reason: "already_closed" });
});

test("what is lost, found or broken unnoticed is known to the record only after a count", () => {
  const { warehouse, stock } = newTestWarehouse();
  must(loseUnits(warehouse, { ...at, units: 3 }));
  must(findUnits(warehouse, { ...at, units: 1 }));
  must(damageUnits(warehouse, { ...at, units: 2 }));
  expect(stock.record).toMatchObject({ shelf: 10, damaged: 0 });
  expect(stock.physical).toMatchObject({ shelf: 6, damaged: 2 });
  const { event } = must(countItem(warehouse, at));
  expect(event.before?.record).toMatchObject({ shelf: 10, damaged: 0 });
  expect(event.after?.record).toMatchObject({ shelf: 6, damaged: 2 });
  expect(stock.totals).toMatchObject({ lost: 3, found: 1, damaged: 2, recordCorrections: -2 });
});

test("what is noticed is written off or on at once", () => {
  const { warehouse, stock } = newTestWarehouse();
  must(loseUnits(warehouse, { ...at, units: 3, noticed: true }));
  must(findUnits(warehouse, { ...at, units: 1, noticed: true }));
  must(damageUnits(warehouse, { ...at, units: 2, noticed: true }));
  expect(stock.record).toEqual({ ...stock.physical, investigation: 0 });
  expect(stock.totals.recordCorrections).toBe(-2);
});

test("held units come back, damaged ones are destroyed, more than there is cannot be", () => {
  const { warehouse, stock } = newTestWarehouse();
  must(holdUnits(warehouse, { ...at, units: 4 }));
  must(releaseUnits(warehouse, { ...at, units: 1 }));
  must(disposeUnits(warehouse, { ...at, units: 3, from: "quarantine" }));
  expect([stock.physical.shelf, stock.physical.quarantine, stock.totals.disposed]).toEqual([7, 0, 3]);
  expect(disposeUnits(warehouse, { ...at, units: 1, from: "damaged" })).toMatchObject({
    reason: "not_enough",
  });
  expect(loseUnits(warehouse, { ...at, units: 8 })).toMatchObject({ reason: "not_enough" });
});

test("a returned line is split over dispositions, in several steps, and only the restocked part is sellable", () => {
  const { warehouse, stock } = newTestWarehouse();
  must(
    announceReturn(warehouse, {
      id: "r1",
      facility: NORTH,
      orderId: "o1",
      lines: [{ item: KB, expected: 5 }],
    }),
  );
  must(arriveReturn(warehouse, { id: "r1", lines: [{ item: KB, units: 4 }] }));
  expect([stock.record.returns, stock.record.shelf]).toEqual([4, 10]);
  must(inspectReturn(warehouse, { id: "r1", lines: [{ item: KB, restock: 1, quarantine: 1 }] }));
  const { goods } = must(
    inspectReturn(warehouse, { id: "r1", lines: [{ item: KB, restock: 1, dispose: 1, missing: 1 }] }),
  );
  expect(goods.lines[0]?.dispositions).toEqual({ restock: 2, quarantine: 1, dispose: 1, missing: 1 });
  expect([goods.state, stock.record.shelf, stock.record.quarantine, stock.record.returns]).toEqual([
    "closed",
    12,
    1,
    0,
  ]);
});

test("more than arrived cannot be inspected", () => {
  const { warehouse } = newTestWarehouse();
  must(announceReturn(warehouse, { id: "r1", facility: NORTH, lines: [{ item: KB, expected: 1 }] }));
  expect(inspectReturn(warehouse, { id: "r1", lines: [{ item: KB, restock: 1 }] })).toEqual({
    done: false,
    reason: "not_arrived",
  });
});

test("units travel between facilities, and what does not arrive is lost", () => {
  const { warehouse, stock } = newTestWarehouse();
  warehouse.facilities.add("south");
  must(sendTransfer(warehouse, { ...at, id: "t1", to: "south", units: 4 }));
  expect(warehouseTruth(warehouse).totals).toMatchObject({ physicalUnits: 11, inTransitUnits: 4 });
  must(receiveTransfer(warehouse, { id: "t1", arrived: 3 }));
  const south = stockAt(warehouse, "south", KB);
  expect([stock.physical.shelf, south.physical.shelf, south.totals.lost]).toEqual([6, 3, 1]);
  expect(sendTransfer(warehouse, { ...at, id: "t2", to: "south", units: 7 })).toMatchObject({
    reason: "not_enough",
  });
});

test("events are numbered without gaps, and told to whoever listens", () => {
  const { warehouse } = newTestWarehouse();
  const heard: number[] = [];
  warehouse.journal.subscribe(({ n }) => heard.push(n));
  must(findUnits(warehouse, { ...at, units: 1 }));
  must(countItem(warehouse, at));
  expect(heard).toEqual([3, 4]);
  expect(warehouse.journal.after(2, 10).map(({ n, act }) => [n, act])).toEqual([
    [3, "found"],
    [4, "counted"],
  ]);
});

test("what happened since an instant can be asked for, however much it was", () => {
  const { warehouse, clock } = newTestWarehouse();
  const from = clock.now();
  clock.advance(1_000);
  for (let event = 0; event < 300; event += 1) must(findUnits(warehouse, { ...at, units: 1 }));
  expect(warehouse.journal.since(from)).toHaveLength(300);
  expect(warehouse.journal.since(from - 1)).toHaveLength(302);
  expect(warehouse.journal.since(clock.now())).toEqual([]);
});
