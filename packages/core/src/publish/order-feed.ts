import type { Instant } from "../ledger/units.ts";

/** What is known of how far a channel's orders have reached us. */
export interface OrderFeed {
  /** Every order up to then was listed by the last complete poll; null before the first. */
  readonly completeAt: Instant | null;
  /** Since when the oldest news of an order waits to be read for the first time; null when none does. */
  readonly oldestUnreadAt: Instant | null;
}

/** Up to when every order is in the ledger; null while some that the poll may have found are not read yet. */
export function ordersKnownUntil({ completeAt, oldestUnreadAt }: OrderFeed): Instant | null {
  return oldestUnreadAt === null ? completeAt : null;
}

/** Beside the time between two polls, in milliseconds: a poll and the reading of what it finds take a while. */
const SLACK_MS = 60_000;

/** How far behind orders may be until nothing is raised any more, unless the seller says otherwise. In milliseconds. */
export function feedLimitMs(
  channel: { readonly orderPollIntervalMs: number; readonly orderListLagMs: number },
  ownMs: number | null,
): number {
  return ownMs ?? 2 * channel.orderPollIntervalMs + channel.orderListLagMs + SLACK_MS;
}

/** The channel may have sold more than we know for longer than the limit: nothing may be raised there. Takes always may. */
export function isFeedStale(feed: OrderFeed, limitMs: number, now: Instant): boolean {
  const knownAt = Math.min(feed.completeAt ?? -Infinity, feed.oldestUnreadAt ?? Infinity);
  return now - knownAt > limitMs;
}
