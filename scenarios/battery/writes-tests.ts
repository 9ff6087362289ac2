import type { Connector } from "@onepool/connectors/contract/connector.ts";
import { describe, expect, it } from "vitest";

import { type BatteryBench, valueOf } from "./battery-bench.ts";
import { type BatteryParts, benchOfEachTest, needed, needs } from "./bench-of-each-test.ts";

/** Quantities out. */
export function writesTests(parts: BatteryParts): void {
  push(parts);
  refusedPush(parts);
  unansweredPush(parts);
  versionedPush(parts);
}

function push(parts: BatteryParts): void {
  const { kind, listings } = parts.subject;

  describe("a push", () => {
    const bench = benchOfEachTest(parts);

    it("is what the listing shows once the channel had its time", async () => {
      for (const quantity of [7, 31, kind.capability.quantityMax]) await pushAndSee(bench(), quantity);
    });

    it("of 0 stops the sale, and a later one begins it again", async () => {
      await pushAndSee(bench(), 0);
      await pushAndSee(bench(), 4);
      expect(valueOf(await bench().read())).toMatchObject({ isBuyable: true, notWritable: null });
      expect(await bench().sell({ units: 4 })).toMatch(parts.subject.orders.shape);
    });

    it("states a number and no difference: twice the same is once", async () => {
      await pushAndSee(bench(), 9);
      await pushAndSee(bench(), 9);
      expect(await bench().sell({ units: 9 })).toMatch(parts.subject.orders.shape);
    });

    it("reaches the listing that it names, whatever its name looks like", async () => {
      const names = listings.more.slice(0, 5);
      for (const [nth, externalId] of names.entries()) valueOf(await bench().push(40 + nth, externalId));
      await bench().channel.advance(kind.capability.writeAppliesWithinMs);
      const read = await bench().connector.readListings(names);
      expect(read.map((outcome) => valueOf(outcome).quantity)).toEqual(names.map((_, nth) => 40 + nth));
      expect(await bench().shown()).toBe(listings.opening);
    });

    it("changes that listing alone", async () => {
      await pushAndSee(bench(), 9);
      const read = await bench().connector.readListings([...listings.more]);
      expect(read.map((outcome) => valueOf(outcome).quantity)).toEqual(
        listings.more.map(() => listings.opening),
      );
    });
  });
}

function refusedPush(parts: BatteryParts): void {
  const { kind, listings, faults } = parts.subject;

  describe("a push", () => {
    const bench = benchOfEachTest(parts);

    it("of more than the channel takes, or of less than nothing, is refused before anything is written", async () => {
      await bench().read();
      for (const quantity of [
        -1,
        kind.capability.quantityMax + 1,
        0.5,
        Number.NaN,
        Number.MAX_SAFE_INTEGER,
      ]) {
        bench().wire.clear();
        const pushed = await bench().push(quantity);
        expect(pushed, String(quantity)).toMatchObject({ ok: false, error: { kind: "rejected" } });
        expect(bench().wire.calls.filter(({ method }) => method !== "GET")).toEqual([]);
      }
      expect(await bench().settled()).toBe(listings.opening);
    });

    it("to a listing that the channel does not know is not found, and to another seller's refused", async ({
      skip,
    }) => {
      expect(await bench().push(1, listings.unknown)).toMatchObject({
        ok: false,
        error: { kind: "not_found" },
      });
      const foreign = needed(skip, listings.foreign);
      expect(await bench().push(1, foreign)).toMatchObject({
        ok: false,
        error: { kind: expect.toBeOneOf(["rejected", "not_found"]) },
      });
    });

    it("that changed nothing is no proof: what is read is", async ({ skip }) => {
      needs(skip, faults.writeIgnored);
      await bench().channel.setFaults("writeIgnored");
      await bench().push(3);
      await bench().channel.setFaults();
      expect(await bench().settled()).toBe(listings.opening);
    });

    it("that meets another writer is a conflict that wrote nothing", async ({ skip }) => {
      needs(skip, faults.conflict);
      await bench().channel.setFaults("conflict");
      const pushed = await bench().push(3);
      expect(pushed).toMatchObject({ ok: false, error: { kind: "conflict" } });
      if (!pushed.ok) expect(pushed.error.mayHaveApplied ?? false).toBe(false);
      await bench().channel.setFaults();
      expect(await bench().settled()).toBe(listings.opening);
      await pushAndSee(bench(), 3);
    });
  });
}

