import type { KeeperFact } from "@onepool/connectors/contract/keeper/keeper-fact.ts";
import type { Keeper } from "@onepool/connectors/contract/keeper/keeper.ts";
import { factFaults } from "@onepool/connectors/contract/testing/fact-faults.ts";
import {
  onHandChanges,
  readAllFacts,
  readAllLevels,
} from "@onepool/connectors/contract/testing/read-keeper.ts";
import { valueOf } from "@onepool/connectors/contract/testing/value-of.ts";
import { beforeAll, describe, expect, it } from "vitest";

import { benchOfEachPart } from "./bench-of-each-part.ts";
import type { KeeperBench } from "./keeper-bench.ts";
import type { KeeperSubject } from "./keeper-subject.ts";

export function tellingTests(subject: KeeperSubject): void {
  describe("what is told after a bad day", () => {
    const bench = benchOfEachPart(subject);
    beforeAll(() => badDay(bench()));

    it("adds up to the levels, in facts that are well made", async () => {
      const keeper = bench().connect();
      const facts = await readAllFacts(keeper, bench().since);
      expect(facts.flatMap(factFaults)).toEqual([]);
      const changes = onHandChanges(facts, subject.whatLeft);
      const levels = await readAllLevels(keeper);
      for (const item of subject.items) {
        const key = `${item} at ${subject.facility.code}`;
        expect([key, levels.get(key)?.onHand]).toEqual([key, subject.opening + (changes.get(key) ?? 0)]);
      }
    });

    it("has the same ids at every reading, and each entry of the log once", async () => {
      const keeper = bench().connect();
      const first = await collected(keeper, bench().since);
      expect(first.length).toBeGreaterThan(3);
      expect(new Set(first.map(({ factId }) => factId)).size).toBe(first.length);
      expect(await collected(keeper, bench().since)).toEqual(first);
      const ids = async () => (await readAllFacts(keeper, bench().since)).map(({ factId }) => factId);
      expect(await ids()).toEqual(await ids());
    });

    it("has levels once per place, of a time that the call lies around, the same when asked for by name", async () => {
      const keeper = bench().connect();
      const before = bench().clock.now();
      const some = valueOf(await keeper.readLevels({ items: [...subject.items, subject.unknownItem] }));
      if (some.kind !== "levels") throw new Error(some.kind);
      const keys = some.lines.map(({ item, facility }) => `${item} at ${facility}`);
      expect(new Set(keys).size).toBe(keys.length);
      expect(some.lines.some(({ item }) => item === subject.unknownItem)).toBe(false);
      expect(some.asOf.from).toBeGreaterThanOrEqual(before);
      expect(some.asOf.to).toBeLessThanOrEqual(bench().clock.now());
      const all = await readAllLevels(keeper);
      expect(new Map(some.lines.map((line, at) => [keys[at], line]))).toEqual(all);
    });

    it("is another fact in another state, and cumulative", async () => {
      const keeper = bench().connect();
      const made = valueOf(await keeper.createOrder(bench().order(2)));
      const open = valueOf(await keeper.readOrder(made));
      expect(valueOf(await keeper.readOrder(made))?.factId).toBe(open?.factId);
      await bench().ship(made.keeperOrderId);
      const shipped = valueOf(await keeper.readOrder(made));
      expect(shipped).toMatchObject({ lines: [{ shipped: 2 }] });
      expect(shipped?.factId).not.toBe(open?.factId);
    });
  });
}

async function badDay(bench: KeeperBench): Promise<void> {
  const { subject } = bench;
  const [first, second, third] = subject.items;
  const { code, building } = subject.facility;
  const keeper = bench.connect();
  await bench.ship(valueOf(await keeper.createOrder(bench.order(3))).keeperOrderId);
  const lines = [{ item: second, units: 10 }];
  const inbound = { reference: "IN-DAY", facility: code, expectedAt: null, lines };
  const id = subject.buildingId(valueOf(await keeper.announceInbound(inbound)).keeperInboundId);
  await bench.act("arrive-inbound", { id });
  await bench.act("receive", { id, lines: [{ item: second, units: 9 }] });
  await bench.act("stow", { id, lines: [{ item: second, units: 6 }] });
  await bench.act("announce-return", {
    id: "R-1",
    facility: building,
    lines: [{ item: third, expected: 5 }],
  });
  await bench.act("arrive-return", { id: "R-1", lines: [{ item: third, units: 4 }] });
  const split = { item: third, restock: 2, quarantine: 1, dispose: 1, missing: 1 };
  await bench.act("inspect-return", { id: "R-1", lines: [split] });
  const on = (units: number) => ({ facility: building, item: first, units });
  await bench.act("damage", { ...on(2), noticed: true });
  await bench.act("lose", { ...on(2), noticed: true });
  await bench.act("find", { ...on(1), noticed: true });
  await bench.act("lose", on(1));
  await bench.act("count", { facility: building, item: first });
}

async function collected(keeper: Required<Keeper>, since: number): Promise<KeeperFact[]> {
  const facts: KeeperFact[] = [];
  let cursor: string | null = null;
  for (let pages = 0; pages < 100; pages++) {
    const page: Awaited<ReturnType<typeof keeper.collect>> = await keeper.collect({ cursor, since });
    const { facts: more, cursor: next, hasMore } = valueOf(page);
    facts.push(...more);
    cursor = next;
    if (!hasMore) return facts;
  }
  throw new Error("the log never ends");
}
