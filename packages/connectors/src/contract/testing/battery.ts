import { afterAll, afterEach, beforeAll, beforeEach, describe, expect } from "vitest";

import { BatteryBench, type BatteryChannel } from "./battery-bench.ts";
import { testLimits } from "./battery-limits.ts";
import { testOrders } from "./battery-orders.ts";
import { testReads } from "./battery-reads.ts";
import { testWrites } from "./battery-writes.ts";

/** The suite that every connector passes over real HTTP against its simulator. */
export function battery(channel: BatteryChannel): void {
  describe("the battery", () => {
    const bench = new BatteryBench(channel);

    beforeAll(() => bench.start());
    beforeEach(async () => {
      await bench.reset();
      expect(await bench.push(20)).toMatchObject({ ok: true });
    });
    afterEach(() => bench.setFaults({}));
    afterAll(() => bench.stop());

    testWrites(bench);
    testLimits(bench);
    testReads(bench);
    testOrders(bench);
  });
}
