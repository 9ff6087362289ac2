// Generators for an order line of a kit that a channel counts whole and keepers in parts.
import fc from "fast-check";

import type { Command, ReportOrder } from "../command.ts";
import type { LeftUnits, OrderReport, Source } from "../order-record.ts";
import { NOON } from "./ledger-story.ts";

export const RECIPE = [
  { sku: "A", units: 2 },
  { sku: "B", units: 1 },
];
export const PLACES = ["main", "3pl", "east"];

export const MAPPING: Command = {
  kind: "put_listing",
  connection: "web",
  externalId: "KIT",
  components: RECIPE,
};

export const counted: fc.Arbitrary<LeftUnits> = fc.record({
  sku: fc.constantFrom("A", "B"),
  location: fc.constantFrom(...PLACES),
  units: fc.integer({ min: 0, max: 5 }),
});

/** States of one line of a kit, from channel and keeper, timed or not. */
export const kitStates: fc.Arbitrary<readonly ReportOrder[]> = fc.array(
  fc
    .record({
      source: fc.constantFrom<Source>("channel", "keeper", "keeper"),
      status: fc.constantFrom<OrderReport["status"]>("pending", "paid", "shipped", "cancelled"),
      updatedAt: fc.option(fc.integer({ min: 0, max: 6 }), { nil: undefined }),
      isCorrection: fc.boolean(),
      quantity: fc.integer({ min: 1, max: 3 }),
      shipped: fc.option(fc.nat(3), { nil: undefined }),
      cancelled: fc.option(fc.nat(3), { nil: undefined }),
      left: fc.option(fc.array(counted, { maxLength: 4 }), { nil: undefined }),
      location: fc.constantFrom("main", "east", undefined),
    })
    .map(({ source, status, updatedAt, isCorrection, ...said }): ReportOrder => {
      const { quantity, shipped, cancelled, left, location } = said;
      const line = {
        lineId: "1",
        listing: "KIT",
        quantity,
        ...(shipped === undefined ? {} : { shipped: Math.min(shipped, quantity) }),
        ...(cancelled === undefined ? {} : { cancelled: Math.min(cancelled, quantity) }),
        ...(location === undefined ? {} : { location }),
        ...(source === "keeper" && left !== undefined ? { left } : {}),
      };
      const timed = updatedAt === undefined ? {} : { updatedAt: NOON + updatedAt, correction: isCorrection };
      const order = { channel: "web", orderId: "O", status, ...timed, lines: [line] };
      return { kind: "order", source, order };
    }),
  { minLength: 1, maxLength: 6 },
);
