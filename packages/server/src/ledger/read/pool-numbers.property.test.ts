import fc from "fast-check";
import { expect, test } from "vitest";

import { locationNumbers, poolNumbers, type Balance } from "./pool-numbers.ts";

const physical = fc.record({
  location: fc.constantFrom("main", "3pl", "fba"),
  bucket: fc.constantFrom(
    "sellable" as const,
    "quality_control" as const,
    "damaged" as const,
    "incoming" as const,
  ),
  units: fc.integer({ min: -1_000, max: 1_000 }),
});

const promise = fc.record({
  location: fc.constant(""),
  bucket: fc.constantFrom("reserved" as const, "committed" as const, "returning" as const),
  units: fc.nat(1_000),
});

const balances = fc.array(fc.oneof(physical, promise), { maxLength: 20 }).map((list) =>
  list.map((balance): Balance => {
    const kinds = { main: "warehouse", "3pl": "3pl", fba: "channel", "": null } as const;
    return { ...balance, kind: kinds[balance.location as keyof typeof kinds] };
  }),
);

test("onHand = available + reserved + committed + qualityControl + damaged, whatever lies where", () => {
  fc.assert(
    fc.property(balances, (list) => {
      const { onHand, available, reserved, committed, qualityControl, damaged } = poolNumbers(list);
      expect(onHand).toBe(available + reserved + committed + qualityControl + damaged);
    }),
  );
});

test("the pool is the sum of the seller's own locations, and no channel's", () => {
  fc.assert(
    fc.property(balances, (list) => {
      const own = locationNumbers(list).filter(({ kind }) => kind !== "channel");
      const sum = (pick: (numbers: (typeof own)[number]) => number) =>
        own.reduce((units, each) => units + pick(each), 0);
      const pool = poolNumbers(list);
      expect(pool.onHand).toBe(sum((each) => each.sellable + each.qualityControl + each.damaged));
      expect(pool.incoming).toBe(sum((each) => each.incoming));
    }),
  );
});
