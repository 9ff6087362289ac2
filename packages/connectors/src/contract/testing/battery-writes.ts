import { expect, it } from "vitest";

import type { BatteryBench } from "./battery-bench.ts";

/** Writing a quantity. */
export function testWrites(bench: BatteryBench): void {
  const { endpoints, unknownListing, unknownOrder } = bench.channel;

  it("pushes an absolute quantity and reads it back", async () => {
    for (const quantity of [7, 0, 31]) {
      expect(await bench.push(quantity)).toMatchObject({ ok: true });
      expect(await bench.shown()).toBe(quantity);
    }
  });

  it("may push the same twice without harm", async () => {
    expect(await bench.push(9)).toMatchObject({ ok: true });
    expect(await bench.push(9)).toMatchObject({ ok: true });
    expect(await bench.shown()).toBe(9);
  });

  it("takes a server's stumble as unknown, and succeeds afterwards", async () => {
    for (const body of ["json", "html", "text"]) {
      await bench.strike({ kind: "serverError", status: 503, times: 1, body, endpoint: endpoints.write });
      expect(await bench.push(6)).toMatchObject({
        ok: false,
        error: { kind: "transient", mayHaveApplied: true },
      });
    }
    await bench.strike({ kind: "serverError", status: 500, times: 1, endpoint: endpoints.read });
    expect(await bench.read()).toMatchObject({
      ok: false,
      error: { kind: "transient" },
    });
    expect(await bench.push(6)).toMatchObject({ ok: true });
    expect(await bench.shown()).toBe(6);
  });

  it("does not claim to know whether a write without an answer took effect", async () => {
    const wrote = {
      timeoutAfterApply: true,
      droppedAfterApply: true,
      malformed: true,
      timeout: false,
      dropped: false,
    };
    for (const [fault, isApplied] of Object.entries(wrote)) {
      expect(await bench.push(20)).toMatchObject({ ok: true });
      await bench.strike({ kind: fault, times: 1, endpoint: endpoints.write });
      expect(await bench.push(4), fault).toMatchObject({
        ok: false,
        error: { kind: "transient", mayHaveApplied: true },
      });
      expect(await bench.shown(), fault).toBe(isApplied ? 4 : 20);
    }
  });

  it("ends the matter of an unknown listing and an unknown order", async () => {
    const pushed = await bench.connector.pushQuantity({ externalId: unknownListing, quantity: 1 });
    expect(pushed).toMatchObject({ ok: false, error: { kind: "not_found" } });
    expect(await bench.connector.fetchOrder(unknownOrder)).toMatchObject({
      ok: false,
      error: { kind: "not_found" },
    });
  });
}
