import { expect, test } from "vitest";

import type { Figures } from "./closed-loop.ts";
import { interleave, type Variant } from "./interleave.ts";

const SPAN = { atLeastMs: 0, atMostMs: 0 };

/** Variants that note their turns; each measurement counts one line more than the last. */
function variantsNoting(turns: string[]): Variant<string>[] {
  return ["a", "b"].map((name) => ({
    name,
    async measure(): Promise<Figures> {
      turns.push(name);
      return { lines: turns.length, calls: 1, elapsedMs: 1, p50Ms: 1, p99Ms: 1, longestMs: 1 };
    },
  }));
}

function paceOf(rounds: number, signal: AbortSignal = new AbortController().signal) {
  return { rounds, warmUp: SPAN, round: SPAN, budgetMs: 0, signal, onProgress: () => undefined };
}

test("warms up, then goes forwards and backwards in turn", async () => {
  const turns: string[] = [];
  const measured = await interleave(variantsNoting(turns), paceOf(2));
  expect(turns.join("")).toBe("ababba");
  expect(measured.map(({ name, rounds }) => [name, rounds.map(({ lines }) => lines)])).toEqual([
    ["a", [3, 6]],
    ["b", [4, 5]],
  ]);
});

test("measures three rounds whatever the budget, and no more beyond it", async () => {
  const turns: string[] = [];
  const [first] = await interleave(variantsNoting(turns), paceOf(9));
  expect(first?.rounds).toHaveLength(3);
});

test("stops between two measurements when it is told to", async () => {
  const turns: string[] = [];
  const stopping = new AbortController();
  const [a, b] = variantsNoting(turns);
  const stops: Variant<string> = {
    name: "stops",
    async measure(span) {
      stopping.abort();
      return (b as Variant<string>).measure(span);
    },
  };
  await expect(
    interleave([a as Variant<string>, stops, a as Variant<string>], paceOf(2, stopping.signal)),
  ).rejects.toThrow(/abort/);
  expect(turns.join("")).toBe("ab");
});
