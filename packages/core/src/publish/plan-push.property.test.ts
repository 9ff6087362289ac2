import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { judgeReading } from "./judge-reading.ts";
import type { ListingView } from "./listing-view.ts";
import { planPush } from "./plan-push.ts";

/**
 * One listing at a channel that sells by itself, applies writes late and may lose them, while news of its sales comes late.
 * Predicts nothing: it only carries out plans and lets things happen.
 */
class World {
  now = 1_000_000;
  /** The channel's own number, and writes it has accepted but not applied. */
  shows: number;
  private coming: { at: number; quantity: number }[] = [];
  /** Units sold at the channel that the pool does not know yet. */
  private unknown = 0;
  available: number;
  listing: ListingView;
  pushes = 0;

  constructor(available: number, shows: number) {
    this.available = available;
    this.shows = shows;
    this.listing = {
      mode: "live",
      desired: available,
      updatedSeq: 1,
      seq: 1,
      pace: { rate: 0, orderRate: 0, squareRate: 0 },
      isDealt: false,
      comparesWrites: false,
      observed: null,
      observedAt: null,
      readWantedAt: null,
      pushed: null,
      pushedAt: null,
      overtakenUntil: null,
      problem: null,
      attempts: 0,
      ordersKnownUntil: this.now,
      isFeedStale: false,
      mendedAt: null,
    };
  }

  sellHere(): void {
    if (this.shows === 0) return;
    this.shows -= 1;
    this.unknown += 1;
  }

  pass(ms: number): void {
    this.now += ms;
    for (const { quantity } of this.coming.filter(({ at }) => at <= this.now)) this.shows = quantity;
    this.coming = this.coming.filter(({ at }) => at > this.now);
  }

  /** The news arrives: the pool falls, and the listing is known to have changed. */
  learn(): void {
    this.available -= this.unknown;
    this.unknown = 0;
    this.listing = { ...this.listing, readWantedAt: this.now, ordersKnownUntil: this.now };
  }

  step(fate: { readonly lost: boolean; readonly applyMs: number }): boolean {
    this.listing = { ...this.listing, desired: Math.max(0, this.available) };
    const plan = planPush(this.listing, this.now);
    switch (plan.do) {
      case "rest":
        this.listing = { ...this.listing, pushed: null, pushedAt: null, problem: null };
        return true;
      case "note":
        throw new Error("a live listing is pushed");
      case "wait":
        this.pass(plan.until - this.now);
        if (plan.asksForOrders) this.learn();
        return false;
      case "push":
        this.pushes += 1;
        this.listing = { ...this.listing, pushed: plan.quantity, pushedAt: this.now, attempts: 0 };
        if (!fate.lost) this.coming.push({ at: this.now + fate.applyMs, quantity: plan.quantity });
        return false;
      case "read":
        this.read();
        return false;
    }
  }

  private read(): void {
    const at = this.now;
    this.pass(50);
    const reading = { quantity: this.shows, notWritable: null, at, appliesWithinMs: 3_000, seq: 1 };
    const judged = judgeReading(this.listing, reading);
    const isDone = judged.readAgainAt === null;
    const { pushed, pushedAt } = this.listing;
    this.listing = {
      ...this.listing,
      observed: this.shows,
      observedAt: this.now,
      problem: judged.problem,
      pushed: isDone ? null : pushed,
      pushedAt: isDone ? null : pushedAt,
    };
    if (judged.readAgainAt !== null) this.pass(Math.max(0, judged.readAgainAt - this.now));
  }
}

const event = fc.oneof(
  fc.constant({ kind: "sell_here" } as const),
  fc.record({ kind: fc.constant("sell_elsewhere" as const), units: fc.integer({ min: 1, max: 3 }) }),
  fc.record({ kind: fc.constant("receive" as const), units: fc.integer({ min: 1, max: 5 }) }),
  fc.record({ kind: fc.constant("edit" as const), shows: fc.nat({ max: 30 }) }),
  fc.record({ kind: fc.constant("pass" as const), ms: fc.nat({ max: 20_000 }) }),
  fc.constant({ kind: "learn" } as const),
  fc.record({
    kind: fc.constant("step" as const),
    lost: fc.boolean(),
    applyMs: fc.constantFrom(0, 0, 20, 2_500, 2_900),
  }),
);

describe("planning and reading, again and again", () => {
  it("ends with the channel showing what is available, whatever happened meanwhile", () => {
    fc.assert(
      fc.property(
        fc.nat({ max: 20 }),
        fc.nat({ max: 20 }),
        fc.array(event, { maxLength: 40 }),
        (units, shows, story) => {
          const world = new World(units, shows);
          for (const happening of story) {
            if (happening.kind === "sell_here") world.sellHere();
            else if (happening.kind === "sell_elsewhere") world.available -= happening.units;
            else if (happening.kind === "receive") world.available += happening.units;
            else if (happening.kind === "edit") world.shows = happening.shows;
            else if (happening.kind === "pass") world.pass(happening.ms);
            else if (happening.kind === "learn") world.learn();
            else world.step(happening);
          }
          world.pass(10_000);
          world.learn();
          let steps = 0;
          while (!world.step({ lost: false, applyMs: 20 })) {
            steps += 1;
            expect(steps).toBeLessThan(60);
          }
          expect(world.shows).toBe(Math.max(0, world.available));
        },
      ),
      { numRuns: 500 },
    );
  });

  it("writes nothing when only the channel itself has sold", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 5 }), (units, sales) => {
        const world = new World(units, units);
        while (!world.step({ lost: false, applyMs: 0 }));
        for (let sale = 0; sale < sales; sale++) {
          world.sellHere();
          world.pass(200);
          world.learn();
          while (!world.step({ lost: false, applyMs: 0 }));
        }
        expect(world.pushes).toBe(0);
      }),
    );
  });
});
