import { describe, expect, test } from "vitest";

import { createSimulatorClock } from "../simulator-clock.ts";
import type { ListingKey } from "./listing-key.ts";
import { Truth } from "./truth.ts";

const first: ListingKey = { account: "a", listing: "A", variation: null };
const second: ListingKey = { account: "b", listing: "B", variation: null };

/** A pool of `units` sold by two listings that both show all of it. */
function poolOf(units: number, unitsPerSale = 1) {
  const clock = createSimulatorClock({ startAt: 0, factor: 0 });
  const truth = new Truth(clock);
  truth.declarePhysical([
    {
      id: "pool",
      units,
      listings: [
        { ...first, unitsPerSale: 1 },
        { ...second, unitsPerSale },
      ],
    },
  ]);
  for (const key of [first, second]) truth.shown({ key, shows: units, cause: "listed" });
  const group = () => truth.report().groups[0];
  let orders = 0;
  const sell = (key: ListingKey, quantity: number): number => {
    orders += 1;
    truth.accepted(key, quantity, orders);
    truth.shown({ key, shows: truth.shows(key) - quantity, cause: "sold" });
    return orders;
  };
  const write = (key: ListingKey, shows: number): void =>
    truth.shown({ key, shows, cause: "write", quantity: shows });
  return { clock, truth, group, sell, write };
}

describe("oversold units", () => {
  test("are those promised beyond the physical ones", () => {
    const { group, sell } = poolOf(3);
    sell(first, 3);
    expect(group()).toMatchObject({ oversoldUnits: 0, remainingUnits: 0 });
    sell(second, 2);
    expect(group()).toMatchObject({ oversoldUnits: 2, remainingUnits: -2, netAcceptedUnits: 5 });
  });

  test("stay when a later cancellation makes room, and are not counted again when it is filled", () => {
    const { truth, group, sell } = poolOf(3);
    sell(first, 3);
    const order = sell(second, 2);
    truth.released(second, 2, order);
    expect(group()).toMatchObject({ oversoldUnits: 2, remainingUnits: 0, releasedUnits: 2 });
    sell(first, 2);
    expect(group()).toMatchObject({ oversoldUnits: 2 });
    sell(first, 1);
    expect(group()).toMatchObject({ oversoldUnits: 3 });
  });

  test("do not arise when the cancellation comes before the second sale", () => {
    const { truth, group, sell } = poolOf(3);
    truth.released(first, 3, sell(first, 3));
    sell(second, 3);
    expect(group()).toMatchObject({ oversoldUnits: 0 });
  });

  test("count units that left as gone, whatever is cancelled later", () => {
    const { truth, group, sell } = poolOf(3);
    const order = sell(first, 3);
    truth.left(first, order);
    truth.released(first, 3, order);
    sell(second, 1);
    expect(group()).toMatchObject({ oversoldUnits: 1 });
  });

  test("count in pool units, so a multipack weighs more", () => {
    const { group, sell } = poolOf(5, 3);
    sell(second, 2);
    expect(group()).toMatchObject({ acceptedUnits: 6, oversoldUnits: 1 });
  });

  test("grow no further once more goods have arrived", () => {
    const { truth, group, sell } = poolOf(3);
    sell(first, 4);
    const listings = [first, second].map((key) => ({ ...key, unitsPerSale: 1 }));
    truth.declarePhysical([{ id: "pool", units: 10, listings }]);
    sell(first, 6);
    expect(group()).toMatchObject({ oversoldUnits: 1, remainingUnits: 0, units: 10 });
  });
});

describe("lost units", () => {
  test("are those refused while the pool held some", () => {
    const { truth, group } = poolOf(2);
    truth.refused(first, 2, "out_of_stock");
    expect(group()).toMatchObject({ lostUnits: 2, lostServableUnits: 2 });
    truth.refused(first, 3, "out_of_stock");
    expect(group()).toMatchObject({ lostUnits: 5, lostServableUnits: 2 });
  });

  test("are none once the pool is empty", () => {
    const { truth, group, sell } = poolOf(2);
    sell(second, 2);
    truth.refused(first, 1, "out_of_stock");
    expect(group()).toMatchObject({ lostUnits: 0, lostServableUnits: 0 });
    expect(truth.report().totals).toMatchObject({ attempts: 2, attemptedUnits: 3, refusedUnits: 1 });
  });

  test("are none for a kit of which one part has run out", () => {
    const { truth, sell } = poolOf(2);
    truth.declarePhysical([{ id: "other part", units: 5, listings: [{ ...first, unitsPerSale: 1 }] }]);
    sell(second, 2);
    truth.refused(first, 1, "out_of_stock");
    expect(truth.report().totals).toMatchObject({ lostUnits: 0, lostServableUnits: 0 });
  });
});

describe("from sale to confirmed", () => {
  test("ends at the first write that shows no more than the pool held after the sale", () => {
    const { clock, truth, sell, write } = poolOf(10);
    sell(first, 2);
    clock.advance(400);
    write(second, 9);
    clock.advance(400);
    write(second, 8);
    expect(truth.report().saleToConfirmed).toMatchObject({
      sales: 1,
      measured: 1,
      open: 0,
      ms: { p50: 800 },
    });
    expect(truth.sales(0, 10)).toMatchObject([
      {
        state: "measured",
        ms: 800,
        watches: [{ shownAtSale: 10, limit: 8, state: "confirmed", confirmedAt: 800 }],
      },
    ]);
  });

  test("is not ended by a write of the listing that sold, nor by one asked for before the sale", () => {
    const { clock, truth, sell, write } = poolOf(10);
    clock.advance(100);
    sell(first, 2);
    write(first, 8);
    truth.shown({ key: second, shows: 5, cause: "write", requestedAt: 50 });
    expect(truth.report().saleToConfirmed).toMatchObject({ measured: 0, open: 1 });
  });

  test("one write confirms every sale before it", () => {
    const { clock, truth, sell, write } = poolOf(10);
    for (let sale = 0; sale < 4; sale += 1) {
      sell(first, 1);
      clock.advance(100);
    }
    write(second, 6);
    expect(truth.report().saleToConfirmed).toMatchObject({ measured: 4, ms: { p50: 200, p99: 400 } });
  });

  test("needs nothing where the other listing shows no more than is left", () => {
    const { truth, sell, write } = poolOf(10);
    write(second, 3);
    sell(first, 2);
    expect(truth.report().saleToConfirmed).toMatchObject({ sales: 1, safe: 1, measured: 0, open: 0 });
  });

  test("counts a multipack by what fits", () => {
    const { clock, truth, sell, write } = poolOf(10, 3);
    sell(first, 2);
    clock.advance(50);
    write(second, 3);
    expect(truth.report().saleToConfirmed).toMatchObject({ measured: 0, open: 1 });
    write(second, 2);
    expect(truth.report().saleToConfirmed).toMatchObject({ measured: 1, ms: { p50: 50 } });
  });

  test("is overtaken when the excess goes away without a write", () => {
    const { truth, sell } = poolOf(2);
    sell(first, 2);
    sell(second, 2);
    expect(truth.report().saleToConfirmed).toMatchObject({ sales: 2, overtaken: 1, safe: 1, open: 0 });
  });

  test("allows what a cancellation gave back before the write", () => {
    const { clock, truth, sell, write } = poolOf(10);
    const kept = sell(first, 2);
    const cancelled = sell(first, 3);
    clock.advance(10);
    truth.released(first, 3, cancelled);
    write(second, 8);
    expect(truth.sales(0, 10)).toMatchObject([
      { orderId: kept, state: "measured" },
      { orderId: cancelled, state: "measured" },
    ]);
  });
});
