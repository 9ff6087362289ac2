import { expect, it } from "vitest";

import type { BatteryBench } from "./battery-bench.ts";

/** Reading what is shown. */
export function testReads(bench: BatteryBench): void {
  const { listing, endpoints, unknownListing } = bench.channel;

  it("reads an unreadable answer as unknown, never as a number", async () => {
    await bench.strike({ kind: "malformed", times: 1, endpoint: endpoints.read });
    expect(await bench.read()).toMatchObject({
      ok: false,
      error: { kind: "transient" },
    });
  });

  it("reads many at once, each with its own outcome", async () => {
    const [known, unknown, again] = await bench.connector.readListings([
      listing.externalId,
      unknownListing,
      listing.externalId,
    ]);
    expect(known).toMatchObject({ ok: true, value: { externalId: listing.externalId, quantity: 20 } });
    expect(unknown).toMatchObject({ ok: false, error: { kind: "not_found" } });
    expect(again).toEqual(known);
  });
}
