import type { Blindness } from "@onepool/core/intake/judge-sight.ts";
import type { Instant } from "@onepool/core/ledger/units.ts";

import type { StoredSight } from "./sight-store.ts";
import { whenBlind, type WhenBlind } from "./when-blind.ts";

const MEANWHILE: Readonly<Record<WhenBlind, string>> = {
  hold_back: "Meanwhile the other channels hold back what it has probably sold.",
  stop: "Meanwhile the other channels do not sell what it sells.",
  sell: "Meanwhile the other channels sell on as they are set.",
};

/** Why a channel is not seen, what that means and what to do, for people. */
export function blindMessage(sight: StoredSight, title: string, blind: Blindness, now: Instant): string {
  return `${reasonOf(sight, title, blind, now)} ${MEANWHILE[whenBlind(sight.settings)]}`;
}

function reasonOf(sight: StoredSight, title: string, { reason, since }: Blindness, now: Instant): string {
  const { code, pollError, queueError, queueOldestAt, queueCheckedAt, listed, unannounced } = sight;
  const at = new Date(since).toISOString();
  switch (reason) {
    case "reconnect_needed":
      return `${title} does not let us into ${code} any more: connect the account again.`;
    case "polls_failing":
      return `The orders of ${code} cannot be listed since ${at}: ${pollError ?? "no reason is known"}`;
    case "queue_failing":
      return `The queue of ${code} cannot be read since ${at}: ${queueError ?? "nobody reads it"}.`;
    case "queue_ageing": {
      const ageMs = (queueCheckedAt ?? now) - (queueOldestAt ?? now);
      return `Messages in the queue of ${code} are read ${Math.round(ageMs / 60_000)} minutes after they were sent.`;
    }
    case "notifications_silent":
      return `${unannounced} of the last ${listed} orders of ${code} came without a notification, the first at ${at}: see at ${title} whether the topic is still switched on and its address right.`;
  }
}

/** What is put aside in the inbox, for people. */
export function stuckMessage({ code, poisoned, poisonedSince }: StoredSight): string {
  const since = poisonedSince === null ? "" : `, the first since ${new Date(poisonedSince).toISOString()}`;
  const what = poisoned === 1 ? "One notification" : `${poisoned} notifications`;
  return `${what} of ${code} could not be processed${since}: see GET /v1/inbox?state=poisoned, mend the cause and replay.`;
}
