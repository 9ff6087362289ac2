import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { type DealtListing, dealQuotas } from "./deal-quotas.ts";

const perMinute = (rate: number) => rate / 60_000;

function listing(key: string, change: Partial<DealtListing> = {}): DealtListing {
  return {
    key,
    components: [{ sku: "A", units: 1 }],
    exposure: 0,
    shown: 0,
    isCompared: true,
    isOurs: true,
    limit: 1_000,
    rate: perMinute(0.1),
    value: 1,
    ...change,
  };
}

const deal = (available: number, ...listings: DealtListing[]) =>
  Object.fromEntries(dealQuotas(new Map([["A", available]]), listings));

describe("dealing the last units", () => {
  it("gives one by one to where the next sale is likeliest", () => {
    const listings = [listing("slow"), listing("quick", { rate: perMinute(0.3) })];
    expect(deal(1, ...listings)).toEqual({ slow: 0, quick: 1 });
    expect(deal(6, ...listings)).toEqual({ slow: 2, quick: 4 });
  });

  it("gives to the more valuable of two that sell alike", () => {
    expect(deal(1, listing("a"), listing("b", { value: 1.5 }))).toEqual({ a: 0, b: 1 });
  });

  it("leaves a unit where it lies unless it sells far better elsewhere", () => {
    const holder = listing("holder", { shown: 1, exposure: 1 });
    expect(deal(1, holder, listing("other", { rate: perMinute(0.15) }))).toEqual({ holder: 1, other: 0 });
    expect(deal(1, holder, listing("other", { rate: perMinute(2) }))).toEqual({ holder: 0, other: 1 });
  });

  it("keeps what a listing without compare-and-set shows, or takes all of it", () => {
    const plain = { isCompared: false, shown: 3, exposure: 9 };
    expect(deal(5, listing("a", plain), listing("b"))).toEqual({ a: 3, b: 2 });
    expect(deal(2, listing("a", plain), listing("b"))).toEqual({ a: 0, b: 2 });
    expect(deal(3, listing("a", plain), listing("b", plain))).toEqual({ a: 3, b: 0 });
  });

  it("does not deal what others show and we cannot take", () => {
    expect(deal(5, listing("a", { isOurs: false, shown: 3, exposure: 4 }), listing("b"))).toEqual({
      a: 0,
      b: 1,
    });
  });

  it("adds up what packs and kits take of a shared component", () => {
    const kit = listing("kit", {
      components: [
        { sku: "A", units: 1 },
        { sku: "B", units: 2 },
      ],
      rate: perMinute(0.2),
    });
    const pack = listing("pack", { components: [{ sku: "A", units: 2 }] });
    const pools = new Map([
      ["A", 5],
      ["B", 4],
    ]);
    const quotas = Object.fromEntries(dealQuotas(pools, [kit, pack, listing("single")]));
    expect(quotas).toEqual({ kit: 2, pack: 1, single: 1 });
  });

  it("gives no more than a listing may show by its policy", () => {
    expect(deal(5, listing("a", { limit: 1 }), listing("b", { limit: 2 }))).toEqual({ a: 1, b: 2 });
  });
});

const component = fc.record({ sku: fc.constantFrom("A", "B", "C"), units: fc.integer({ min: 1, max: 3 }) });
const anyListing = fc.record({
  components: fc.uniqueArray(component, { minLength: 1, maxLength: 3, selector: ({ sku }) => sku }),
  exposure: fc.nat({ max: 12 }),
  shown: fc.nat({ max: 6 }),
  isCompared: fc.boolean(),
  isOurs: fc.boolean(),
  limit: fc.nat({ max: 9 }),
  rate: fc.constantFrom(0, perMinute(0.1), perMinute(3)),
  value: fc.constantFrom(0.5, 1, 2),
});

describe("any deal", () => {
  it("[I7] never gives out more than is available, packs and kits added up", () => {
    fc.assert(
      fc.property(
        fc.array(anyListing, { maxLength: 6 }),
        fc.record({ A: fc.integer({ min: -3, max: 15 }), B: fc.nat({ max: 15 }) }),
        (given, available) => {
          const listings = given.map((one, nth) => ({ ...one, key: `L${nth}` }));
          const quotas = dealQuotas(new Map(Object.entries(available)), listings);
          for (const [sku, units] of Object.entries(available)) {
            const perSale = (one: DealtListing) =>
              one.components.find((part) => part.sku === sku)?.units ?? 0;
            const sum = listings.reduce((total, one) => total + perSale(one) * (quotas.get(one.key) ?? 0), 0);
            const lost = listings.reduce(
              (total, one) => total + (one.isOurs ? 0 : perSale(one) * one.exposure),
              0,
            );
            expect(sum).toBeLessThanOrEqual(Math.max(0, units - lost));
          }
          for (const one of listings) {
            const quota = quotas.get(one.key) ?? -1;
            expect(quota).toBeLessThanOrEqual(one.isOurs ? one.limit : 0);
            if (one.isOurs && !one.isCompared && one.shown > 0) expect([0, one.shown]).toContain(quota);
          }
        },
      ),
    );
  });

  it("leaves nothing over that somebody could sell, and is the same for the same", () => {
    fc.assert(
      fc.property(
        fc.array(anyListing, { minLength: 1, maxLength: 6 }),
        fc.nat({ max: 15 }),
        (given, available) => {
          const listings = given.map((one, nth) => ({
            ...one,
            key: `L${nth}`,
            components: [{ sku: "A", units: 1 }],
          }));
          const quotas = dealQuotas(new Map([["A", available]]), listings);
          const dealt = listings.reduce(
            (sum, one) => sum + (one.isOurs ? (quotas.get(one.key) ?? 0) : one.exposure),
            0,
          );
          for (const one of listings) {
            const isFree = one.isOurs && (one.isCompared || one.shown === 0);
            if (isFree && (quotas.get(one.key) ?? 0) < one.limit)
              expect(dealt).toBeGreaterThanOrEqual(available);
          }
          expect(dealQuotas(new Map([["A", available]]), listings.toReversed())).toEqual(quotas);
        },
      ),
    );
  });
});
