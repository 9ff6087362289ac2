// Generators of commands for property tests: few names, so that they meet often.
import fc from "fast-check";

import type { Command } from "../command.ts";
import type { LeftUnits, LineReport, OrderReport, Source } from "../order-record.ts";
import { NOON } from "./ledger-story.ts";

export const SKUS = ["A", "B", "C"] as const;
const MINUTE = 60_000;

const sku = fc.constantFrom(...SKUS);
const units = fc.integer({ min: 1, max: 6 });
const instant = fc.integer({ min: -60, max: 4 }).map((minutes) => NOON + minutes * MINUTE);
const location = fc.constantFrom("main", "3pl");

/** Locations, SKUs, a channel and two kits that share a component: told before anything else. */
export const FOUNDATION: readonly Command[] = [
  { kind: "put_location", code: "main", locationKind: "warehouse" },
  { kind: "put_location", code: "3pl", locationKind: "3pl" },
  { kind: "put_location", code: "fba", locationKind: "channel" },
  ...SKUS.map((code): Command => ({ kind: "put_sku", sku: code, attributes: {} })),
  { kind: "put_connection", code: "web", connectionKind: "api", mode: "live" },
  { kind: "put_listing", connection: "web", externalId: "PACK", components: [{ sku: "A", units: 3 }] },
  {
    kind: "put_listing",
    connection: "web",
    externalId: "KIT",
    components: [
      { sku: "A", units: 1 },
      { sku: "B", units: 2 },
    ],
  },
];

/** What a line names, the same for every state of an order. */
const named = fc.constantFrom(
  { sku: "A" },
  { sku: "B" },
  { listing: "PACK" },
  { listing: "KIT" },
  { listing: "LATER" },
);

const status = fc.constantFrom("pending", "paid", "shipped", "cancelled");

/** The SKUs that a line's name sells, or will once it is mapped. */
function sold({ sku: named, listing }: { sku?: string; listing?: string }): readonly string[] {
  if (named !== undefined) return [named];
  return { PACK: ["A"], KIT: ["A", "B"] }[listing ?? ""] ?? ["C"];
}

/** Parts of the line that left, as a keeper counts them. */
function leftArbitrary(name: {
  sku?: string;
  listing?: string;
}): fc.Arbitrary<readonly LeftUnits[] | undefined> {
  const counted = fc.record({ sku: fc.constantFrom(...sold(name)), location, units: fc.nat(6) });
  return fc.option(fc.array(counted, { maxLength: 3 }), { nil: undefined });
}

/** Counts of one line that a source could say: never more than was ordered. */
function lineArbitrary(lineId: string, name: { sku?: string; listing?: string }): fc.Arbitrary<LineReport> {
  return fc
    .record({
      quantity: units,
      cancelled: fc.nat(6),
      shipped: fc.nat(6),
      returning: fc.nat(6),
      isBare: fc.boolean(),
      where: fc.constantFrom("main", "3pl", null),
      left: leftArbitrary(name),
    })
    .map(({ quantity, cancelled, shipped, returning, isBare, where, left: parts }) => {
      const place = {
        ...(where === null ? {} : { location: where }),
        ...(parts === undefined ? {} : { left: parts }),
      };
      if (isBare) return { lineId, ...name, quantity, ...place };
      const left = Math.min(quantity, shipped);
      return {
        lineId,
        ...name,
        quantity,
        cancelled: Math.min(quantity, cancelled),
        shipped: left,
        returning: Math.min(left, returning),
        ...place,
      };
    });
}

/** Only a keeper counts parts. */
function asTold(source: Source, { left, ...line }: LineReport): LineReport {
  return source === "keeper" && left !== undefined ? { ...line, left } : line;
}

export interface ArrivingReport {
  readonly source: Source;
  readonly order: OrderReport;
}

/** Several states of one order of up to two lines, from several sources, timed and untimed. */
export const orderStates: fc.Arbitrary<readonly ArrivingReport[]> = fc
  .tuple(named, named)
  .chain(([first, second]) =>
    fc.array(
      fc
        .record({
          source: fc.constantFrom<Source>("channel", "keeper", "api"),
          status: status as fc.Arbitrary<OrderReport["status"]>,
          updatedAt: fc.option(instant, { nil: undefined }),
          correction: fc.boolean(),
          lines: fc.tuple(lineArbitrary("1", first), lineArbitrary("2", second)),
          shown: fc.constantFrom([0], [1], [0, 1]),
        })
        .map(({ source, updatedAt, correction, lines, shown, ...rest }): ArrivingReport => {
          const timed = updatedAt === undefined ? {} : { updatedAt, ...(correction ? { correction } : {}) };
          const order = {
            channel: "web",
            orderId: "O",
            ...rest,
            ...timed,
            lines: shown.map((index) => asTold(source, lines[index] as LineReport)),
          };
          return { source, order };
        }),
      { minLength: 1, maxLength: 7 },
    ),
  );

const orderCommand: fc.Arbitrary<Command> = fc
  .record({ states: orderStates, orderId: fc.constantFrom("O-1", "O-2", "O-3") })
  .map(({ states, orderId }) => {
    const [state] = states as readonly [ArrivingReport, ...ArrivingReport[]];
    return { kind: "order", source: state.source, order: { ...state.order, orderId } };
  });

