import { expect, it } from "vitest";

import type { BatteryBench } from "./battery-bench.ts";

/** Being slowed down and turned away. */
export function testLimits(bench: BatteryBench): void {
  const { listing, endpoints } = bench.channel;

  it("names being throttled, with the wait the channel asks for and without one", async () => {
    await bench.strike({ kind: "rateLimited", times: 1, retryAfterSeconds: 2, endpoint: endpoints.write });
    expect(await bench.push(8)).toMatchObject({
      ok: false,
      error: { kind: "throttled", retryAfterMs: 2_000 },
    });
    for (const body of ["tooManyRequests", "text"]) {
      await bench.strike({ kind: "rateLimited", times: 1, body, endpoint: endpoints.write });
      const refused = await bench.push(8);
      expect(refused).toMatchObject({ ok: false, error: { kind: "throttled" } });
      expect(refused).not.toHaveProperty("error.retryAfterMs");
    }
    expect(await bench.shown()).toBe(20);
  });

  it("gets a new token when the old one is refused in the middle of a batch", async () => {
    expect(await bench.push(11)).toMatchObject({ ok: true });
    await bench.strike({ kind: "unauthorized", times: 1, endpoint: endpoints.write });
    expect(await bench.push(12)).toMatchObject({ ok: true });
    expect(await bench.push(13)).toMatchObject({ ok: true });
    expect(await bench.shown()).toBe(13);
  });

  it("says that the account is not connected any more, and does not try again by itself", async () => {
    const { account } = listing.control;
    await bench.setFaults({ tokenRevoked: [account] });
    expect(await bench.push(5)).toMatchObject({ ok: false, error: { kind: "auth" } });
    await bench.setFaults({});
    expect(await bench.shown()).toBe(20);
  });
}
