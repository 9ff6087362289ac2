import fc from "fast-check";
import { expect, it } from "vitest";

import { linkedUnits, linkPick, linkShipment, type OpenUnits } from "./link-picks.ts";

const at = (factId: string, occurredAt: number, units = 1): OpenUnits => ({
  factId,
  units,
  openUnits: units,
  occurredAt,
});

it("takes the newest pick before a shipment, and leaves older ones to shipments that are told later", () => {
  const picks = [at("pick of the first", 37), at("pick of the second", 39), at("later", 41)];
  expect(linkShipment(picks, { units: 1, occurredAt: 39 })).toEqual([
    { factId: "pick of the second", from: 0, to: 1 },
  ]);
  const left = picks.filter(({ factId }) => factId !== "pick of the second");
  expect(linkShipment(left, { units: 1, occurredAt: 37 })).toEqual([
    { factId: "pick of the first", from: 0, to: 1 },
  ]);
});

it("takes the oldest shipment from a pick on, and leaves newer ones to picks that are told later", () => {
  const shipments = [at("before", 36), at("second", 41), at("first", 38)];
  expect(linkPick(shipments, { units: 1, occurredAt: 37 })).toEqual([{ factId: "first", from: 0, to: 1 }]);
});

it("holds what is over against what is somewhat later, and not against what is much later", () => {
  expect(linkShipment([at("soon after", 41)], { units: 1, occurredAt: 40 })).toHaveLength(1);
  expect(linkPick([at("just before", 40)], { units: 1, occurredAt: 41 })).toHaveLength(1);
  const nextDay = 24 * 3_600_000;
  expect(linkShipment([at("the next day", nextDay)], { units: 1, occurredAt: 40 })).toEqual([]);
  expect(linkPick([at("the day before", 40)], { units: 1, occurredAt: nextDay })).toEqual([]);
});

/** Any order in which picks and shipments of the same units are told leaves nothing over. */
it("leaves nothing over, whatever the order of telling", () => {
  const told = fc.shuffledSubarray(
    [1, 2, 3, 4, 5, 6].flatMap((second) => [
      { side: "pick" as const, id: `p${second}`, occurredAt: second * 1_000, units: second },
      { side: "shipment" as const, id: `s${second}`, occurredAt: second * 1_000, units: second },
    ]),
    { minLength: 12, maxLength: 12 },
  );
  fc.assert(
    fc.property(told, (events) => {
      const open = { pick: [] as OpenUnits[], shipment: [] as OpenUnits[] };
      for (const { side, id, occurredAt, units } of events) {
        const other = side === "pick" ? "shipment" : "pick";
        const linked = (side === "pick" ? linkPick : linkShipment)(open[other], { units, occurredAt });
        open[other] = open[other]
          .map((one) => {
            const used = linked.find(({ factId }) => factId === one.factId);
            return used === undefined ? one : { ...one, openUnits: one.units - used.to };
          })
          .filter(({ openUnits }) => openUnits > 0);
        const rest = units - linkedUnits(linked);
        if (rest > 0) open[side].push({ factId: id, units, openUnits: rest, occurredAt });
      }
      expect(open).toEqual({ pick: [], shipment: [] });
    }),
  );
});

it("takes as many as there are, from several where one is not enough", () => {
  const picks = [at("a", 1, 2), { ...at("b", 2, 5), openUnits: 1 }];
  expect(linkShipment(picks, { units: 9, occurredAt: 3 })).toEqual([
    { factId: "b", from: 4, to: 5 },
    { factId: "a", from: 0, to: 2 },
  ]);
});
