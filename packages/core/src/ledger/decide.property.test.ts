// What always holds of a ledger, whatever it is told (SPEC I1, I2, I4, I5, I9).
import fc from "fast-check";
import { describe, expect, test } from "vitest";

import type { Command } from "./command.ts";
import type { Leg } from "./entry.ts";
import { keyOf } from "./ledger-state.ts";
import {
  FOUNDATION,
  SKUS,
  anyCommand,
  orderStates,
  reserveCommand,
  withholdCommand,
  type ArrivingReport,
} from "./testing/arbitrary-commands.ts";
import { LedgerStory, NOON } from "./testing/ledger-story.ts";

function founded(): LedgerStory {
  const story = new LedgerStory();
  for (const command of FOUNDATION) story.tell(command);
  return story;
}

function told(commands: readonly Command[]): LedgerStory {
  const story = founded();
  for (const [index, command] of commands.entries()) {
    story.now = NOON + index * 1000;
    story.tell(command);
  }
  return story;
}

/** Balances summed from the legs of the entries up to a number: what time travel shows. */
function balancesAt(story: LedgerStory, seq: number): Record<string, number> {
  const balances: Record<string, number> = {};
  const add = (leg: Leg): void => {
    const key = keyOf(leg.sku, leg.location, leg.bucket);
    balances[key] = (balances[key] ?? 0) + leg.units;
  };
  for (const numbered of story.entries) if (numbered.seq <= seq) numbered.entry.legs.forEach(add);
  return withoutZeroes(balances);
}

function balancesNow(story: LedgerStory): Record<string, number> {
  const balances: Record<string, number> = {};
  for (const sku of SKUS) {
    for (const { location, bucket, units } of story.state.accountsOf(sku)?.values() ?? [])
      balances[keyOf(sku, location, bucket)] = units;
  }
  return withoutZeroes(balances);
}

function withoutZeroes(balances: Record<string, number>): Record<string, number> {
  return Object.fromEntries(Object.entries(balances).filter(([, units]) => units !== 0));
}

