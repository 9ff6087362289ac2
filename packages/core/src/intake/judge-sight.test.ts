import { describe, expect, it } from "vitest";

import { type Announcements, judgeSight, SIGHT_POLICY, type SightFacts } from "./judge-sight.ts";

const NOW = Date.parse("2026-11-23T12:00:00Z");
const MINUTE_MS = 60_000;
const ago = (minutes: number) => NOW - minutes * MINUTE_MS;

const nothing: Announcements = { listed: 0, unannounced: 0, firstUnannouncedAt: null, announcedSince: 0 };
const fine: SightFacts = {
  isReconnectNeeded: false,
  pollsFailingSince: null,
  pollIntervalMs: MINUTE_MS,
  queue: null,
  announcements: nothing,
  blind: null,
};
const silent = (unannounced: number, listed: number, announcedSince = 0): Partial<SightFacts> => ({
  announcements: {
    listed,
    unannounced,
    firstUnannouncedAt: unannounced === 0 ? null : ago(9),
    announcedSince,
  },
});
const queue = (checkedAt: number | null, oldestAt: number | null, failingSince: number | null = null) => ({
  queue: { checkedAt, oldestAt, failingSince },
});
const was = (reason: NonNullable<SightFacts["blind"]>["reason"]) => ({ blind: { reason, since: ago(30) } });

const table: readonly (readonly [string, Partial<SightFacts>, string | null])[] = [
  ["nothing wrong", {}, null],
  ["access revoked", { isReconnectNeeded: true }, "reconnect_needed"],
  ["polls failing for 4 minutes", { pollsFailingSince: ago(4) }, null],
  ["polls failing for 5 minutes", { pollsFailingSince: ago(5) }, "polls_failing"],
  ["polls failing for 11 of 12 minutes", { pollsFailingSince: ago(11), pollIntervalMs: 3 * MINUTE_MS }, null],
  [
    "polls failing for 4 long intervals",
    { pollsFailingSince: ago(12), pollIntervalMs: 3 * MINUTE_MS },
    "polls_failing",
  ],
  ["an empty queue", queue(ago(0), null), null],
  ["a queue never looked at", queue(null, null), null],
  ["a message 4 minutes old", queue(ago(0), ago(4)), null],
  ["a message 5 minutes old", queue(ago(0), ago(5)), "queue_ageing"],
  [
    "a message 2 minutes old after late ones",
    { ...queue(ago(0), ago(2)), ...was("queue_ageing") },
    "queue_ageing",
  ],
  ["fresh messages after late ones", { ...queue(ago(0), ago(0.5)), ...was("queue_ageing") }, null],
  ["a message that was fresh when looked at", queue(ago(3), ago(4)), null],
  ["a queue failing for 4 minutes", queue(ago(4), null, ago(4)), null],
  ["a queue failing for 5 minutes", queue(ago(5), null, ago(5)), "queue_failing"],
  ["a queue that nobody looks at", queue(ago(5), null), "queue_failing"],
  ["two unannounced orders", silent(2, 2), null],
  ["three of three unannounced", silent(3, 3), "notifications_silent"],
  ["three of six unannounced", silent(3, 6), "notifications_silent"],
  ["three of seven unannounced", silent(3, 7), null],
  ["three of six, then announced ones again", silent(3, 6, 3), null],
  [
    "silent before, and no order since",
    { ...silent(0, 0), ...was("notifications_silent") },
    "notifications_silent",
  ],
  [
    "silent before, two announced since",
    { ...silent(4, 9, 2), ...was("notifications_silent") },
    "notifications_silent",
  ],
  ["silent before, three announced since", { ...silent(4, 9, 3), ...was("notifications_silent") }, null],
  ["silent before, all announced", { ...silent(0, 1, 1), ...was("notifications_silent") }, null],
  [
    "everything at once",
    { isReconnectNeeded: true, pollsFailingSince: ago(50), ...silent(9, 9) },
    "reconnect_needed",
  ],
];

describe("the judgement", () => {
  it.each(table)("of %s", (_, change, reason) => {
    expect(judgeSight({ ...fine, ...change }, NOW)?.reason ?? null).toBe(reason);
  });

  it("counts from when it began, whatever the reason turns into", () => {
    expect(judgeSight({ ...fine, ...silent(3, 3) }, NOW)).toEqual({
      reason: "notifications_silent",
      since: ago(9),
    });
    expect(judgeSight({ ...fine, isReconnectNeeded: true, ...was("polls_failing") }, NOW)).toEqual({
      reason: "reconnect_needed",
      since: ago(30),
    });
  });

  it("ends what it began only by evidence: with the same facts it stays", () => {
    for (const [, change] of table) {
      const first = judgeSight({ ...fine, ...change }, NOW);
      if (first === null) continue;
      expect(judgeSight({ ...fine, ...change, blind: first }, NOW, SIGHT_POLICY)).toEqual(first);
    }
  });
});
