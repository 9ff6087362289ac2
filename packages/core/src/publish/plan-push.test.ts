import { describe, expect, it } from "vitest";

import { driftFix, judgeReading, type Reading } from "./judge-reading.ts";
import type { ListingView } from "./listing-view.ts";
import { planPush } from "./plan-push.ts";

const NOW = 1_000_000;

const settled: ListingView = {
  mode: "live",
  desired: 10,
  updatedSeq: 1,
  seq: 9,
  pace: { rate: 0, orderRate: 0, squareRate: 0 },
  isDealt: false,
  comparesWrites: false,
  observed: 10,
  observedAt: NOW - 1_000,
  readWantedAt: null,
  pushed: null,
  pushedAt: null,
  overtakenUntil: null,
  problem: null,
  attempts: 0,
  ordersKnownUntil: NOW - 500,
  isFeedStale: false,
  mendedAt: null,
};

const plan = (change: Partial<ListingView>) => planPush({ ...settled, ...change }, NOW);

describe("the plan for a listing", () => {
  it("rests while it shows what it should", () => {
    expect(plan({})).toEqual({ do: "rest" });
  });

  it("does nothing in import, and only notes in shadow", () => {
    expect(plan({ mode: "import", desired: 3 })).toEqual({ do: "rest" });
    expect(plan({ mode: "shadow", desired: 3 })).toEqual({ do: "note", quantity: 3 });
    expect(plan({ mode: "shadow" })).toEqual({ do: "rest" });
    expect(plan({ mode: "shadow", observed: null, observedAt: null })).toMatchObject({ do: "read" });
  });

  it("reads what it never saw", () => {
    expect(plan({ observed: null, observedAt: null })).toMatchObject({ do: "read" });
  });

  it("takes at once, raises only after a fresh reading", () => {
    expect(plan({ desired: 9, observedAt: 0 })).toEqual({ do: "push", quantity: 9, direction: "lower" });
    expect(plan({ desired: 0 })).toEqual({ do: "push", quantity: 0, direction: "stop" });
    expect(plan({ desired: 11, observedAt: 0 })).toMatchObject({ do: "read" });
    expect(plan({ desired: 11 })).toEqual({ do: "push", quantity: 11, direction: "raise" });
  });

  it("reads a listing that is said to have changed, but takes without the reading when that failed", () => {
    expect(plan({ desired: 9, readWantedAt: NOW })).toEqual({ do: "read", isUrgent: true });
    expect(plan({ desired: 9, readWantedAt: NOW, attempts: 1 })).toMatchObject({ do: "push", quantity: 9 });
    expect(plan({ readWantedAt: NOW, attempts: 1 })).toMatchObject({ do: "read" });
  });

  it("reads back what it wrote, and overtakes its own write only to take more", () => {
    const wrote = { pushed: 9, pushedAt: NOW - 10 };
    expect(plan({ ...wrote, desired: 9 })).toMatchObject({ do: "read" });
    expect(plan({ ...wrote, desired: 12 })).toMatchObject({ do: "read" });
    expect(plan({ ...wrote, desired: 7 })).toEqual({ do: "push", quantity: 7, direction: "lower" });
  });

  it("looks at what it shows once a write that was overtaken can no longer land", () => {
    const overtaken = { overtakenUntil: NOW - 10, observedAt: NOW - 500 };
    expect(plan(overtaken)).toEqual({ do: "read", isUrgent: true });
    expect(plan({ ...overtaken, overtakenUntil: NOW + 10 })).toEqual({ do: "rest" });
    expect(plan({ ...overtaken, observedAt: NOW - 5 })).toEqual({ do: "rest" });
  });

  it("does not raise over a sale it does not know yet, until the orders are known up to the reading", () => {
    const problem = { code: "unseen_sale", message: "", at: NOW - 100 } as const;
    const early = { desired: 10, observed: 9, problem, ordersKnownUntil: NOW - 200 };
    expect(plan(early)).toEqual({ do: "wait", until: NOW + 1_900, asksForOrders: false });
    expect(
      plan({ ...early, problem: { ...problem, at: NOW - 5_000 }, ordersKnownUntil: null }),
    ).toMatchObject({
      do: "wait",
      asksForOrders: true,
    });
    expect(plan({ ...early, ordersKnownUntil: NOW })).toMatchObject({ do: "push", direction: "raise" });
    expect(plan({ ...early, desired: 8 })).toMatchObject({ do: "push", quantity: 8 });
  });

  it("leaves a refused listing alone until something changes", () => {
    const problem = { code: "refused", message: "", quantity: 9, at: NOW - 100, seq: 5, times: 1 } as const;
    const refused = { desired: 9, problem };
    expect(plan(refused)).toEqual({ do: "rest" });
    expect(plan({ ...refused, updatedSeq: 6 })).toMatchObject({ do: "push" });
    expect(plan({ ...refused, readWantedAt: NOW })).toMatchObject({ do: "read" });
    expect(plan({ ...refused, desired: 8 })).toMatchObject({ do: "wait", until: NOW - 100 + 5_000 });
    expect(plan({ ...refused, desired: 8, problem: { ...problem, at: NOW - 5_000 } })).toMatchObject({
      do: "push",
    });
    expect(plan({ ...refused, desired: 8, problem: { ...problem, quantity: null } })).toEqual({ do: "rest" });
  });

  it("raises nothing while the orders lag behind, and takes all the same", () => {
    expect(plan({ desired: 11, isFeedStale: true })).toMatchObject({
      do: "wait",
      asksForOrders: true,
      problem: { code: "held", why: "feed_stale", quantity: 11, at: NOW, seq: 9 },
    });
    expect(plan({ desired: 9, isFeedStale: true })).toMatchObject({ do: "push", quantity: 9 });
    expect(plan({ desired: 0, isFeedStale: true })).toMatchObject({ do: "push", direction: "stop" });
  });

  it("puts a number right that was lowered by hand, and leaves it to whoever lowers it again", () => {
    const problem = { code: "unseen_sale", message: "", at: NOW - 1_000 } as const;
    const lowered = { desired: 10, observed: 2, problem };
    expect(plan(lowered)).toMatchObject({ do: "push", direction: "raise" });
    const again = plan({ ...lowered, mendedAt: NOW - 60_000 });
    expect(again).toMatchObject({ do: "rest", problem: { why: "hand_edit", quantity: 10 } });
    const standing = again.do === "rest" && again.problem !== undefined ? again.problem : null;
    expect(plan({ ...lowered, problem: standing })).toEqual({ do: "rest" });
    expect(plan({ ...lowered, problem: standing, updatedSeq: 10 })).toMatchObject({ do: "push" });
    expect(plan({ ...lowered, mendedAt: NOW - 3_600_000 })).toMatchObject({ do: "push" });
  });

  it("that compares its writes reads before it overtakes one, and after a conflict, but not for ever", () => {
    const wrote = { pushed: 9, pushedAt: NOW - 10, desired: 7, comparesWrites: true };
    expect(plan(wrote)).toEqual({ do: "read", isUrgent: true });
    const conflict = (times: number) =>
      ({ code: "failing", message: "", kind: "conflict", at: NOW, times }) as const;
    const moved = { desired: 7, readWantedAt: NOW, attempts: 1, comparesWrites: true };
    expect(plan({ ...moved, problem: conflict(1) })).toEqual({ do: "read", isUrgent: true });
    expect(plan({ ...moved, problem: conflict(5) })).toMatchObject({ do: "push", quantity: 7 });
  });

  it("[I7] in the end game reads what an unconfirmed write left before it takes, and stops what cannot be read", () => {
    const wrote = { isDealt: true, pushed: 4, pushedAt: NOW - 10, desired: 1 };
    expect(plan(wrote)).toEqual({ do: "read", isUrgent: true });
    expect(plan({ ...wrote, attempts: 1 })).toMatchObject({ do: "push", quantity: 0, direction: "stop" });
    expect(plan({ ...wrote, desired: 0 })).toMatchObject({ do: "push", quantity: 0, direction: "stop" });
    const stale = { isDealt: true, desired: 1, observed: 4, readWantedAt: NOW };
    expect(plan({ ...stale, attempts: 1 })).toMatchObject({ do: "push", quantity: 0, direction: "stop" });
  });
});