describe("a ledger", () => {
  test("[I1] keeps every balance equal to the sum of its movements, and only sellable below zero", () => {
    fc.assert(
      fc.property(fc.array(anyCommand, { maxLength: 40 }), (commands) => {
        const story = told(commands);
        expect(balancesNow(story)).toEqual(balancesAt(story, story.entries.length));
        for (const [key, units] of Object.entries(balancesNow(story)))
          if (!key.endsWith("sellable")) expect(units).toBeGreaterThan(0);
        for (const sku of SKUS) {
          const { onHand, available, reserved, committed, qualityControl, damaged } = story.pool(sku);
          expect(onHand).toBe(available + reserved + committed + qualityControl + damaged);
        }
      }),
      { numRuns: 400 },
    );
  });

  test("[I2] comes to the same balances whatever the order, repetition and splitting of an order's states", () => {
    const arrivals = orderStates.chain((states) =>
      fc.record({
        states: fc.constant(states),
        shuffled: fc.shuffledSubarray([...states, ...states], {
          minLength: states.length * 2,
          maxLength: states.length * 2,
        }),
        isSplit: fc.boolean(),
      }),
    );
    fc.assert(
      fc.property(arrivals, ({ states, shuffled, isSplit }) => {
        const inOrder = told(states.map(asCommand));
        const otherwise = told((isSplit ? shuffled.flatMap(splitByLine) : shuffled).map(asCommand));
        expect(balancesNow(otherwise)).toEqual(balancesNow(inOrder));
        expect(otherwise.state.order("web", "O")?.status).toBe(inOrder.state.order("web", "O")?.status);
      }),
      { numRuns: 1500 },
    );
  });

  test("[I2] comes to the same balances when a mapping arrives before, between or after the sales", () => {
    const mapping: Command = {
      kind: "put_listing",
      connection: "web",
      externalId: "LATER",
      components: [{ sku: "C", units: 2 }],
    };
    fc.assert(
      fc.property(orderStates, fc.nat(7), (states, position) => {
        const commands = states.map(asCommand);
        const before = told([mapping, ...commands]);
        const between = told([...commands.slice(0, position), mapping, ...commands.slice(position)]);
        expect(balancesNow(between)).toEqual(balancesNow(before));
      }),
      { numRuns: 500 },
    );
  });

  test("[I4] is left as it was by a refused command, and by deciding alone", () => {
    fc.assert(
      fc.property(fc.array(anyCommand, { maxLength: 30 }), (commands) => {
        const story = founded();
        for (const command of commands) {
          const before = JSON.stringify([
            balancesNow(story),
            [...story.state.orders],
            [...story.state.reservations],
            [...story.state.withheldUnits],
            story.entries.length,
          ]);
          const decision = story.tell(command);
          const after = JSON.stringify([
            balancesNow(story),
            [...story.state.orders],
            [...story.state.reservations],
            [...story.state.withheldUnits],
            story.entries.length,
          ]);
          if (!decision.ok || !("entries" in decision)) expect(after).toBe(before);
        }
      }),
      { numRuns: 200 },
    );
  });

  test("[I5] never grants a request beyond what is available, shared components included", () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof({ weight: 2, arbitrary: anyCommand }, { weight: 3, arbitrary: reserveCommand }), {
          maxLength: 40,
        }),
        (commands) => {
          const story = founded();
          for (const sku of SKUS) story.receive(sku, 8, `open-${sku}`);
          for (const command of commands) {
            const before = SKUS.map((sku) => story.state.available(sku));
            const decision = story.tell(command);
            if (command.kind !== "reserve" || !decision.ok || !("entries" in decision)) continue;
            SKUS.forEach((sku, index) => {
              const after = story.state.available(sku);
              if (after < (before[index] ?? 0)) expect(after).toBeGreaterThanOrEqual(0);
            });
          }
        },
      ),
      { numRuns: 400 },
    );
  });

  test("[I5] grants no request of what buyers may still take elsewhere, whatever comes between", () => {
    const commands = fc.oneof(
      { weight: 2, arbitrary: anyCommand },
      { weight: 3, arbitrary: reserveCommand },
      { weight: 3, arbitrary: withholdCommand },
    );
    fc.assert(
      fc.property(fc.array(commands, { maxLength: 40 }), (told) => {
        const story = founded();
        for (const sku of SKUS) story.receive(sku, 8, `open-${sku}`);
        for (const command of told) {
          const before = SKUS.map((sku) => story.state.available(sku));
          const decision = story.tell(command);
          const isTransfer = command.kind === "movement" && command.movement === "transfer";
          if (command.kind !== "reserve" && !isTransfer) continue;
          if (!decision.ok || !("entries" in decision)) continue;
          SKUS.forEach((sku, index) => {
            const after = story.state.available(sku);
            if (after < (before[index] ?? 0)) expect(after).toBeGreaterThanOrEqual(withheldOf(story, sku));
          });
        }
      }),
      { numRuns: 400 },
    );
  });

  test("[I7] offers no more than there is, and loses nothing of it to requests", () => {
    const commands = fc.oneof(
      { weight: 1, arbitrary: anyCommand },
      { weight: 4, arbitrary: reserveCommand },
      { weight: 4, arbitrary: withholdCommand },
    );
    fc.assert(
      fc.property(fc.array(commands, { maxLength: 40 }), (told) => {
        const story = founded();
        for (const sku of SKUS) story.receive(sku, 8, `open-${sku}`);
        for (const command of told) {
          const before = new Map(SKUS.map((sku) => [sku as string, withheldOf(story, sku)] as const));
          const { ok } = story.tell(command);
          if (command.kind !== "withhold") {
            // Nobody else touches it, whatever happens.
            for (const [sku, units] of before) expect(withheldOf(story, sku)).toBe(units);
            continue;
          }
          const { sku, units, was, as } = command;
          const held = before.get(sku) ?? 0;
          if (units > held) expect(ok).toBe(as === "fact" || units <= story.state.available(sku));
          expect(withheldOf(story, sku)).toBe(
            units > held ? (ok ? units : held) : was === held ? units : held,
          );
        }
      }),
      { numRuns: 400 },
    );
  });

  test("[I9] shows at any past number exactly what a replay up to it shows", () => {
    fc.assert(
      fc.property(fc.array(anyCommand, { minLength: 1, maxLength: 25 }), fc.nat(24), (commands, cut) => {
        const upTo = told(commands.slice(0, cut));
        const whole = told(commands);
        expect(balancesAt(whole, upTo.entries.length)).toEqual(balancesNow(upTo));
      }),
      { numRuns: 200 },
    );
  });

  test("[I4] is restored to the letter when a batch is taken back", () => {
    fc.assert(
      fc.property(
        fc.array(anyCommand, { maxLength: 15 }),
        fc.array(anyCommand, { maxLength: 15 }),
        (first, second) => {
          const story = told(first);
          const picture = (): string =>
            JSON.stringify(
              [
                balancesNow(story),
                [...story.state.orders],
                [...story.state.alerts],
                [...story.state.unmapped],
                [...story.state.withheldUnits],
              ].map((part) => part),
            );
          const before = picture();
          story.state.mark();
          for (const command of second) story.tell(command);
          story.state.rollback();
          expect(picture()).toBe(before);
        },
      ),
      { numRuns: 150 },
    );
  });
});

function withheldOf(story: LedgerStory, sku: string): number {
  return story.state.withheld(sku)?.units ?? 0;
}

function asCommand(report: ArrivingReport): Command {
  return { kind: "order", ...report };
}

/** One message per line, as some channels send them. */
function splitByLine(report: ArrivingReport): ArrivingReport[] {
  return report.order.lines.map((line) => ({ ...report, order: { ...report.order, lines: [line] } }));
}
