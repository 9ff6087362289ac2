import { setImmediate as nextTurn } from "node:timers/promises";

import { expect, test } from "vitest";

import { closedLoop } from "./closed-loop.ts";

const SPAN = { atLeastMs: 0, atMostMs: 60_000 };

test("counts as many calls as there are callers, after as many on the way up", async () => {
  let calls = 0;
  const call = async (): Promise<number> => {
    calls += 1;
    await nextTurn();
    return 10;
  };
  const figures = await closedLoop({ callers: 4, call }, SPAN);
  expect(figures).toMatchObject({ calls: 4, lines: 40 });
  expect(calls).toBeGreaterThanOrEqual(8);
  expect(figures.elapsedMs).toBeGreaterThan(0);
  expect(figures.p50Ms).toBeLessThanOrEqual(figures.p99Ms);
  expect(figures.p99Ms).toBeLessThanOrEqual(figures.longestMs);
});

test("never has more under way than there are callers, and each caller one", async () => {
  const busy = new Set<number>();
  let most = 0;
  const call = async (caller: number): Promise<number> => {
    expect(busy.has(caller)).toBe(false);
    busy.add(caller);
    most = Math.max(most, busy.size);
    await nextTurn();
    busy.delete(caller);
    return 1;
  };
  await closedLoop({ callers: 3, call }, { atLeastMs: 5, atMostMs: 60_000 });
  expect(most).toBe(3);
  expect(busy.size).toBe(0);
});

test("ends all callers and says why when one call fails", async () => {
  let underWay = 0;
  let calls = 0;
  const call = async (): Promise<number> => {
    underWay += 1;
    calls += 1;
    const isBad = calls === 7;
    await nextTurn();
    underWay -= 1;
    if (isBad) throw new Error("refused");
    return 1;
  };
  await expect(closedLoop({ callers: 3, call }, { atLeastMs: 60_000, atMostMs: 60_000 })).rejects.toThrow(
    "refused",
  );
  expect(underWay).toBe(0);
});
