// Counts of damaged units: absolute as of a time, like those of sellable ones, each for its own bucket.
import fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";

import { LedgerStory, NOON } from "./testing/ledger-story.ts";

let story: LedgerStory;
let ids = 0;

function stocked(): LedgerStory {
  const made = LedgerStory.withSkus("A");
  made.move("receipt", { ...place(), units: 20, occurredAt: NOON - 1000 });
  return made;
}

beforeEach(() => {
  story = stocked();
});

function place() {
  return { sku: "A", location: "main", externalId: `m-${ids++}` };
}

const count = (units: number, asOf: number, bucket: "damaged" | "sellable" = "damaged") =>
  story.move("count", { ...place(), units, asOf, bucket });
const lies = (bucket: "sellable" | "damaged" = "damaged") => story.state.balance("A", "main", bucket);

describe("a count of damaged units", () => {
  test("books the difference at its time and leaves what is sellable alone", () => {
    story.move("damage", { ...place(), units: 3, occurredAt: NOON - 500 });
    count(5, NOON - 100);
    expect([lies("sellable"), lies()]).toEqual([17, 5]);
    expect(story.entries.at(-1)?.entry.legs).toMatchObject([
      { bucket: "damaged", units: 2, counterpart: "variance", occurredAt: NOON - 100 },
    ]);
  });

  test("nets what turns up later and happened before it, per bucket", () => {
    count(5, NOON - 100);
    story.move("damage", { ...place(), units: 2, occurredAt: NOON - 200 });
    expect([lies("sellable"), lies()]).toEqual([18, 5]);
    story.move("damage", { ...place(), units: 2, occurredAt: NOON - 50 });
    expect([lies("sellable"), lies()]).toEqual([16, 7]);
    count(10, NOON - 60, "sellable");
    expect([lies("sellable"), lies()]).toEqual([8, 7]);
  });

  test("takes a late loss that it already saw, whatever lies there now", () => {
    count(1, NOON - 100);
    const late = { ...place(), units: -4, bucket: "damaged" as const, occurredAt: NOON - 200 };
    expect(story.move("adjustment", late).ok).toBe(true);
    expect(lies()).toBe(1);
    expect(story.move("adjustment", { ...place(), units: -4, bucket: "damaged" }).ok).toBe(false);
  });

  test("between earlier and later counts moves nothing in the end", () => {
    count(4, NOON - 100);
    count(9, NOON - 200);
    count(1, NOON - 300);
    expect(lies()).toBe(4);
  });

  test("never takes the bucket below zero", () => {
    story.move("damage", { ...place(), units: 3, occurredAt: NOON - 500 });
    story.move("adjustment", { ...place(), units: -2, bucket: "damaged", occurredAt: NOON - 50 });
    expect(count(0, NOON - 100).ok).toBe(true);
    expect(lies()).toBe(0);
  });
});

test("[I2] a count and what happened around it come to the same units in any order", () => {
  const event = fc.record({
    minute: fc.integer({ min: -10, max: 10 }),
    units: fc.integer({ min: 1, max: 4 }),
  });
  const arrivals = fc.array(event, { maxLength: 6 }).chain((events) =>
    fc.record({
      events: fc.constant(events),
      shuffled: fc.shuffledSubarray(events, { minLength: events.length, maxLength: events.length }),
      countedAfter: fc.nat(6),
      counted: fc.nat(9),
    }),
  );
  fc.assert(
    fc.property(arrivals, ({ events, shuffled, countedAfter, counted }) => {
      story = stocked();
      const now = NOON - 1000;
      const tell = (some: typeof events) => {
        for (const { minute, units } of some)
          story.move("adjustment", { ...place(), units, bucket: "damaged", occurredAt: now + minute });
      };
      tell(shuffled.slice(0, countedAfter));
      count(counted, now);
      tell(shuffled.slice(countedAfter));
      const later = events.filter(({ minute }) => minute > 0).reduce((sum, { units }) => sum + units, 0);
      expect(lies()).toBe(counted + later);
    }),
  );
});
