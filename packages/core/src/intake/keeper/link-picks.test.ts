import { expect, it } from "vitest";

import { linkPick, linkShipment, type OpenUnits } from "./link-picks.ts";

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

it("takes as many as there are, from several where one is not enough", () => {
  const picks = [at("a", 1, 2), { ...at("b", 2, 5), openUnits: 1 }];
  expect(linkShipment(picks, { units: 9, occurredAt: 3 })).toEqual([
    { factId: "b", from: 4, to: 5 },
    { factId: "a", from: 0, to: 2 },
  ]);
});
