import type { OrderReading } from "@onepool/connectors/contract/connector.ts";
import { STATUS_RANK, type OrderReport, type SourceFacts } from "@onepool/core/ledger/order-record.ts";
import { heldFacts, joinState, lineFacts } from "@onepool/core/ledger/source-facts.ts";
import { describe, expect, it } from "vitest";

import { type BatteryBench, valueOf } from "./battery-bench.ts";
import { isLacking, type OrderStep } from "./battery-subject.ts";
import { type BatteryParts, benchOfEachTest, needed, needs } from "./bench-of-each-test.ts";

/** Times are told in whole seconds by some channels, so changes are further apart. In milliseconds. */
const BETWEEN_CHANGES_MS = 5_000;

/** Steps that one order can take one after the other. */
const LIVES: readonly (readonly OrderStep[])[] = [
  ["ship"],
  ["shipPart", "ship"],
  ["cancel"],
  ["ship", "cancelAfterLeaving"],
  ["ship", "sendBack"],
];

/** What an order's life at the channel means to us. */
export function orderLifeTests(parts: BatteryParts): void {
  orderState(parts);
  orderLife(parts);
}

function orderState(parts: BatteryParts): void {
  const { subject } = parts;

  describe("an order", () => {
    const bench = benchOfEachTest(parts);

    it("that waits for its payment is pending, and paid after it", async ({ skip }) => {
      needs(skip, subject.pending, subject.steps.pay);
      const orderId = await bench().sell({ units: 2, isPaid: false });
      expect(countsOf(await bench().order(orderId))).toEqual(["pending", 2, 0, 0, 0]);
      await bench().channel.advance(BETWEEN_CHANGES_MS);
      await bench().channel.step(orderId, "pay");
      expect(countsOf(await bench().order(orderId))).toEqual(["paid", 2, 0, 0, 0]);
    });

    it.for([
      ["ship", ["shipped", 3, 0, 3, 0]],
      ["shipPart", ["paid", 3, 0, 1, 0]],
      ["cancel", ["cancelled", 3, 3, 0, 0]],
    ] as const)(
      "after the step %s counts what left and what was given up",
      async ([step, counts], { skip }) => {
        needs(skip, subject.steps[step]);
        const orderId = await bench().sell({ units: 3 });
        await bench().channel.advance(BETWEEN_CHANGES_MS);
        await bench().channel.step(orderId, step);
        expect(countsOf(await bench().order(orderId))).toEqual(counts);
      },
    );

    it("cancelled after it left is still counted as having left", async ({ skip }) => {
      needs(skip, subject.steps.cancelAfterLeaving);
      const orderId = await live(bench(), ["ship", "cancelAfterLeaving"]);
      const [, , cancelled, shipped, returning] = countsOf(await bench().order(orderId));
      // Whatever the channel calls it: the goods are not on the shelf.
      expect([shipped, Number(cancelled) <= Number(shipped)]).toEqual([3, true]);
      expect(returning).toBe(3);
    });

    it("names its listing, its times and who ships it", async () => {
      const before = bench().channel.clock.now();
      const orderId = await bench().sell({ units: 2 });
      const { report } = await bench().order(orderId);
      expect(report).toMatchObject({ channel: bench().row.connection, orderId });
      expect(report.lines).toHaveLength(1);
      expect(report.lines[0]).toMatchObject({ listing: subject.listings.plain, quantity: 2 });
      expect(report.lines[0]?.fulfilledBy ?? "seller").toBe("seller");
      expect(report.lines[0]?.lineId).toMatch(/^.{1,200}$/);
      for (const time of [report.placedAt, report.updatedAt]) {
        expect(time).toBeGreaterThan(before - 2_000);
        expect(time).toBeLessThan(bench().channel.clock.now() + 2_000);
      }
    });

    it("of a listing that the channel keeps is marked as the channel's to ship", async ({ skip }) => {
      const externalId = needed(skip, subject.listings.channelKept);
      const { report } = await bench().order(await bench().sell({ externalId }));
      expect(report.lines).toMatchObject([{ listing: externalId, fulfilledBy: "channel" }]);
    });

    it("of another seller is no reading", async ({ skip }) => {
      needs(skip, subject.listings.foreign);
      const orderId = await bench().channel.sellElsewhere();
      const read = await bench().connector.fetchOrder(orderId);
      expect(read).toMatchObject({ ok: false, error: { kind: expect.toBeOneOf(["rejected", "not_found"]) } });
    });

    it("that the channel does not know is not found", async () => {
      const read = await bench().connector.fetchOrder(subject.orders.unknown);
      expect(read).toMatchObject({ ok: false, error: { kind: "not_found" } });
    });
  });
}

