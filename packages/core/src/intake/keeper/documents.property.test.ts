// Documents of keepers come in any order, twice and late: their states join, and only what is new of them is booked.
import fc from "fast-check";
import { describe, expect, it } from "vitest";

import type { Movement } from "../../ledger/command.ts";
import { LedgerStory } from "../../ledger/testing/ledger-story.ts";
import type { Origin } from "./booking.ts";
import { distributeLeft, type OpenLine, type PlacedUnits } from "./distribute-left.ts";
import { type OpenUnits, linkedUnits, linkPick, linkShipment } from "./link-picks.ts";
import { EMPTY_ORDER, joinShipment, leftOf, type OrderPart } from "./merge-order.ts";
import { EMPTY_RETURN, gradedOf, joinReturn, type ReturnPart } from "./merge-return.ts";
import { EMPTY_INBOUND, type InboundPart, joinReceipt, planReceipt } from "./plan-receipt.ts";
import { planReturn } from "./plan-return.ts";

const units = fc.nat({ max: 6 });
const place = fc.record({ sku: fc.constantFrom("A", "B"), location: fc.constantFrom("main", "other") });

const orderPart: fc.Arbitrary<OrderPart> = fc
  .tuple(place, fc.constantFrom("1", "2", null), units)
  .map(([at, lineId, shipped]) => ({ ...at, lineId, shipped }));
const inboundPart: fc.Arbitrary<InboundPart> = fc
  .tuple(place, units, units, units)
  .map(([at, expected, stowed, damaged]) => ({ ...at, expected, stowed, damaged }));
const returnPart: fc.Arbitrary<ReturnPart> = fc
  .tuple(place, units, units, fc.tuple(units, units, units, units))
  .map(([at, quantity, arrived, [restocked, quarantined, disposed, missing]]) => ({
    ...at,
    quantity,
    arrived,
    restocked,
    quarantined,
    disposed,
    missing,
  }));

const states = <Part>(part: fc.Arbitrary<Part>): fc.Arbitrary<Part[][]> =>
  fc.array(fc.array(part, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 5 });

const origin: Origin = { connection: "wh", document: "d-1", occurredAt: 1_795_428_000_000 };

function founded(): LedgerStory {
  const story = LedgerStory.withSkus("A", "B");
  story.tell({ kind: "put_location", code: "other", locationKind: "warehouse" });
  return story;
}

function accept(story: LedgerStory, moves: readonly Movement[]): void {
  for (const move of moves) expect(story.tell(move)).toMatchObject({ ok: true });
}

describe("states of a document", () => {
  it("[I2] join to the same whatever their order and however often they come", () => {
    const check = <Part, Document>(
      part: fc.Arbitrary<Part>,
      join: (known: Document, told: readonly Part[]) => Document,
      empty: Document,
    ): void => {
      fc.assert(
        fc.property(states(part), fc.infiniteStream(fc.nat()), (told, keys) => {
          const shuffled = [...told, ...told]
            .map((state) => ({ state, key: keys.next().value ?? 0 }))
            .toSorted((one, other) => one.key - other.key)
            .map(({ state }) => state);
          expect(shuffled.reduce(join, empty)).toEqual(told.reduce(join, empty));
        }),
      );
    };
    check(orderPart, joinShipment, EMPTY_ORDER);
    check(inboundPart, joinReceipt, EMPTY_INBOUND);
    check(returnPart, joinReturn, EMPTY_RETURN);
  });

  it("[I2] of a delivery come to what arrived, whatever was told between", () => {
    fc.assert(
      fc.property(states(inboundPart), (told) => {
        const story = founded();
        let known = EMPTY_INBOUND;
        for (const state of [...told, ...told]) {
          const next = joinReceipt(known, state);
          accept(story, planReceipt(origin, known, next, null));
          known = next;
        }
        for (const { sku, location, stowed, damaged } of known.parts) {
          expect(story.state.balance(sku, location, "sellable")).toBe(stowed);
          expect(story.state.balance(sku, location, "damaged")).toBe(damaged);
        }
      }),
    );
  });

  it("[I2] of a return leave each unit where it was last put, and nothing sellable that was not restocked", () => {
    fc.assert(
      fc.property(states(returnPart), (told) => {
        const story = founded();
        let known = EMPTY_RETURN;
        for (const state of [...told, ...told]) {
          const next = joinReturn(known, state);
          accept(story, planReturn(origin, known, next, []));
          known = next;
          for (const part of known.parts) {
            const { arrived, sellable, damaged, lost } = gradedOf(part);
            const held = (bucket: "sellable" | "damaged" | "quality_control"): number =>
              story.state.balance(part.sku, part.location, bucket);
            expect(held("sellable")).toBe(sellable);
            expect(held("damaged")).toBe(damaged);
            expect(held("quality_control")).toBe(arrived - sellable - damaged - lost);
            expect(sellable).toBeLessThanOrEqual(part.restocked);
          }
        }
      }),
    );
  });
});

