import { describe, expect, test } from "vitest";

import { createSimulatorClock } from "./simulator-clock.ts";

describe("a clock that stands still", () => {
  test("runs what is due in order, each task at its own time", () => {
    const clock = createSimulatorClock({ startAt: 1_000, factor: 0 });
    const ran: [string, number][] = [];
    clock.schedule(300, () => ran.push(["late", clock.now()]));
    clock.schedule(100, () => ran.push(["early", clock.now()]));
    clock.schedule(100, () => ran.push(["early, asked later", clock.now()]));
    clock.advance(299);
    expect(ran).toEqual([
      ["early", 1_100],
      ["early, asked later", 1_100],
    ]);
    expect(clock.now()).toBe(1_299);
    expect(clock.pending()).toBe(1);
    clock.advance(1);
    expect(ran.at(-1)).toEqual(["late", 1_300]);
  });

  test("runs what a task schedules, when it falls into the same jump", () => {
    const clock = createSimulatorClock({ startAt: 0, factor: 0 });
    const ran: number[] = [];
    const again = (): void => {
      ran.push(clock.now());
      clock.schedule(10, again);
    };
    clock.schedule(10, again);
    clock.advance(35);
    expect(ran).toEqual([10, 20, 30]);
  });

  test("does not run what was cancelled", () => {
    const clock = createSimulatorClock({ startAt: 0, factor: 0 });
    const ran: string[] = [];
    const cancel = clock.schedule(10, () => ran.push("cancelled"));
    clock.schedule(20, () => ran.push("kept"));
    cancel();
    cancel();
    clock.advance(100);
    expect(ran).toEqual(["kept"]);
    expect(clock.pending()).toBe(0);
  });

  test("keeps order among many tasks", () => {
    const clock = createSimulatorClock({ startAt: 0, factor: 0 });
    const ran: number[] = [];
    const delays = Array.from({ length: 500 }, (_, index) => (index * 7_919) % 1_000);
    for (const delay of delays) clock.schedule(delay, () => ran.push(delay));
    clock.advance(1_000);
    expect(ran).toEqual(delays.toSorted((a, b) => a - b));
  });

  test("only moves forward", () => {
    const clock = createSimulatorClock({ startAt: 1_000, factor: 0 });
    expect(() => clock.setNow(999)).toThrow(RangeError);
    clock.setNow(5_000);
    expect(clock.now()).toBe(5_000);
  });
});

describe("a clock that runs", () => {
  test("runs faster than the real one by its factor", async () => {
    const clock = createSimulatorClock({ startAt: 0, factor: 100_000 });
    const ranAt = await new Promise<number>((resolve) => {
      clock.schedule(60_000, () => resolve(clock.now()));
    });
    clock.close();
    expect(ranAt).toBeGreaterThanOrEqual(60_000);
  });

  test("keeps its time when the factor changes", () => {
    const clock = createSimulatorClock({ startAt: 0, factor: 0 });
    clock.advance(500);
    clock.setFactor(10);
    clock.setFactor(0);
    expect(clock.now()).toBeGreaterThanOrEqual(500);
    const stopped = clock.now();
    clock.close();
    expect(clock.now()).toBe(stopped);
  });
});
