import { describe, expect, it } from "vitest";

import { valueOf } from "./battery-bench.ts";
import { type BatteryParts, benchOfEachTest, needed, needs } from "./bench-of-each-test.ts";

/** What listings show. */
export function listingsTests(parts: BatteryParts): void {
  readingListings(parts);
  limits(parts);
}

function readingListings(parts: BatteryParts): void {
  const { kind, listings } = parts.subject;

  describe("listings", () => {
    const bench = benchOfEachTest(parts);

    it("are read with the channel's own number and whether it can be written", async () => {
      expect(valueOf(await bench().read())).toMatchObject({
        externalId: listings.plain,
        quantity: listings.opening,
        status: expect.stringMatching(/./),
        isBuyable: true,
        notWritable: null,
      });
    });

    it("are read many at once, one outcome each, in the order asked, doubles included", async () => {
      const asked = [
        listings.plain,
        listings.unknown,
        ...listings.more,
        ...listings.malformed,
        listings.plain,
      ];
      const read = await bench().connector.readListings(asked.slice(0, kind.capability.readBatchSize));
      expect(read.map((outcome) => (outcome.ok ? outcome.value.externalId : outcome.error.kind))).toEqual(
        asked
          .slice(0, kind.capability.readBatchSize)
          .map((id) =>
            id === listings.unknown ? "not_found" : listings.malformed.includes(id) ? "rejected" : id,
          ),
      );
    });

    it("are read as many at once as the capability says", async () => {
      const names = [listings.plain, ...listings.more];
      const { readBatchSize } = kind.capability;
      const asked = Array.from({ length: readBatchSize }, (_, nth) => names[nth % names.length] ?? "");
      const read = await bench().connector.readListings(asked);
      expect(read.map((outcome) => valueOf(outcome).externalId)).toEqual(asked);
      expect(await bench().connector.readListings([])).toEqual([]);
    });

    it("that the channel does not know are not found: not 0, and not a number of their own", async () => {
      expect(await bench().read(listings.unknown)).toMatchObject({ ok: false, error: { kind: "not_found" } });
    });

    it("of another seller are no reading", async ({ skip }) => {
      const externalId = needed(skip, listings.foreign);
      const read = await bench().read(externalId);
      expect(read).toMatchObject({ ok: false, error: { kind: expect.toBeOneOf(["rejected", "not_found"]) } });
    });

    it("that the channel locked say why they cannot be written, and refuse it by name", async ({ skip }) => {
      const locked = [...listings.locked, listings.channelKept].filter((one) => typeof one === "string");
      if (locked.length === 0) skip("not applicable: the channel locks none");
      for (const externalId of locked) {
        const before = await bench().read(externalId);
        // Some channels do not even tell the number of what they keep.
        const why = before.ok ? before.value.notWritable : before.error.message;
        expect(why, externalId).toMatch(/\S.*\S/);
        if (!before.ok) expect(before.error.kind).toBe("rejected");
        const pushed = await bench().push(3, externalId);
        expect(pushed, externalId).toMatchObject({
          ok: false,
          error: { kind: "rejected", message: expect.stringMatching(/\S/) },
        });
        if (!pushed.ok) expect(pushed.error.mayHaveApplied ?? false).toBe(false);
        if (before.ok) expect(await bench().settled(externalId)).toBe(before.value.quantity);
      }
    });
  });
}

function limits(parts: BatteryParts): void {
  const { kind, listings } = parts.subject;

  describe("limits", () => {
    const bench = benchOfEachTest(parts);

    it("are learned from the channel's own word", async ({ skip }) => {
      needs(skip, parts.subject.learnsLimits);
      await bench().order(await bench().sell());
      valueOf(await bench().read());
      valueOf(await bench().push(5));
      const { limits } = bench();
      expect(limits.length).toBeGreaterThan(0);
      for (const { budget, perMinute } of limits) {
        expect(Object.keys(kind.capability.limits)).toContain(budget);
        expect(perMinute).toBeGreaterThan(0);
        expect(Number.isFinite(perMinute)).toBe(true);
      }
    });

    it("that are passed are told as such in the vendor's own shape", async ({ skip }) => {
      needs(skip, parts.subject.faults.throttled);
      valueOf(await bench().read());
      await bench().channel.setFaults("throttled");
      expect(await bench().read()).toMatchObject({ ok: false, error: { kind: "throttled" } });
      expect(await bench().push(5)).toMatchObject({ ok: false, error: { kind: "throttled" } });
      await bench().channel.setFaults();
      expect(await bench().shown()).toBe(listings.opening);
    });

    it("do not hide that the channel itself stumbles", async ({ skip }) => {
      needs(skip, parts.subject.faults.serverError);
      valueOf(await bench().read());
      await bench().channel.setFaults("serverError");
      expect(await bench().read()).toMatchObject({ ok: false, error: { kind: "transient" } });
      expect(await bench().push(5)).toMatchObject({
        ok: false,
        error: { kind: "transient", mayHaveApplied: true },
      });
    });
  });
}
