import type { AdjustmentFact, SnapshotFact } from "@onepool/connectors/contract/keeper/keeper-fact.ts";
import { expect, test } from "vitest";

import { testDatabase } from "../../testing/test-database.ts";
import {
  claimDueFacts,
  finishFact,
  type FactOrigin,
  retryWaitingFacts,
  storeFacts,
} from "./keeper-fact-store.ts";

const { pool } = await testDatabase();

const NOW = Date.parse("2026-11-23T10:00:00Z");
let nth = 0;

const lost = (factId: string, sellable = -1): AdjustmentFact => ({
  kind: "adjustment",
  factId,
  occurredAt: NOW - 1_000,
  item: "A",
  facility: "F1",
  sellable,
  held: 0,
  reason: "lost",
});

const snapshot = (factId: string, lines: number): SnapshotFact => ({
  kind: "snapshot",
  factId,
  asOf: { from: NOW - 60_000, to: NOW },
  scope: "full",
  lines: Array.from({ length: lines }, (_, index) => ({
    item: `I${index}`,
    facility: "F1",
    onHand: 1,
    held: 0,
  })),
});

function origin(): FactOrigin {
  nth += 1;
  return { sellerId: 1, code: `wh-${nth}`, way: "delivery", deliveryId: "d-1", receivedAt: NOW };
}

const claim = (now = NOW, limit = 100) => claimDueFacts(pool, { now, leaseMs: 30_000, limit });

async function drain(): Promise<void> {
  for (const held of await claim(NOW + 365 * 24 * 3_600_000, 10_000))
    await finishFact(pool, held, { now: NOW, state: "done", seq: null, error: null });
}

test("[I2] a fact is stored once however often it comes, and the first content stands", async () => {
  await drain();
  const from = origin();
  expect(await storeFacts(pool, from, [lost("a"), lost("b"), lost("a"), lost("b", -2)])).toEqual([
    "new",
    "new",
    "same",
    "conflict",
  ]);
  const { kind, reason, ...rest } = lost("a");
  expect(await storeFacts(pool, from, [{ reason, ...rest, kind }, lost("b", -9), lost("c")])).toEqual([
    "same",
    "conflict",
    "new",
  ]);
  expect((await claim()).map(({ fact }) => fact)).toEqual([lost("a"), lost("b"), lost("c")]);
});

test("the same facts stored by two at once are stored once, and both are told the truth", async () => {
  await drain();
  const from = origin();
  const facts = Array.from({ length: 50 }, (_, index) => lost(`f-${index}`));
  const answers = await Promise.all(Array.from({ length: 4 }, () => storeFacts(pool, from, facts)));
  const news = answers.flat().filter((how) => how === "new");
  expect(news).toHaveLength(50);
  expect(answers.flat()).not.toContain("conflict");
  expect(await claim()).toHaveLength(50);
});

test("a snapshot of many lines is cut, its last part named, and the same again is the same", async () => {
  await drain();
  const from = origin();
  const told = snapshot("s", 2_500);
  expect(await storeFacts(pool, from, [told, snapshot("t", 3)])).toEqual(["new", "new"]);
  expect(await storeFacts(pool, from, [told])).toEqual(["same"]);
  const claimed = await claim();
  expect(
    claimed.map(({ fact, snapshot: part }) => [fact.factId, part?.id, part?.part, part?.isLast]),
  ).toEqual([
    ["s#1", "s", 1, false],
    ["s#2", "s", 2, false],
    ["s#3", "s", 3, true],
    ["t", "t", 1, true],
  ]);
  const lines = claimed.flatMap(({ fact, snapshot: part }) =>
    fact.kind === "snapshot" && part?.id === "s" ? fact.lines : [],
  );
  expect(lines).toEqual(told.lines);
});

test("ids that no column can hold are kept by what they hash to", async () => {
  await drain();
  const from = origin();
  const odd = ["", "x".repeat(201), "nul\0", "half \ud800"];
  expect(
    await storeFacts(
      pool,
      from,
      odd.map((id) => lost(id)),
    ),
  ).toEqual(odd.map(() => "new"));
  expect(
    await storeFacts(
      pool,
      from,
      odd.map((id) => lost(id)),
    ),
  ).toEqual(odd.map(() => "same"));
});

test("several claim at once and each fact is held by one, until its lease ends", async () => {
  await drain();
  await storeFacts(
    pool,
    origin(),
    Array.from({ length: 40 }, (_, index) => lost(`f-${index}`)),
  );
  const held = (await Promise.all(Array.from({ length: 4 }, () => claim(NOW, 10)))).flat();
  expect(new Set(held.map(({ fact }) => fact.factId)).size).toBe(held.length);
  expect(held.length + (await claim()).length).toBe(40);
  expect(await claim(NOW + 29_999)).toEqual([]);
  const [first] = await claim(NOW + 30_000);
  expect(first?.attempts).toBe(2);
  const late = held.find(({ fact }) => fact.factId === first?.fact.factId);
  const end = { now: NOW, state: "done", seq: 7, error: null } as const;
  if (late !== undefined) expect(await finishFact(pool, late, end)).toBe(false);
  if (first === undefined) throw new Error("nothing was claimed");
  expect(await finishFact(pool, first, end)).toBe(true);
  expect(await finishFact(pool, first, end)).toBe(false);
});

test("what waits is tried again at its time, or when something changed", async () => {
  await drain();
  const from = origin();
  await storeFacts(pool, from, [lost("a")]);
  const [held] = await claim();
  if (held === undefined) throw new Error("nothing was claimed");
  const hourLater = NOW + 3_600_000;
  const error = "Nobody knows the facility F1.";
  await finishFact(pool, held, { now: NOW, state: "waiting", seq: null, error, nextAttemptAt: hourLater });
  expect(await claim(NOW + 1)).toEqual([]);
  expect(await retryWaitingFacts(pool, { sellerId: 2, code: null }, NOW)).toBe(0);
  expect(await retryWaitingFacts(pool, from, NOW)).toBe(1);
  expect(await claim()).toMatchObject([{ state: "waiting", fact: { factId: "a" } }]);
});
