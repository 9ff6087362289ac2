import { describe, expect, test } from "vitest";

import {
  judgeLevel,
  type KnownLevel,
  type LedgerLevel,
  type LevelPolicy,
  type ToldLevel,
} from "./judge-level.ts";
import { lateCounts } from "./late-counts.ts";

const T = 1_795_428_000_000;
const MINUTE = 60_000;

const LIVE: LevelPolicy = { isLive: true, bookDriftUpTo: null };

const LEDGER: LedgerLevel = {
  sellable: 40,
  damaged: 2,
  qualityControl: 0,
  inside: { came: 0, went: 0 },
  isUntouched: false,
  available: 30,
  committed: 0,
  incoming: 0,
  returning: 0,
  unconfirmedLeft: 0,
  unlinkedPicks: 0,
};

const told = (sellable: number, held = 2, at = T): ToldLevel => ({
  sellable,
  held,
  asOf: { from: at, to: at },
});

const suspect = (drift: number, driftHeld = 0, strikes = 1): KnownLevel => ({
  asOfTo: T - MINUTE,
  state: "suspect",
  drift,
  driftHeld,
  strikes,
  firstDriftAt: T - MINUTE,
});

describe("a level held against the ledger", () => {
  test("snapshot rule 1: is compared with physical units as of its time, whatever is promised", () => {
    expect(judgeLevel(told(40), null, { ...LEDGER, committed: 25, available: 15 }, LIVE)).toEqual({
      kind: "verified",
    });
  });

  test("snapshot rule 2: what equals it is verified and books nothing; what differs by the same twice is booked as of its time", () => {
    expect(judgeLevel(told(38), null, LEDGER, LIVE)).toEqual({
      kind: "suspect",
      drift: -2,
      driftHeld: 0,
      strikes: 1,
      firstDriftAt: T,
      likelyCause: "never_explained",
    });
    expect(judgeLevel(told(38), suspect(-2), LEDGER, LIVE)).toMatchObject({
      kind: "book",
      drift: -2,
      strikes: 2,
      firstDriftAt: T - MINUTE,
    });
  });

  test("snapshot rule 3: a movement told late is counted already where both agreed since it happened", () => {
    const verified = [{ sku: "A", location: "3pl", asOf: T, sellable: 40 }];
    const move = (occurredAt: number): readonly { sku: string; location: string; occurredAt: number }[] => [
      { sku: "A", location: "3pl", occurredAt },
    ];
    expect(lateCounts("wh", verified, move(T - MINUTE), 1_000)).toMatchObject([
      { movement: "count", units: 40, asOf: T, externalId: `wh/verified/A/3pl/${T}` },
    ]);
    expect(lateCounts("wh", verified, move(T + 1), 1_000)).toEqual([]);
    expect(lateCounts("wh", verified, move(T - 999), 1_000)).toEqual([]);
    expect(lateCounts("wh", verified, [{ sku: "A", location: "main", occurredAt: 0 }], 1_000)).toEqual([]);
  });

  test("snapshot rule 4: what moved while it was read is read again, unless it explains the difference", () => {
    const moving = { ...LEDGER, inside: { came: 0, went: 3 } };
    expect(judgeLevel(told(43), null, moving, LIVE)).toEqual({ kind: "moving" });
    expect(judgeLevel(told(40), null, moving, LIVE)).toEqual({ kind: "moving" });
    expect(judgeLevel(told(44), null, moving, LIVE)).toEqual({ kind: "reread" });
    expect(judgeLevel(told(39), null, moving, LIVE)).toEqual({ kind: "reread" });
  });

  test("snapshot rule 4: a difference that changes from one snapshot to the next is never booked", () => {
    expect(judgeLevel(told(38), suspect(-1), LEDGER, LIVE)).toMatchObject({ kind: "suspect", strikes: 1 });
    expect(judgeLevel(told(38, 3), suspect(-2), LEDGER, LIVE)).toMatchObject({ kind: "suspect", strikes: 1 });
  });

  test("snapshot rule 4: units on sale that are not there are booked at once", () => {
    expect(judgeLevel(told(10), null, { ...LEDGER, available: 30 }, LIVE)).toMatchObject({ kind: "suspect" });
    expect(judgeLevel(told(9), null, { ...LEDGER, available: 30 }, LIVE)).toMatchObject({
      kind: "book",
      drift: -31,
    });
  });

  test("snapshot rule 5: damaged and held units are never sellable, and units that wait to be graded may be among them or not", () => {
    expect(judgeLevel(told(40, 5), suspect(0, 3), LEDGER, LIVE)).toMatchObject({
      kind: "book",
      drift: 0,
      driftHeld: 3,
    });
    const waiting = { ...LEDGER, qualityControl: 3 };
    for (const held of [2, 3, 5])
      expect(judgeLevel(told(40, held), null, waiting, LIVE)).toEqual({ kind: "verified" });
    expect(judgeLevel(told(40, 6), null, waiting, LIVE)).toMatchObject({ driftHeld: 1 });
    expect(judgeLevel(told(40, 1), null, waiting, LIVE)).toMatchObject({ driftHeld: -1 });
  });

  test("snapshot rule 6: what a channel says left and the keeper still holds is no find", () => {
    const ledger = { ...LEDGER, unconfirmedLeft: 1 };
    expect(judgeLevel(told(41), suspect(1), ledger, LIVE)).toMatchObject({
      kind: "open",
      likelyCause: "not_left_yet",
    });
    expect(judgeLevel(told(42), suspect(2), ledger, LIVE)).toMatchObject({ kind: "book" });
    const picked = { ...LEDGER, unlinkedPicks: 2 };
    expect(judgeLevel(told(42), suspect(2), picked, LIVE)).toMatchObject({
      kind: "open",
      likelyCause: "unlinked_pick",
    });
  });

  test("snapshot rule 7: what is not newer than what is known changes nothing", () => {
    expect(judgeLevel(told(1, 0, T - MINUTE), suspect(-2), LEDGER, LIVE)).toEqual({ kind: "stale" });
    expect(judgeLevel(told(1, 0, T - 2 * MINUTE), suspect(-2), LEDGER, LIVE)).toEqual({ kind: "stale" });
  });

  test("snapshot rule 9: less than nothing is booked as it is told", () => {
    expect(judgeLevel(told(-2), null, { ...LEDGER, sellable: 1, available: 1 }, LIVE)).toMatchObject({
      kind: "book",
      drift: -3,
    });
  });

  test("a find beyond the limit waits for a person, a loss does not", () => {
    expect(judgeLevel(told(43), suspect(3), LEDGER, LIVE)).toMatchObject({ kind: "book" });
    expect(judgeLevel(told(44), suspect(4), LEDGER, LIVE)).toMatchObject({ kind: "open" });
    expect(judgeLevel(told(44), suspect(4), LEDGER, { ...LIVE, bookDriftUpTo: 4 })).toMatchObject({
      kind: "book",
    });
    expect(judgeLevel(told(20), suspect(-20), LEDGER, LIVE)).toMatchObject({ kind: "book" });
    expect(judgeLevel(told(44), { ...suspect(4, 0, 7), state: "open" }, LEDGER, LIVE)).toMatchObject({
      kind: "open",
      strikes: 8,
    });
  });

  test("the first word about a place where nothing ever lay is its opening stock", () => {
    const empty = { ...LEDGER, sellable: 0, damaged: 0, available: 0, isUntouched: true };
    expect(judgeLevel(told(500, 7), null, empty, LIVE)).toMatchObject({
      kind: "book",
      drift: 500,
      driftHeld: 7,
    });
  });

  test("nothing is booked before a keeper is live", () => {
    const policy = { ...LIVE, isLive: false };
    const empty = { ...LEDGER, sellable: 0, isUntouched: true };
    expect(judgeLevel(told(500), null, empty, policy)).toMatchObject({ kind: "suspect" });
    expect(judgeLevel(told(1), suspect(-39), LEDGER, policy)).toMatchObject({ kind: "open" });
  });

  test.each([
    [{ committed: 3 }, told(37), "shipment_not_told"],
    [{ committed: 2 }, told(37), "never_explained"],
    [{}, told(37, 5), "damage_not_told"],
    [{ incoming: 10 }, told(50), "receipt_not_told"],
    [{ qualityControl: 1, returning: 1 }, told(42), "return_not_told"],
    [{ returning: 1 }, told(40, 3), "return_not_told"],
    [{}, told(42), "never_explained"],
  ] as const)("says what the likely cause is: %j", (ledger, level, likelyCause) => {
    expect(judgeLevel(level, null, { ...LEDGER, ...ledger }, LIVE)).toMatchObject({ likelyCause });
  });
});
