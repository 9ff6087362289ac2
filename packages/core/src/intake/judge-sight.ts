// Whether we see what a channel sells. What we do not see may be sold twice.
import type { Instant } from "../ledger/units.ts";

/** Why a channel is not seen, the worst first. */
export type BlindReason =
  /** The channel ended our access: nothing can be read or written until somebody connects it again. */
  | "reconnect_needed"
  /** Orders cannot be listed, so nothing proves that none is missing. */
  | "polls_failing"
  /** The queue that the notifications go to cannot be read. */
  | "queue_failing"
  /** Its messages are read long after they were sent. */
  | "queue_ageing"
  /** Polls find orders that no notification announced: the topic may be switched off. */
  | "notifications_silent";

/** Orders that polls first listed within the window and that were due to be announced by now. */
export interface Announcements {
  readonly listed: number;
  readonly unannounced: number;
  /** When the first of those changed; null when there is none. */
  readonly firstUnannouncedAt: Instant | null;
  /** Announced ones that changed after the last unannounced one. */
  readonly announcedSince: number;
}

export interface QueueFacts {
  readonly checkedAt: Instant | null;
  /** When the oldest message was sent that the last look found; null: none. */
  readonly oldestAt: Instant | null;
  readonly failingSince: Instant | null;
}

export interface SightFacts {
  readonly isReconnectNeeded: boolean;
  readonly pollsFailingSince: Instant | null;
  readonly pollIntervalMs: number;
  /** Null where no queue is named. */
  readonly queue: QueueFacts | null;
  readonly announcements: Announcements;
  /** The judgement before this one. */
  readonly blind: Blindness | null;
}

export interface Blindness {
  readonly reason: BlindReason;
  readonly since: Instant;
}

export interface SightPolicy {
  /** An order is due to be announced so long after a poll found it. */
  readonly graceMs: number;
  /** How far back announcements are looked at. */
  readonly windowMs: number;
  /** Unannounced orders, and their share, from which on notifications count as silent. */
  readonly unannouncedMin: number;
  readonly unannouncedShare: number;
  /** Announced ones after the last unannounced one that end it. */
  readonly announcedAgain: number;
  /** Failing for so long, or for four intervals between polls if that is longer. */
  readonly failingMs: number;
  /** A message older than this is late; the queue has caught up when all are younger than the second. */
  readonly lateMs: number;
  readonly caughtUpMs: number;
}

const MINUTE_MS = 60_000;

/**
 * Single notifications are lost everywhere, so it takes three and half of all; a poll finds what was lost within minutes
 * anyway. Amazon delivers within seconds to minutes as a rule, MercadoLibre within a second.
 */
export const SIGHT_POLICY: SightPolicy = {
  graceMs: 2 * MINUTE_MS,
  windowMs: 60 * MINUTE_MS,
  unannouncedMin: 3,
  unannouncedShare: 0.5,
  announcedAgain: 3,
  failingMs: 5 * MINUTE_MS,
  lateMs: 5 * MINUTE_MS,
  caughtUpMs: MINUTE_MS,
};

/** Null: it is seen. What has begun ends later than it would begin, so that it does not flicker. */
export function judgeSight(facts: SightFacts, now: Instant, policy = SIGHT_POLICY): Blindness | null {
  const found = [
    facts.isReconnectNeeded ? blind("reconnect_needed", now) : null,
    judgePolls(facts, now, policy),
    judgeQueue(facts, now, policy),
    judgeAnnouncements(facts, now, policy),
  ].find((one) => one !== null);
  if (found === undefined || found === null) return null;
  // One blindness, whatever its reason turns into.
  return facts.blind === null ? found : { ...found, since: Math.min(found.since, facts.blind.since) };
}

function judgePolls(facts: SightFacts, now: Instant, policy: SightPolicy): Blindness | null {
  const { pollsFailingSince: since, pollIntervalMs } = facts;
  if (since === null || now - since < Math.max(policy.failingMs, 4 * pollIntervalMs)) return null;
  return blind("polls_failing", since);
}

function judgeQueue(
  { queue, blind: before }: SightFacts,
  now: Instant,
  policy: SightPolicy,
): Blindness | null {
  if (queue === null) return null;
  const { failingSince, oldestAt, checkedAt } = queue;
  const unreadSince = failingSince ?? checkedAt;
  // Not failing and not looked at: whoever read it is gone.
  if (unreadSince !== null && now - unreadSince >= policy.failingMs)
    return blind("queue_failing", unreadSince);
  if (oldestAt === null || checkedAt === null) return null;
  const ageMs = checkedAt - oldestAt;
  const isLate = ageMs >= (before?.reason === "queue_ageing" ? policy.caughtUpMs : policy.lateMs);
  return isLate ? blind("queue_ageing", oldestAt) : null;
}

function judgeAnnouncements(
  { announcements, blind: before }: SightFacts,
  now: Instant,
  policy: SightPolicy,
): Blindness | null {
  const { listed, unannounced, firstUnannouncedAt, announcedSince } = announcements;
  const isHeardAgain = announcedSince >= policy.announcedAgain || (listed > 0 && unannounced === 0);
  const since = firstUnannouncedAt ?? now;
  // Without any order since, nothing has shown that notifications come again.
  if (before?.reason === "notifications_silent")
    return isHeardAgain ? null : blind("notifications_silent", since);
  const isSilent =
    unannounced >= policy.unannouncedMin && unannounced >= policy.unannouncedShare * listed && !isHeardAgain;
  return isSilent ? blind("notifications_silent", since) : null;
}

function blind(reason: BlindReason, since: Instant): Blindness {
  return { reason, since };
}