describe("what left for an order", () => {
  const lines: readonly OpenLine[] = [
    { lineId: "1", recipe: [{ sku: "A", units: 2 }], quantity: 2 },
    {
      lineId: "2",
      recipe: [
        { sku: "A", units: 1 },
        { sku: "B", units: 1 },
      ],
      quantity: 3,
    },
  ];
  const total = (parts: readonly PlacedUnits[], sku: string, location: string): number =>
    parts.reduce((sum, part) => (part.sku === sku && part.location === location ? sum + part.units : sum), 0);

  it("is placed whole, stays with its line, and goes first to where it was sold", () => {
    fc.assert(
      fc.property(states(orderPart), (told) => {
        let document = EMPTY_ORDER;
        let placed: readonly PlacedUnits[] = [];
        for (const state of told) {
          document = joinShipment(document, state);
          const left = leftOf(document);
          const next = distributeLeft(lines, placed, left, []);
          for (const { sku, location } of left)
            expect(total(next, sku, location)).toBe(total(left, sku, location));
          for (const part of placed) {
            const now = next.find(
              (one) => one.lineId === part.lineId && one.sku === part.sku && one.location === part.location,
            );
            expect(now?.units ?? 0).toBeGreaterThanOrEqual(part.units);
          }
          placed = next;
        }
      }),
    );
  });

  it("fills each line with what it sold before any gets more", () => {
    const all = (amount: number): PlacedUnits[] => [
      { lineId: null, sku: "A", location: "main", units: amount },
    ];
    expect(distributeLeft(lines, [], all(6), [])).toEqual([
      { lineId: "1", sku: "A", location: "main", units: 4 },
      { lineId: "2", sku: "A", location: "main", units: 2 },
    ]);
    expect(distributeLeft(lines, [], all(9), [])).toMatchObject([{ units: 4 }, { lineId: "2", units: 5 }]);
    expect(distributeLeft(lines, [], all(2), [{ ...all(4)[0], lineId: "1" } as PlacedUnits])).toMatchObject([
      { lineId: "2", units: 2 },
    ]);
    const strange = { lineId: null, sku: "C", location: "main", units: 1 };
    expect(distributeLeft(lines, [], [strange], [])).toEqual([strange]);
    const unmapped = { lineId: "3", recipe: null, quantity: 1 };
    expect(distributeLeft([...lines, unmapped], [], [strange], [])).toEqual([{ ...strange, lineId: "3" }]);
    const placed = distributeLeft(lines, [], all(6), []);
    expect(distributeLeft(lines, placed, all(3), [])).toEqual([
      { lineId: "1", sku: "A", location: "main", units: 3 },
    ]);
  });
});

const HOUR_MS = 3_600_000;

describe("picks without an order", () => {
  const open: fc.Arbitrary<OpenUnits[]> = fc
    .array(
      fc.record({
        units: fc.integer({ min: 1, max: 5 }),
        used: fc.nat({ max: 5 }),
        occurredAt: fc.nat({ max: 9 }).map((halves) => halves * (HOUR_MS / 2)),
      }),
    )
    .map((rows) =>
      rows.map(({ units: amount, used, occurredAt }, nth) => ({
        factId: `f-${nth}`,
        units: amount,
        openUnits: Math.max(0, amount - used),
        occurredAt,
      })),
    );

  it("are held against shipments after them, or not an hour before them, and never twice", () => {
    fc.assert(
      fc.property(open, units, fc.nat({ max: 9 }), (rows, amount, halves) => {
        const occurredAt = halves * (HOUR_MS / 2);
        for (const [link, mayBelong] of [
          [linkShipment, (at: number): boolean => at <= occurredAt + HOUR_MS],
          [linkPick, (at: number): boolean => at >= occurredAt - HOUR_MS],
        ] as const) {
          const linked = link(rows, { units: amount, occurredAt });
          const able = rows.filter((row) => mayBelong(row.occurredAt));
          const most = able.reduce((sum, row) => sum + row.openUnits, 0);
          expect(linkedUnits(linked)).toBe(Math.min(amount, most));
          for (const { factId, from, to } of linked) {
            const row = able.find((one) => one.factId === factId);
            expect(row?.units).toBeGreaterThanOrEqual(to);
            expect(from).toBe((row?.units ?? 0) - (row?.openUnits ?? 0));
          }
        }
      }),
    );
  });
});
