import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { LedgerStory } from "../../ledger/testing/ledger-story.ts";
import { needsOf } from "./order-need.ts";
import { type GivenOrder, planFulfilment } from "./plan-fulfilment.ts";

/** What may happen to an order of a kit and of a plain SKU, one after the other. */
const happening = fc.oneof(
  fc.record({
    kind: fc.constant("cancel" as const),
    line: fc.constantFrom("1", "2"),
    units: fc.nat({ max: 4 }),
  }),
  fc.record({ kind: fc.constant("left" as const), share: fc.integer({ min: 0, max: 4 }) }),
  fc.record({
    kind: fc.constant("channel_ships" as const),
    line: fc.constantFrom("1", "2"),
    units: fc.nat({ max: 4 }),
  }),
  fc.record({
    kind: fc.constant("keeper" as const),
    answer: fc.constantFrom("takes", "lets_go", "too_late", "refuses"),
  }),
  fc.record({ kind: fc.constant("stop" as const), doNotShip: fc.boolean() }),
);

/** An order of 4 kits (2 × A, 1 × B) and 4 × C, and a keeper that is given what the plan says. */
class Desk {
  readonly story = LedgerStory.withSkus("A", "B", "C");
  readonly given: GivenOrder[] = [];
  private readonly counts = { "1": { cancelled: 0, shipped: 0 }, "2": { cancelled: 0, shipped: 0 } };
  private readonly left = new Map<string, number>();
  private doNotShip = false;
  private updates = 0;

  constructor() {
    const components = [
      { sku: "A", units: 2 },
      { sku: "B", units: 1 },
    ];
    this.story.tell({ kind: "put_connection", code: "web", connectionKind: "api" });
    this.story.tell({ kind: "put_listing", connection: "web", externalId: "KIT", components });
    for (const sku of ["A", "B", "C"]) this.story.receive(sku, 100);
    this.tellChannel();
  }

  get order() {
    const found = this.story.state.order("web", "A-1");
    if (found === null) throw new Error("the order is there");
    return found;
  }

  inHand(lineId: string, sku: string, states: readonly GivenOrder["state"][]): number {
    const held = this.given.filter(({ state }) => states.includes(state));
    const sum = (rows: GivenOrder["lines"]) =>
      rows.reduce((all, row) => (row.lineId === lineId && row.sku === sku ? all + row.units : all), 0);
    return sum(held.flatMap(({ lines }) => lines)) - sum(held.flatMap(({ left }) => left));
  }

  happen(what: typeof happening extends fc.Arbitrary<infer T> ? T : never): void {
    if (what.kind === "cancel") {
      const count = this.counts[what.line as "1" | "2"];
      count.cancelled = Math.min(4 - count.shipped, Math.max(count.cancelled, what.units));
    } else if (what.kind === "channel_ships") {
      const count = this.counts[what.line as "1" | "2"];
      count.shipped = Math.min(4 - count.cancelled, Math.max(count.shipped, what.units));
    } else if (what.kind === "stop") this.doNotShip = what.doNotShip;
    else if (what.kind === "left") this.pack(what.share);
    else this.answer(what.answer as "takes" | "lets_go" | "too_late" | "refuses");
    this.tellChannel();
  }

  plan() {
    const plan = planFulfilment(this.order, this.given);
    for (const reference of plan.takeBack) this.turn(reference, "cancelling");
    if (plan.give.length > 0)
      this.given.push({ reference: `R-${this.given.length}`, state: "wanted", lines: plan.give, left: [] });
    return plan;
  }

  private turn(reference: string, state: GivenOrder["state"]): void {
    const index = this.given.findIndex((one) => one.reference === reference);
    const known = this.given[index];
    if (known !== undefined) this.given[index] = { ...known, state };
  }

  private answer(answer: "takes" | "lets_go" | "too_late" | "refuses"): void {
    const [from, to] = {
      takes: ["wanted", "sent"] as const,
      refuses: ["wanted", "refused"] as const,
      lets_go: ["cancelling", "cancelled"] as const,
      too_late: ["cancelling", "too_late"] as const,
    }[answer];
    const found = this.given.find(({ state }) => state === from);
    if (found !== undefined) this.turn(found.reference, to);
  }

