import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { type DesiredInput, desiredQuantity } from "./desired-quantity.ts";

const input: fc.Arbitrary<DesiredInput> = fc.record({
  components: fc.uniqueArray(
    fc.record({
      sku: fc.string({ minLength: 1, maxLength: 3 }),
      unitsPerSale: fc.integer({ min: 1, max: 12 }),
      available: fc.integer({ min: -50, max: 500 }),
    }),
    { minLength: 1, maxLength: 5, selector: ({ sku }) => sku },
  ),
  policy: fc.record({
    buffer: fc.integer({ min: 0, max: 20 }),
    floor: fc.integer({ min: 0, max: 20 }),
    cap: fc.option(fc.integer({ min: 0, max: 100 })),
  }),
  channelMax: fc.option(fc.integer({ min: 0, max: 200 })),
  quota: fc.option(fc.nat({ max: 40 }), { nil: null }),
  heldBack: fc.nat({ max: 10 }),
  openSales: fc.nat({ max: 5 }),
});

/** Sales that really fit: sell one after the other until a pool would go below what it holds back. */
function salesThatFit({ components, policy, heldBack = 0 }: DesiredInput): number {
  const pools = components.map((pool) => ({ ...pool }));
  let sales = 0;
  const fits = () =>
    pools.every(
      ({ available, unitsPerSale }) => available - unitsPerSale >= policy.buffer + policy.floor + heldBack,
    );
  while (fits()) {
    for (const pool of pools) pool.available -= pool.unitsPerSale;
    sales += 1;
  }
  return sales;
}

describe("the desired quantity", () => {
  it("is what can be sold one after the other, within the limits", () => {
    fc.assert(
      fc.property(input, (given) => {
        const limit =
          Math.min(salesThatFit(given), given.policy.cap ?? Infinity, given.quota ?? Infinity) +
          given.openSales;
        expect(desiredQuantity(given).quantity).toBe(Math.min(limit, given.channelMax ?? Infinity));
      }),
    );
  });

  it("never rises when a pool falls, nor when more is held back", () => {
    fc.assert(
      fc.property(input, fc.nat({ max: 30 }), fc.nat(), (given, units, which) => {
        const before = desiredQuantity(given).quantity;
        const index = which % given.components.length;
        const components = given.components.map((pool, at) =>
          at === index ? { ...pool, available: pool.available - units } : pool,
        );
        expect(desiredQuantity({ ...given, components }).quantity).toBeLessThanOrEqual(before);
        const policy = { ...given.policy, buffer: given.policy.buffer + units };
        expect(desiredQuantity({ ...given, policy }).quantity).toBeLessThanOrEqual(before);
        const heldBack = (given.heldBack ?? 0) + units;
        expect(desiredQuantity({ ...given, heldBack }).quantity).toBeLessThanOrEqual(before);
      }),
    );
  });

  it("is explained by its steps, which end at it", () => {
    fc.assert(
      fc.property(input, (given) => {
        const { quantity, steps } = desiredQuantity(given);
        const last = steps.at(-1);
        expect(last?.step === "component" ? last.sales : last?.quantity).toBe(quantity);
        const named = steps.flatMap((step) => (step.step === "component" ? [step.sku] : []));
        expect(named).toEqual(given.components.map(({ sku }) => sku));
      }),
    );
  });

  it("does not depend on the order of the components", () => {
    fc.assert(
      fc.property(input, (given) => {
        const components = given.components.toReversed();
        expect(desiredQuantity({ ...given, components }).quantity).toBe(desiredQuantity(given).quantity);
      }),
    );
  });
});
