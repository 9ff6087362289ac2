// A channel that counts listing units and keepers that count parts, interleaved in any way (SPEC I1, I2).
import fc from "fast-check";
import { expect, test } from "vitest";

import { keyOf } from "./ledger-state.ts";
import type { Source } from "./order-record.ts";
import { MAPPING, PLACES, RECIPE, counted, kitStates } from "./testing/arbitrary-left.ts";
import { LedgerStory } from "./testing/ledger-story.ts";

type Foundation = { readonly shipsFrom: string | null; readonly isMapped: boolean };

function founded({ shipsFrom, isMapped }: Foundation): LedgerStory {
  const story = LedgerStory.withSkus("A", "B");
  for (const code of PLACES) story.tell({ kind: "put_location", code });
  const settings = { shipsFrom };
  story.tell({ kind: "put_connection", code: "web", connectionKind: "api", mode: "live", settings });
  if (isMapped) story.tell(MAPPING);
  return story;
}

function balances(story: LedgerStory): Record<string, number> {
  const found: Record<string, number> = {};
  for (const sku of ["A", "B"])
    for (const { location, bucket, units } of story.state.accountsOf(sku)?.values() ?? [])
      if (units !== 0) found[keyOf(sku, location, bucket)] = units;
  return found;
}

const shipsFrom = fc.constantFrom("3pl", null);

test("[I2] a shipment told in kits, in parts and by place comes to the same balances in any order", () => {
  const arrivals = kitStates.chain((some) => {
    const twice = { minLength: some.length * 2, maxLength: some.length * 2 };
    const shuffled = fc.shuffledSubarray([...some, ...some], twice);
    return fc.record({ some: fc.constant(some), shuffled, shipsFrom, mappedAt: fc.nat(12) });
  });
  fc.assert(
    fc.property(arrivals, ({ some, shuffled, mappedAt, ...settings }) => {
      const inOrder = founded({ ...settings, isMapped: true });
      for (const command of some) inOrder.tell(command);
      const otherwise = founded({ ...settings, isMapped: false });
      for (const [place, command] of shuffled.entries()) {
        if (place === mappedAt) otherwise.tell(MAPPING);
        otherwise.tell(command);
      }
      otherwise.tell(MAPPING);
      expect(balances(otherwise)).toEqual(balances(inOrder));
      expect(otherwise.state.order("web", "O")?.status).toBe(inOrder.state.order("web", "O")?.status);
    }),
    { numRuns: 2000 },
  );
});

test("[I1] what left of each SKU falls once, by the larger of the two counts, and nothing is promised below zero", () => {
  const witnesses = fc.record({
    quantity: fc.integer({ min: 1, max: 4 }),
    shipped: fc.nat(4),
    left: fc.array(counted, { maxLength: 4 }),
    isKeeperFirst: fc.boolean(),
    shipsFrom,
  });
  fc.assert(
    fc.property(witnesses, ({ quantity, shipped, left, isKeeperFirst, ...settings }) => {
      const story = founded({ ...settings, isMapped: true });
      const whole = Math.min(shipped, quantity);
      const told = (source: Source, line: object): void => {
        const lines = [{ lineId: "1", listing: "KIT", quantity, ...line }];
        story.order({ status: "paid", lines }, source);
      };
      if (isKeeperFirst) told("keeper", { left });
      told("channel", { shipped: whole });
      told("keeper", { left });
      for (const { sku, units } of RECIPE) {
        const parts = left.reduce((sum, part) => (part.sku === sku ? sum + part.units : sum), 0);
        const out = Math.max(whole * units, parts);
        const { onHand, committed, available } = story.pool(sku);
        expect(onHand).toBe(0 - out);
        expect(committed).toBe(Math.max(0, quantity * units - out));
        expect(available).toBe(onHand - committed);
      }
    }),
    { numRuns: 800 },
  );
});
