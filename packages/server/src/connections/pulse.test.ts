import { setImmediate as turn } from "node:timers/promises";

import { describe, expect, it } from "vitest";

import { waitUntil } from "../testing/wait-until.ts";
import { Pulse } from "./pulse.ts";
import { silentLog } from "./testing/channel-seller.ts";

function pulseOf(work: () => Promise<number | void>, idleMs = 3_600_000): Pulse {
  return new Pulse({ name: "test", stage: "publish", log: silentLog, idleMs, work });
}

describe("a pulse", () => {
  it("works one at a time, and once more for all wakes during the work", async () => {
    let runs = 0;
    let atOnce = 0;
    let finish = () => undefined as void;
    const pulse = pulseOf(async () => {
      runs += 1;
      atOnce += 1;
      expect(atOnce).toBe(1);
      if (runs === 1) await new Promise<void>((resolve) => (finish = resolve));
      atOnce -= 1;
    });
    pulse.wake();
    pulse.wake();
    pulse.wake();
    finish();
    await waitUntil(() => runs === 2);
    await turn();
    expect(runs).toBe(2);
    await pulse.close();
  });

  it("wakes by itself when the work says so, and goes on after a failure", async () => {
    let runs = 0;
    const pulse = pulseOf(async () => {
      runs += 1;
      if (runs === 2) throw new Error("once");
      return 1;
    });
    pulse.wake();
    await waitUntil(() => runs >= 4);
    await pulse.close();
    expect(runs).toBeGreaterThanOrEqual(4);
  });

  it("wakes at the soonest of the times it is asked for, also when asked during the work", async () => {
    let runs = 0;
    const pulse = pulseOf(async () => {
      runs += 1;
      if (runs === 1) pulse.wakeIn(5);
      return 3_600_000;
    });
    pulse.wakeIn(3_600_000);
    pulse.wakeIn(2);
    await waitUntil(() => runs === 2);
    await pulse.close();
    expect(runs).toBe(2);
  });

  it("finishes what it does before it is closed, and then does nothing more", async () => {
    let isDone = false;
    const pulse = pulseOf(async () => {
      await turn();
      isDone = true;
      return 0;
    });
    pulse.wake();
    await pulse.close();
    expect(isDone).toBe(true);
    isDone = false;
    pulse.wake();
    await turn();
    await turn();
    expect(isDone).toBe(false);
  });
});