  /** The keeper ships up to so many units of what it has in hand of each part. */
  private pack(most: number): void {
    const lines = (["1", "2"] as const).map((lineId) => ({
      lineId,
      listing: lineId === "1" ? "KIT" : undefined,
      sku: lineId === "2" ? "C" : undefined,
      left: (lineId === "1" ? ["A", "B"] : ["C"]).flatMap((sku) => {
        const key = `${lineId} ${sku}`;
        const units = (this.left.get(key) ?? 0) + this.ship({ lineId, sku }, most);
        this.left.set(key, units);
        return units > 0 ? [{ sku, location: "main", units }] : [];
      }),
    }));
    this.updates += 1;
    this.story.order(
      {
        status: "paid",
        updatedAt: this.story.now + this.updates,
        lines: lines.map(({ lineId, left, sku, listing }) => ({
          lineId,
          quantity: 4,
          left,
          ...(sku === undefined ? {} : { sku }),
          ...(listing === undefined ? {} : { listing }),
        })),
      },
      "keeper",
    );
  }

  /** Ships up to so many units of a line from the first order that the keeper has them for. */
  private ship(line: { lineId: string; sku: string }, most: number): number {
    const same = (one: { lineId: string; sku: string }) => one.lineId === line.lineId && one.sku === line.sku;
    for (const [index, one] of this.given.entries()) {
      if (one.state !== "sent" && one.state !== "too_late") continue;
      const gone = one.left.filter(same).reduce((sum, { units }) => sum + units, 0);
      const units = Math.min(most, (one.lines.find(same)?.units ?? 0) - gone);
      if (units <= 0) continue;
      this.given[index] = { ...one, left: [...one.left, { ...line, units }] };
      return units;
    }
    return 0;
  }

  private tellChannel(): void {
    this.updates += 1;
    this.story.order({
      status: "paid",
      updatedAt: this.story.now + this.updates,
      doNotShip: this.doNotShip,
      lines: [
        { lineId: "1", listing: "KIT", quantity: 4, ...this.counts["1"] },
        { lineId: "2", sku: "C", quantity: 4, ...this.counts["2"] },
      ],
    });
  }
}

const HELD = ["wanted", "sent", "cancelling", "too_late"] as const;

describe("what keepers are given", () => {
  it("is never more than what is promised beyond what they have, and settles at once", () => {
    fc.assert(
      fc.property(fc.array(happening, { maxLength: 30 }), (happenings) => {
        const desk = new Desk();
        for (const what of happenings) {
          const plan = desk.plan();
          for (const need of needsOf(desk.order)) {
            const given = plan.give.find(({ lineId, sku }) => lineId === need.lineId && sku === need.sku);
            if (given === undefined) continue;
            expect(desk.inHand(need.lineId, need.sku, HELD)).toBeLessThanOrEqual(need.committed);
          }
          const again = desk.plan();
          expect(again.give).toEqual([]);
          expect(again.takeBack).toEqual([]);
          desk.happen(what);
        }
      }),
    );
  });

  it("comes to exactly what is promised once the keeper has answered everything", () => {
    fc.assert(
      fc.property(fc.array(happening, { maxLength: 30 }), (happenings) => {
        const desk = new Desk();
        for (const what of happenings) {
          desk.plan();
          desk.happen(what);
        }
        desk.happen({ kind: "stop", doNotShip: false });
        for (let round = 0; round < 12; round++) {
          desk.plan();
          desk.happen({ kind: "keeper", answer: "takes" });
          desk.happen({ kind: "keeper", answer: "lets_go" });
        }
        for (const { lineId, sku, committed } of needsOf(desk.order)) {
          const inHand = desk.inHand(lineId, sku, [...HELD, "refused"]);
          expect(inHand).toBeGreaterThanOrEqual(committed);
        }
      }),
    );
  });

  it("is taken back when the order is cancelled before it leaves, and given anew as far as it is not", () => {
    const desk = new Desk();
    expect(desk.plan().give).toEqual([
      { lineId: "1", sku: "A", units: 8 },
      { lineId: "1", sku: "B", units: 4 },
      { lineId: "2", sku: "C", units: 4 },
    ]);
    desk.happen({ kind: "keeper", answer: "takes" });
    desk.happen({ kind: "cancel", line: "2", units: 3 });
    expect(desk.plan()).toMatchObject({ give: [], takeBack: ["R-0"] });
    desk.happen({ kind: "keeper", answer: "lets_go" });
    expect(desk.plan().give).toEqual([
      { lineId: "1", sku: "A", units: 8 },
      { lineId: "1", sku: "B", units: 4 },
      { lineId: "2", sku: "C", units: 1 },
    ]);
  });
});
