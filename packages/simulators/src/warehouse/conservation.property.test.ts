import fc from "fast-check";
import { expect, test } from "vitest";

import { announceInbound, receiveInbound, stowInbound } from "./inbound-acts.ts";
import { acceptOrder, cancelOrder, packOrder } from "./order-acts.ts";
import { pickOrder, putBackOrder } from "./pick-acts.ts";
import { unitsInside } from "./place.ts";
import { announceReturn, arriveReturn, inspectReturn } from "./return-acts.ts";
import { shipOrder } from "./ship-acts.ts";
import {
  countItem,
  damageUnits,
  disposeUnits,
  findUnits,
  holdUnits,
  layStock,
  loseUnits,
  releaseUnits,
} from "./stock-acts.ts";
import { recordError } from "./stock.ts";
import { newTestWarehouse } from "./test-warehouse.ts";
import { receiveTransfer, sendTransfer } from "./transfer-acts.ts";
import { warehouseTruth } from "./warehouse-truth.ts";
import type { Warehouse } from "./warehouse.ts";

interface Step {
  act: number;
  facility: string;
  item: string;
  other: string;
  units: number;
  more: number;
  document: string;
  noticed: boolean;
}

const FACILITIES = ["north", "south"];
const ITEMS = ["KB-M", "KB-L"];

const step: fc.Arbitrary<Step> = fc.record({
  act: fc.nat(),
  facility: fc.constantFrom(...FACILITIES),
  item: fc.constantFrom(...ITEMS),
  other: fc.constantFrom(...ITEMS),
  units: fc.integer({ min: 1, max: 6 }),
  more: fc.integer({ min: 0, max: 4 }),
  document: fc.constantFrom("d1", "d2", "d3"),
  noticed: fc.boolean(),
});

type Act = (warehouse: Warehouse, step: Step) => unknown;

/** The way of an order through the building, one act after the other: what is rare by chance alone. */
const orderPath: Act = (warehouse, step) => {
  acts[0]?.(warehouse, step);
  acts[1]?.(warehouse, step);
  packOrder(warehouse, { id: step.document });
  if (step.noticed) shipOrder(warehouse, { id: step.document });
};

/** Every act, sound or not: what cannot be done is refused. */
const acts: Act[] = [
  (w, { document: id, facility, item, units, other, more }) =>
    acceptOrder(w, {
      id,
      facility,
      lines: [{ item, units }, ...(more > 0 ? [{ item: other, units: more }] : [])],
    }),
  (w, { document: id, item, other, units, more }) =>
    pickOrder(w, { id, errors: [{ item, unseen: more, mispick: { item: other, units } }] }),
  (w, { document: id }) => pickOrder(w, { id }),
  (w, { document: id }) => packOrder(w, { id }),
  (w, { document: id, item, units }) => shipOrder(w, { id, lines: [{ item, units }] }),
  (w, { document: id }) => shipOrder(w, { id }),
  (w, { document: id, item, units, noticed }) =>
    cancelOrder(w, { id, ...(noticed ? {} : { lines: [{ item, units }] }) }),
  (w, { document: id }) => putBackOrder(w, { id }),
  (w, { document: id, facility, item, units }) =>
    announceInbound(w, { id, facility, lines: [{ item, expected: units }] }),
  (w, { document: id, item, units, more, noticed }) =>
    receiveInbound(w, {
      id,
      lines: [{ item, units, damaged: Math.min(more, units), ...(noticed ? {} : { really: more }) }],
    }),
  (w, { document: id, item, units, noticed }) =>
    stowInbound(w, { id, ...(noticed ? {} : { lines: [{ item, units }] }) }),
  (w, { document: id, facility, item, units }) =>
    announceReturn(w, { id, facility, lines: [{ item, expected: units }] }),
  (w, { document: id, item, units }) => arriveReturn(w, { id, lines: [{ item, units }] }),
  (w, { document: id, item, units, more }) =>
    inspectReturn(w, { id, lines: [{ item, restock: units, quarantine: more, dispose: more }] }),
  (w, step_) => loseUnits(w, step_),
  (w, step_) => findUnits(w, step_),
  (w, step_) => damageUnits(w, step_),
  (w, step_) => holdUnits(w, step_),
  (w, step_) => releaseUnits(w, step_),
  (w, step_) => disposeUnits(w, { ...step_, from: step_.noticed ? "damaged" : "quarantine" }),
  (w, { facility, item }) => countItem(w, { facility, item }),
  (w, { facility, item, more }) => countItem(w, { facility, item, counted: more }),
  (w, { document: id, facility, item, units }) =>
    sendTransfer(w, { id, facility, item, units, to: facility === "north" ? "south" : "north" }),
  (w, { document: id, more }) => receiveTransfer(w, { id, arrived: more }),
  orderPath,
  orderPath,
];

