import { expect, test } from "vitest";

import { feedLimitMs, isFeedStale, ordersKnownUntil } from "./order-feed.ts";

const NOW = 10_000_000;
const amazon = { orderPollIntervalMs: 180_000, orderListLagMs: 120_000 };

test("the limit follows how often and how late a channel lists its orders, unless the seller says otherwise", () => {
  expect(feedLimitMs(amazon, null)).toBe(540_000);
  expect(feedLimitMs(amazon, 30_000)).toBe(30_000);
});

test.each([
  ["was complete a moment ago", NOW - 1_000, null, false],
  ["was complete just within the limit", NOW - 60_000, null, false],
  ["was complete too long ago", NOW - 60_001, null, true],
  ["was never complete", null, null, true],
  ["is complete, and the news wait to be read", NOW - 1_000, NOW - 5_000, false],
  ["is complete, and the news have waited too long", NOW - 1_000, NOW - 60_001, true],
])("a feed that %s", (_, completeAt, oldestUnreadAt, isStale) => {
  expect(isFeedStale({ completeAt, oldestUnreadAt }, 60_000, NOW)).toBe(isStale);
});

test("orders are known up to the last complete poll, once all that it found is read", () => {
  expect(ordersKnownUntil({ completeAt: 5, oldestUnreadAt: null })).toBe(5);
  expect(ordersKnownUntil({ completeAt: 5, oldestUnreadAt: 4 })).toBeNull();
});