function orderLife(parts: BatteryParts): void {
  const { subject } = parts;

  describe("an order's life", () => {
    const bench = benchOfEachTest(parts);

    it.for(LIVES)("of %s %s only moves forward", async (steps, { skip }) => {
      needs(skip, ...steps.map((step) => subject.steps[step]));
      const readings = await readingsOf(bench(), steps);
      for (const [index, { report }] of readings.entries()) {
        const before = readings[index - 1]?.report;
        if (before === undefined) continue;
        expect(report.lines.map(({ lineId }) => lineId)).toEqual(before.lines.map(({ lineId }) => lineId));
        expect(report.updatedAt).toBeGreaterThanOrEqual(before.updatedAt ?? Number.NaN);
        expect(STATUS_RANK[report.status]).toBeGreaterThanOrEqual(STATUS_RANK[before.status]);
        for (const [nth, line] of report.lines.entries()) expectForward(line, before.lines[nth]);
      }
    });

    it.for(LIVES)("of %s %s ends the same, in whatever order its states arrive", async (steps, { skip }) => {
      needs(skip, ...steps.map((step) => subject.steps[step]));
      const read: OrderReport[] = [];
      const said: OrderReport[] = [];
      await live(bench(), steps, async (orderId) => {
        read.push((await bench().order(orderId)).report);
        said.push(...(await saidOf(bench(), orderId)));
      });
      const ends = permutationsOf([...read, ...said.slice(-4)]).map((order) => heldAfter(order));
      for (const end of ends) expect(end).toEqual(ends[0]);
      expect(ends[0]).toEqual(heldAfter(read.slice(-1)));
      expect(heldAfter([...read, ...said, ...read.toReversed(), ...said])).toEqual(ends[0]);
    });

    it.for(LIVES)(
      "of %s %s changes the fingerprint with each step, alike in list and order",
      async (steps, { skip }) => {
        needs(skip, ...steps.map((step) => subject.steps[step]));
        const seen: string[] = [];
        const orderId = await live(bench(), steps, async (id) => {
          const listed = await listedFingerprint(bench(), id);
          expect((await bench().order(id)).fingerprint).toBe(listed);
          expect(await listedFingerprint(bench(), id), "nothing changed").toBe(listed);
          seen.push(listed);
        });
        expect(new Set(seen).size, orderId).toBe(seen.length);
      },
    );
  });
}

/** Sells three units, pays them where the channel knows waiting, and takes the steps; `after` sees each state. */
async function live(
  bench: BatteryBench,
  steps: readonly OrderStep[],
  after?: (orderId: string) => Promise<void>,
): Promise<string> {
  const waits = !isLacking(bench.subject.pending);
  const orderId = await bench.sell({ units: 3, isPaid: !waits });
  await after?.(orderId);
  for (const step of [...(waits ? (["pay"] as const) : []), ...steps]) {
    await bench.channel.advance(BETWEEN_CHANGES_MS);
    await bench.channel.step(orderId, step);
    await after?.(orderId);
  }
  return orderId;
}

/** States of an order that notifications told by themselves, as they go into the ledger. */
async function saidOf(bench: BatteryBench, orderId: string): Promise<OrderReport[]> {
  const { kind } = bench.subject;
  const told = (await bench.channel.takeNews()).map((body) => kind.readNotification(body));
  return told
    .flatMap((reading) =>
      reading.kind === "notice" && reading.says !== undefined ? [reading.says.report] : [],
    )
    .filter((report) => report.orderId === orderId)
    .map((report) => ({ ...report, channel: bench.row.connection }));
}

async function readingsOf(bench: BatteryBench, steps: readonly OrderStep[]): Promise<OrderReading[]> {
  const readings: OrderReading[] = [];
  await live(bench, steps, async (orderId) => {
    readings.push(await bench.order(orderId));
  });
  return readings;
}

/** The fingerprint in the list; a whole reading in the list is the one that reading the order gives. */
async function listedFingerprint(bench: BatteryBench, orderId: string): Promise<string> {
  await bench.listed();
  const from = bench.channel.clock.now() - 3_600_000;
  const page = valueOf(await bench.connector.listChangedOrders({ from }));
  const row = page.orders.find((order) => order.orderId === orderId);
  if (row === undefined) throw new Error(`${orderId} is not among the changed orders`);
  if (row.reading !== undefined) expect(row.reading).toEqual(await bench.order(orderId));
  return row.fingerprint;
}

/** Status, and quantity, cancelled, shipped and returning of its only line, as the ledger reads them. */
function countsOf({ report }: OrderReading): unknown[] {
  const [line, ...others] = report.lines;
  if (line === undefined || others.length > 0) throw new Error("the order has one line");
  const { quantity, cancelled, shipped, returning } = lineFacts(report, line);
  return [report.status, quantity, cancelled, shipped, returning];
}

type Line = OrderReport["lines"][number];

function expectForward(line: Line, before: Line | undefined): void {
  for (const count of ["cancelled", "shipped", "returning"] as const)
    expect(line[count] ?? 0, count).toBeGreaterThanOrEqual(before?.[count] ?? 0);
  expect(line.quantity).toBe(before?.quantity);
}

/** What the ledger holds of each line once these states arrived. */
function heldAfter(reports: readonly OrderReport[]): unknown {
  const known = new Map<string, SourceFacts>();
  for (const report of reports)
    for (const line of report.lines) {
      const facts = lineFacts(report, line);
      const { updatedAt } = report;
      const key = updatedAt === undefined ? null : { updatedAt, rank: facts.rank };
      const state = { facts, key, correction: false, isHistory: false };
      known.set(line.lineId, joinState(known.get(line.lineId), state));
    }
  return Object.fromEntries([...known].map(([lineId, facts]) => [lineId, heldFacts(facts)]));
}

function permutationsOf<Value>(values: readonly Value[]): (readonly Value[])[] {
  if (values.length < 2) return [values];
  return values.flatMap((value, index) =>
    permutationsOf(values.toSpliced(index, 1)).map((rest) => [value, ...rest]),
  );
}