const externalId = fc.integer({ min: 0, max: 40 }).map(String);
const movementBase = {
  kind: fc.constant("movement" as const),
  sku,
  location,
  units,
  externalId,
  occurredAt: instant,
};
const orderRef = fc.option(
  fc.record({
    channel: fc.constant("web"),
    orderId: fc.constantFrom("O-1", "O-2"),
    lineId: fc.constantFrom("1", "2"),
  }),
  { nil: undefined },
);

const inboundId = fc.constantFrom("I-1", "I-2", "T-1");
const expectedAt = fc.option(instant, { nil: undefined });

const movementCommand = fc.oneof(
  fc.record({ ...movementBase, movement: fc.constant("receipt" as const) }),
  fc.record({ ...movementBase, movement: fc.constant("receipt" as const), inboundId }),
  fc.record({
    ...movementBase,
    movement: fc.constant("transfer" as const),
    toLocation: fc.constantFrom("main", "3pl", "fba"),
    externalId: fc.constantFrom("T-1", "T-2"),
    inTransit: fc.boolean(),
    expectedAt,
  }),
  fc.record({
    ...movementBase,
    movement: fc.constant("adjustment" as const),
    units: fc.integer({ min: -6, max: 6 }).filter((n) => n !== 0),
    bucket: fc.constantFrom("sellable", "damaged", "quality_control"),
  }),
  fc.record({ ...movementBase, movement: fc.constant("count" as const), units: fc.nat(8), asOf: instant }),
  fc.record({
    ...movementBase,
    movement: fc.constant("count" as const),
    units: fc.nat(4),
    asOf: instant,
    bucket: fc.constantFrom("damaged", "sellable"),
  }),
  fc.record({ ...movementBase, movement: fc.constant("damage" as const) }),
  fc.record({
    ...movementBase,
    movement: fc.constant("transfer" as const),
    toLocation: fc.constantFrom("main", "3pl", "fba"),
  }),
  fc.record({ ...movementBase, movement: fc.constant("return" as const), order: orderRef }),
  fc.record({
    ...movementBase,
    movement: fc.constant("return" as const),
    order: orderRef,
    lost: fc.constant(true),
  }),
  fc.record({
    ...movementBase,
    movement: fc.constant("grade" as const),
    to: fc.constantFrom("sellable", "damaged", "lost"),
  }),
) as fc.Arbitrary<Command>;

const reservationId = fc.constantFrom("R-1", "R-2", "R-3", "R-4");
const holdLine = fc.oneof(
  fc.record({ sku, units }),
  fc.record({
    connection: fc.constant("web"),
    listing: fc.constantFrom("PACK", "KIT"),
    units: fc.integer({ min: 1, max: 2 }),
  }),
);

export const reserveCommand: fc.Arbitrary<Command> = fc.record({
  kind: fc.constant("reserve" as const),
  reservationId,
  lines: fc.array(holdLine, { minLength: 1, maxLength: 3 }),
  ttlSeconds: fc.integer({ min: 1, max: 600 }),
});

/** Few figures, so that a lower number is often reckoned from what is withheld. */
export const withholdCommand: fc.Arbitrary<Command> = fc.record({
  kind: fc.constant("withhold" as const),
  sku,
  units: fc.nat(4),
  was: fc.nat(4),
  as: fc.constantFrom("fact" as const, "request" as const),
});

const endCommand: fc.Arbitrary<Command> = fc.record({
  kind: fc.constant("end_reservation" as const),
  reservationId,
  how: fc.constantFrom("commit", "release", "expire"),
});

const mappingCommand: fc.Arbitrary<Command> = fc.oneof(
  fc.record({
    kind: fc.constant("put_listing" as const),
    connection: fc.constant("web"),
    externalId: fc.constantFrom("LATER", "PACK"),
    components: fc.constantFrom([{ sku: "C", units: 2 }], [{ sku: "A", units: 1 }]),
  }),
  fc.record({
    kind: fc.constant("remap" as const),
    channel: fc.constant("web"),
    orderId: fc.constantFrom("O-1", "O-2"),
  }),
);

const inboundCommand: fc.Arbitrary<Command> = fc.record({
  kind: fc.constant("put_inbound" as const),
  inboundId,
  location: fc.constantFrom("main", "3pl", "fba"),
  expectedAt: fc.option(instant, { nil: null }),
  status: fc.constantFrom("announced", "announced", "closed", "cancelled"),
  lines: fc.array(fc.record({ sku, units }), { minLength: 1, maxLength: 3 }),
});

/** Any command, the common ones more often. */
export const anyCommand: fc.Arbitrary<Command> = fc.oneof(
  { weight: 5, arbitrary: orderCommand },
  { weight: 4, arbitrary: movementCommand },
  { weight: 3, arbitrary: reserveCommand },
  { weight: 2, arbitrary: endCommand },
  { weight: 1, arbitrary: mappingCommand },
  { weight: 1, arbitrary: inboundCommand },
  { weight: 1, arbitrary: withholdCommand },
);