function unansweredPush(parts: BatteryParts): void {
  describe("a push without an answer", () => {
    const bench = benchOfEachTest(parts);

    it.for(["droppedAfter", "silentAfter", "halfAfter"] as const)(
      "may have taken effect, and did: %s",
      async (spoil) => {
        await pushAndSee(bench(), 20);
        expect(await unanswered(bench(), spoil)).toMatchObject({
          ok: false,
          error: { kind: "transient", mayHaveApplied: true },
        });
        await bench().untilShown(4);
      },
    );

    it.for(["dropped", "silent"] as const)("may have taken effect, and did not: %s", async (spoil) => {
      await pushAndSee(bench(), 20);
      expect(await unanswered(bench(), spoil)).toMatchObject({
        ok: false,
        error: { kind: "transient", mayHaveApplied: true },
      });
      expect(await bench().settled()).toBe(20);
      // The same again is safe either way.
      await pushAndSee(bench(), 4);
    });
  });
}

function versionedPush(parts: BatteryParts): void {
  const { kind, listings } = parts.subject;

  describe("a push with a version", () => {
    const bench = benchOfEachTest(parts);

    it("goes through while nothing changed, and is refused once something was written", async ({ skip }) => {
      const { externalId, settings } = needed(skip, listings.versioned);
      const connector = bench().connect({ settings: { ...settings } });
      const version = await versionOf(connector, externalId);
      valueOf(await connector.pushQuantity({ externalId, quantity: 6, ifVersion: version }));
      expect(await bench().settled(externalId)).toBe(6);
      const stale = await connector.pushQuantity({ externalId, quantity: 8, ifVersion: version });
      expect(stale).toMatchObject({ ok: false, error: { kind: "conflict" } });
      expect(await bench().settled(externalId)).toBe(6);
      expect(await versionOf(connector, externalId)).not.toBe(version);
    });

    it("is refused once something was sold, by whichever process", async ({ skip }) => {
      const { externalId, settings } = needed(skip, listings.versioned);
      if (!(kind.capabilityOf?.(settings) ?? kind.capability).compareAndSet)
        skip("not applicable: the capability does not promise it");
      const [one, another] = [0, 1].map(() => bench().connect({ settings: { ...settings } }));
      if (one === undefined || another === undefined) throw new Error("there are two");
      const version = await versionOf(one, externalId);
      await bench().sell({ externalId });
      await bench().channel.advance(kind.capability.ownOrderSettlesMs);
      const shown = await bench().shown(externalId);
      for (const connector of [another, one]) {
        const stale = await connector.pushQuantity({ externalId, quantity: 8, ifVersion: version });
        expect(stale).toMatchObject({ ok: false, error: { kind: "conflict" } });
        if (!stale.ok) expect(stale.error.mayHaveApplied ?? false).toBe(false);
      }
      expect(await bench().settled(externalId)).toBe(shown);
    });
  });
}

async function versionOf(connector: Connector, externalId: string): Promise<string> {
  const [reading] = await connector.readListings([externalId]);
  const version = reading === undefined ? undefined : valueOf(reading).version;
  if (version === undefined) throw new Error(`the reading of ${externalId} has no version`);
  return version;
}

/** A push whose receipt and whose reading agree. */
async function pushAndSee(bench: BatteryBench, quantity: number): Promise<void> {
  const receipt = valueOf(await bench.push(quantity));
  expect(receipt.quantity ?? quantity).toBe(quantity);
  expect(await bench.settled()).toBe(quantity);
}

type Unanswered = "dropped" | "silent" | "droppedAfter" | "silentAfter" | "halfAfter";

async function unanswered(bench: BatteryBench, kind: Unanswered) {
  const attempt = async (connector: Connector) => {
    let isStruck = false;
    bench.wire.spoil(({ at, method }) => {
      if (at !== "api" || method === "GET") return null;
      isStruck = true;
      return { kind };
    });
    const pushed = await connector.pushQuantity({ externalId: bench.subject.listings.plain, quantity: 4 });
    bench.wire.clear();
    return isStruck ? pushed : null;
  };
  return bench.hastily(attempt);
}