test("physical units are conserved, and promises never exceed the record's shelf, whatever happens", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
      const { warehouse } = newTestWarehouse();
      layStock(warehouse, { facility: "south", item: "KB-M", units: 3 });
      for (const one of steps) {
        acts[one.act % acts.length]?.(warehouse, one);
        // warehouseTruth throws when a stock's units are not those its totals account for.
        const { totals } = warehouseTruth(warehouse);
        const came = totals.opening + totals.received + totals.returned + totals.found;
        const inside = totals.physicalUnits + totals.inTransitUnits;
        expect(inside).toBe(came - totals.shipped - totals.disposed - totals.lost);
        for (const { allocated, record } of warehouse.stocks.values()) {
          expect(allocated).toBeGreaterThanOrEqual(0);
          expect(allocated).toBeLessThanOrEqual(record.shelf);
        }
      }
    }),
    { numRuns: 150 },
  );
});

test("the events' figures follow on one another without a gap", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
      const { warehouse } = newTestWarehouse();
      warehouse.facilities.add("south");
      for (const one of steps) acts[one.act % acts.length]?.(warehouse, one);
      const last = new Map<string, unknown>();
      for (const { facility, item, before, after } of warehouse.journal.after(0, 10_000)) {
        if (item === null) continue;
        const key = `${facility}|${item}`;
        if (last.has(key)) expect(before).toEqual(last.get(key));
        last.set(key, after);
      }
      for (const [key, levels] of last) {
        const [facility, item] = key.split("|");
        const stock = [...warehouse.stocks.values()].find((s) => s.facility === facility && s.item === item);
        expect(stock).toMatchObject(levels as object);
      }
    }),
    { numRuns: 100 },
  );
});

test("once nothing is on its way and all is counted, the record is right, and was mended by what really happened", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
      const { warehouse } = newTestWarehouse();
      warehouse.facilities.add("south");
      for (const one of steps) acts[one.act % acts.length]?.(warehouse, one);
      for (const id of warehouse.orders.keys()) {
        cancelOrder(warehouse, { id });
        putBackOrder(warehouse, { id });
      }
      for (const id of warehouse.inbounds.keys()) stowInbound(warehouse, { id });
      for (const stock of warehouse.stocks.values()) {
        countItem(warehouse, stock);
        expect(recordError(stock)).toBe(0);
        expect(unitsInside(stock.physical)).toBe(unitsInside(stock.record));
      }
      const { totals } = warehouseTruth(warehouse);
      // What did not arrive of a transfer is told by the transfer; mistaken picks even out between the items.
      const lostOnTheWay = [...warehouse.transfers.values()]
        .filter(({ arrived }) => arrived !== null)
        .reduce((sum, { sent, arrived }) => sum + sent - (arrived ?? 0), 0);
      const happened = totals.found - (totals.lost - lostOnTheWay) - totals.miscounted;
      expect(totals.recordCorrections).toBe(happened);
    }),
    { numRuns: 100 },
  );
});
