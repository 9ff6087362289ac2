import type { Instant } from "@onepool/core/ledger/units.ts";
import { HOPS, type Hop, type LatencySummary, summarise } from "@onepool/core/observe/latency-histogram.ts";
import type { z } from "zod";

import type { BudgetLeft } from "../../connections/call-budget.ts";
import type { StoredHealth } from "../../observe/connection-health-store.ts";
import type { CONNECTION_STATES, connectionHealth } from "../schema/connection-health.ts";
import { type ConnectionProblem, connectionProblems } from "./connection-problems.ts";
import { instantText } from "./instant-text.ts";
import { keeperProblems } from "./keeper-problems.ts";

type ConnectionState = (typeof CONNECTION_STATES)[number];
type HealthView = z.output<typeof connectionHealth>;

/** The worst first: what each makes of a connection's state, by the code of a problem. */
const WORST_FIRST = [
  ["reconnect_needed", "reconnect_needed"],
  ["channel_blind", "blind"],
  ["keeper_silent", "blind"],
  ["away", "away"],
  ["throttled", "throttled"],
  ["importing", "importing"],
] as const;

/** Without anything stored: a channel of the seller's own, or a connection that was made this moment. */
const NOTHING: Omit<StoredHealth, "code"> = {
  token: null,
  poll: null,
  readings: null,
  facts: { waiting: 0, poisoned: 0 },
  unread: 0,
  oldestUnreadAt: null,
  poisoned: 0,
  receivedAt: null,
  alerts: [],
  events: [],
};

/** How a connection is doing. */
export function healthView(
  stored: StoredHealth | undefined,
  of: {
    readonly code: string;
    /** Whether a connector speaks to its channel or keeper; `none` for a channel of the seller's own. */
    readonly speaks: "to a channel" | "to a keeper" | "none";
    readonly budgets: readonly BudgetLeft[] | null;
    readonly now: Instant;
  },
): HealthView {
  const health = stored ?? { code: of.code, ...NOTHING };
  const problems = problemsOf(health, of);
  return {
    state: of.speaks === "none" ? "unmanaged" : connectionState(problems),
    problems: [...problems],
    orders: of.speaks === "to a channel" ? ordersView(health, of.now) : null,
    budgets:
      of.budgets?.map((budget) => ({ ...budget, blockedUntil: instantText(budget.blockedUntil) })) ?? null,
    events: health.events.map((event) => ({ ...event, recordedAt: instantText(event.recordedAt) })),
  };
}

function problemsOf(
  health: StoredHealth,
  { speaks, budgets }: Parameters<typeof healthView>[1],
): readonly ConnectionProblem[] {
  if (speaks === "none") return [];
  return speaks === "to a channel" ? connectionProblems(health, budgets) : keeperProblems(health, budgets);
}

function connectionState(problems: readonly ConnectionProblem[]): ConnectionState {
  const worst = WORST_FIRST.find(([code]) => problems.some((problem) => problem.code === code));
  return worst?.[1] ?? "connected";
}

function ordersView(health: StoredHealth, now: Instant): HealthView["orders"] {
  const { poll, unread, oldestUnreadAt, poisoned, receivedAt } = health;
  if (poll === null) return null;
  const { completeAt, dueAt } = poll;
  const lagMs =
    completeAt === null ? null : Math.max(0, now - Math.min(completeAt, oldestUnreadAt ?? Infinity));
  return {
    completeAt: instantText(completeAt),
    lagMs,
    nextPollAt: instantText(dueAt),
    unread,
    oldestUnreadAt: instantText(oldestUnreadAt),
    poisoned,
    receivedAt: instantText(receivedAt),
  };
}

/** Every hop, those without samples included. */
export function hopsView(hops: ReadonlyMap<Hop, LatencySummary> | undefined): Record<Hop, LatencySummary> {
  const none = summarise(new Map());
  return Object.fromEntries(HOPS.map((hop) => [hop, hops?.get(hop) ?? none])) as Record<Hop, LatencySummary>;
}
