import { expect, test } from "vitest";

import { stateOf } from "../documents.ts";
import { announceInbound } from "../inbound-acts.ts";
import { acceptOrder, cancelOrder } from "../order-acts.ts";
import { announceReturn } from "../return-acts.ts";
import { KB, must, newTestWarehouse, NORTH, type TestWarehouse } from "../test-warehouse.ts";
import { warehouseTruth } from "../warehouse-truth.ts";
import { createFloor } from "./floor.ts";

const MINUTE = { min: 60_000, max: 60_000 };
const fulfilment = { pickAfterMs: MINUTE, packAfterMs: MINUTE, shipAfterMs: MINUTE, putBackAfterMs: MINUTE };
const HOUR_MS = 3_600_000;

function order({ warehouse }: TestWarehouse, id: string, units: number) {
  return must(acceptOrder(warehouse, { id, facility: NORTH, lines: [{ item: KB, units }] })).order;
}

test("nothing happens by itself unless it is set", () => {
  const world = newTestWarehouse();
  createFloor(world.warehouse);
  const placed = order(world, "o1", 2);
  world.clock.advance(100 * HOUR_MS);
  expect(stateOf(placed)).toBe("allocated");
});

test("orders are picked, packed and shipped, each step in its time", () => {
  const world = newTestWarehouse();
  createFloor(world.warehouse, fulfilment);
  const placed = order(world, "o1", 2);
  world.clock.advance(59_999);
  expect(stateOf(placed)).toBe("allocated");
  world.clock.advance(1);
  expect(stateOf(placed)).toBe("picked");
  world.clock.advance(60_000);
  expect(stateOf(placed)).toBe("packed");
  world.clock.advance(60_000);
  expect(stateOf(placed)).toBe("shipped");
});

test("people who are told to begin find the orders that wait", () => {
  const world = newTestWarehouse();
  const floor = createFloor(world.warehouse);
  const placed = order(world, "o1", 2);
  world.clock.advance(HOUR_MS);
  floor.replace(fulfilment);
  world.clock.advance(HOUR_MS);
  expect(stateOf(placed)).toBe("shipped");
});

test("an order may be split, and what was picked for a cancelled one goes back", () => {
  const world = newTestWarehouse();
  createFloor(world.warehouse, { ...fulfilment, splitShipment: 1 });
  const split = order(world, "o1", 3);
  world.clock.advance(HOUR_MS);
  expect(split.shipments.map(({ lines }) => lines[0]?.units)).toEqual([2, 1]);
  order(world, "o2", 3);
  world.clock.advance(60_000);
  must(cancelOrder(world.warehouse, { id: "o2" }));
  expect(world.stock.record).toMatchObject({ shelf: 4, tote: 3 });
  world.clock.advance(HOUR_MS);
  expect(world.stock.record).toMatchObject({ shelf: 7, tote: 0 });
});

test("a short order is held, or leaves with what there is", () => {
  for (const [shortOrders, state] of [
    ["hold", "short"],
    ["ship", "shipped"],
  ] as const) {
    const world = newTestWarehouse();
    createFloor(world.warehouse, { ...fulfilment, shortOrders });
    const placed = order(world, "o1", 12);
    world.clock.advance(HOUR_MS);
    expect(stateOf(placed)).toBe(state);
    expect(placed.lines[0]).toMatchObject(state === "short" ? { shipped: 0 } : { shipped: 10, cancelled: 2 });
  }
});

test("goods arrive, are counted and stowed, over several steps where it is set", () => {
  const world = newTestWarehouse();
  createFloor(world.warehouse, {
    inboundArrivesAfterMs: MINUTE,
    receiveAfterMs: MINUTE,
    stowAfterMs: MINUTE,
    splitReceipt: 1,
    damagedReceipt: 1,
  });
  const { inbound } = must(
    announceInbound(world.warehouse, { id: "w1", facility: NORTH, lines: [{ item: KB, expected: 6 }] }),
  );
  world.clock.advance(120_000);
  expect([inbound.state, inbound.lines[0]?.received]).toEqual(["arrived", 3]);
  world.clock.advance(HOUR_MS);
  expect(inbound).toMatchObject({ state: "closed", lines: [{ received: 6, damaged: 1, stowed: 5 }] });
  expect(world.stock.physical).toMatchObject({ shelf: 15, damaged: 1, dock: 0 });
});

test("returns arrive and are decided on, unit by unit", () => {
  const world = newTestWarehouse();
  createFloor(world.warehouse, {
    returnArrivesAfterMs: MINUTE,
    inspectAfterMs: MINUTE,
    missingReturn: 0.3,
    quarantineReturn: 0.3,
    disposeReturn: 0.3,
  });
  const { goods } = must(
    announceReturn(world.warehouse, { id: "r1", facility: NORTH, lines: [{ item: KB, expected: 40 }] }),
  );
  world.clock.advance(HOUR_MS);
  expect(goods.state).toBe("closed");
  const { restock = 0, quarantine = 0, dispose = 0, missing = 0 } = goods.lines[0]?.dispositions ?? {};
  expect(restock + quarantine + dispose + missing).toBe(40);
  for (const units of [restock, quarantine, dispose, missing]) expect(units).toBeGreaterThan(0);
  expect(world.stock.record).toMatchObject({ shelf: 10 + restock, quarantine, returns: 0 });
});

/** A month on a floor where everything goes wrong now and then. */
function month(seed: number) {
  const world = newTestWarehouse(seed);
  createFloor(world.warehouse, {
    ...fulfilment,
    shortOrders: "ship",
    unseenPick: 0.1,
    mispick: 0.1,
    splitShipment: 0.3,
    inboundArrivesAfterMs: MINUTE,
    receiveAfterMs: MINUTE,
    stowAfterMs: MINUTE,
    shortReceipt: 0.3,
    overReceipt: 0.3,
    damagedReceipt: 0.3,
    miscountedReceipt: 0.3,
    splitReceipt: 0.5,
    returnArrivesAfterMs: MINUTE,
    inspectAfterMs: MINUTE,
    missingReturn: 0.2,
    quarantineReturn: 0.2,
    disposeReturn: 0.2,
    lossesPerDay: 1,
    findsPerDay: 0.5,
    damagesPerDay: 0.5,
    countsPerDay: 0.5,
  });
  for (let day = 0; day < 30; day += 1) {
    order(world, `o${day}`, 3);
    const at = { facility: NORTH, lines: [{ item: KB, expected: 4 }] };
    must(announceInbound(world.warehouse, { id: `w${day}`, ...at }));
    must(announceReturn(world.warehouse, { id: `r${day}`, ...at, lines: [{ item: KB, expected: 1 }] }));
    world.clock.advance(24 * HOUR_MS);
  }
  return warehouseTruth(world.warehouse);
}

test("a month of losses, finds, breakages and mistakes keeps its books, and every kind of it happens", () => {
  const { totals } = month(1);
  expect(totals.physicalUnits).toBe(
    15 + totals.received + totals.returned + totals.found - totals.shipped - totals.disposed - totals.lost,
  );
  const { lost, found, damaged, shipped, received, returned, recordCorrections } = totals;
  for (const units of [lost, found, damaged, shipped, received, returned]) expect(units).toBeGreaterThan(0);
  expect(recordCorrections).not.toBe(0);
});

test("a seed gives the same month again, another seed another", () => {
  expect(month(5)).toEqual(month(5));
  expect(month(6)).not.toEqual(month(5));
});