describe("a reading", () => {
  const reading: Reading = { quantity: 10, notWritable: null, at: NOW, appliesWithinMs: 3_000, seq: 7 };
  const judge = (change: Partial<ListingView>, read: Partial<Reading>) =>
    judgeReading({ ...settled, ...change }, { ...reading, ...read });
  const wrote = { pushed: 9, pushedAt: NOW - 100, desired: 9 };

  it("that shows what was written confirms it", () => {
    expect(judge(wrote, { quantity: 9 })).toEqual({
      isConfirmed: true,
      readAgainAt: null,
      verdict: null,
      problem: null,
    });
  });

  it("that still shows the number before is read again, and after the channel's delay counts as lost", () => {
    expect(judge(wrote, {})).toMatchObject({ isConfirmed: false, readAgainAt: NOW + 300, verdict: null });
    expect(judge({ ...wrote, pushedAt: NOW - 3_000 }, {})).toMatchObject({
      readAgainAt: null,
      verdict: "push_lost",
    });
  });

  it("that shows less than was left there is an unseen sale, unless no more is wanted anyway", () => {
    expect(judge({}, { quantity: 8 })).toMatchObject({ verdict: null, problem: { code: "unseen_sale" } });
    expect(judge(wrote, { quantity: 8 })).toMatchObject({ verdict: null, problem: { code: "unseen_sale" } });
    expect(judge({ desired: 8 }, { quantity: 8 })).toMatchObject({ verdict: null, problem: null });
  });

  it("that shows more than was left there was edited", () => {
    expect(judge({}, { quantity: 12 })).toMatchObject({ verdict: "edited", problem: null });
  });

  it("of a listing that takes no quantity says so", () => {
    const locked = judge({ desired: 3 }, { notWritable: "Full" });
    expect(locked.problem).toMatchObject({ code: "refused", message: "Full", quantity: null, seq: 7 });
    expect(judge({ problem: locked.problem }, {}).problem).toBeNull();
  });

  it("is asked for again ever later while a write does not show, and at the end of its time", () => {
    const slow = { appliesWithinMs: 600_000 };
    const after = (outMs: number) => judge({ ...wrote, pushedAt: NOW - outMs }, slow).readAgainAt;
    expect([100, 10_000, 200_000, 590_000].map(after)).toEqual([
      NOW + 300,
      NOW + 5_000,
      NOW + 60_000,
      NOW + 10_000,
    ]);
  });

  it("keeps an unseen sale until the orders are known up to it and the number is right", () => {
    const problem = { code: "unseen_sale", message: "", at: NOW - 1_000 } as const;
    const seen = (desired: number, known: number) =>
      judge({ problem, observed: 9, desired, ordersKnownUntil: known }, { quantity: 9 }).problem;
    expect(seen(9, NOW - 2_000)).toEqual(problem);
    expect(seen(10, NOW - 900)).toEqual(problem);
    expect(seen(9, NOW - 900)).toBeNull();
  });

  it("keeps the count of conflicts, and what is held while the same would be written", () => {
    const conflict = { code: "failing", message: "", kind: "conflict", at: NOW, times: 2 } as const;
    expect(judge({ problem: conflict }, {}).problem).toEqual(conflict);
    const held = { code: "held", why: "braked", message: "", quantity: 0, at: NOW, seq: 9 } as const;
    expect(judge({ problem: held, desired: 0 }, {}).problem).toEqual(held);
    expect(judge({ problem: held, desired: 10 }, {}).problem).toBeNull();
  });
});

describe("a drift", () => {
  it("is lowered where it shows too much, raised where too little, and left where it is right by chance", () => {
    expect(driftFix("edited", { observed: 12, desired: 10 })).toBe("lower");
    expect(driftFix("edited", { observed: 2, desired: 10 })).toBe("raise");
    expect(driftFix("push_lost", { observed: 12, desired: 10 })).toBe("push_again");
    expect(driftFix("edited", { observed: 10, desired: 10 })).toBe("leave");
  });
});
