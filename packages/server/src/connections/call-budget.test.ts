import { amazon } from "@onepool/connectors/amazon/connector.ts";
import { describe, expect, it } from "vitest";

import { CallBudgets } from "./call-budget.ts";

const NOW = Date.parse("2026-11-23T10:00:00Z");

function budgets(settings: unknown = {}) {
  const clock = { at: NOW, now: () => clock.at };
  return { clock, calls: new CallBudgets(amazon.capability, settings, clock) };
}

describe("a budget of less than one call a minute", () => {
  it("gives what was saved up, and then one in as long as it takes", () => {
    const { clock, calls } = budgets();
    expect(calls.take("orderLists", 25).taken).toBe(20);
    const { taken, waitMs } = calls.take("orderLists", 1);
    expect([taken, waitMs]).toEqual([0, expect.closeTo(178_572, -1)]);
    clock.at += waitMs - 1_000;
    expect(calls.take("orderLists", 1).taken).toBe(0);
    clock.at += 1_000;
    expect(calls.take("orderLists", 1).taken).toBe(1);
  });

  it("may be set for a connection, its burst never below a whole call", () => {
    const { calls } = budgets({ limits: { orderLists: { perMinute: 0.1, burst: 0.5 } } });
    expect(calls.take("orderLists", 25).taken).toBe(20);
    expect(calls.take("orderLists", 1).waitMs).toBe(600_000);
  });

  it.each([0, -1, Number.NaN, Infinity, "5", null])("cannot be set to %s", (perMinute) => {
    const { calls } = budgets({ limits: { writes: { perMinute, burst: 1 } } });
    expect(calls.take("writes", 2)).toEqual({ taken: 1, waitMs: 200 });
  });
});

describe("what is left of a budget", () => {
  const writes = ({ calls }: ReturnType<typeof budgets>) => {
    return calls.left().find(({ budget }) => budget === "writes");
  };

  it("falls with each call and grows again, as asking for it does not", () => {
    const used = budgets({ limits: { writes: { perMinute: 60, burst: 5 } } });
    used.calls.take("writes", 3);
    expect(writes(used)).toEqual({
      budget: "writes",
      perMinute: 60,
      burst: 5,
      left: 2,
      share: 1,
      blockedUntil: null,
    });
    used.clock.at += 1_000;
    expect(writes(used)?.left).toBe(3);
    expect(writes(used)?.left).toBe(3);
  });

  it("says until when the channel asked to wait, and which share of the rate is in use", () => {
    const used = budgets({ limits: { writes: { perMinute: 60, burst: 5 } } });
    used.calls.throttled("writes", 2_000);
    expect(writes(used)).toMatchObject({ left: 0, share: 0.5, blockedUntil: NOW + 2_000 });
    used.clock.at += 2_000;
    expect(writes(used)?.blockedUntil).toBeNull();
  });
});

describe("a rate that the channel tells", () => {
  const perMinute = ({ calls }: ReturnType<typeof budgets>) =>
    calls.left().find(({ budget }) => budget === "writes")?.perMinute;

  it("replaces the documented one, up and down, from now on", () => {
    const used = budgets();
    used.calls.take("writes", 5);
    used.clock.at += 100;
    used.calls.learn("writes", 600);
    expect(perMinute(used)).toBe(600);
    // Half a call flowed in at 5 a second, the other half takes 50 ms at 10.
    expect(used.calls.take("writes", 1)).toEqual({ taken: 0, waitMs: 50 });
    used.calls.learn("writes", 60);
    expect(used.calls.take("writes", 1)).toEqual({ taken: 0, waitMs: 500 });
  });

  it("never goes beyond what the seller allows, and means nothing when it is no rate", () => {
    const used = budgets({ limits: { writes: { perMinute: 120 } } });
    used.calls.learn("writes", 600);
    expect(perMinute(used)).toBe(120);
    used.calls.learn("writes", 30);
    expect(perMinute(used)).toBe(30);
    used.calls.learn("writes", 0);
    used.calls.learn("writes", Number.NaN);
    expect(perMinute(used)).toBe(30);
  });
});
