// What is wrong with a connection, and what a person can do about it.
import type { BudgetLeft } from "../../connections/call-budget.ts";
import type { StoredHealth } from "../../observe/connection-health-store.ts";

export interface ConnectionProblem {
  readonly code: string;
  readonly severity: "info" | "warning" | "critical";
  readonly message: string;
  readonly mend: string;
}

const GRAVITY = { critical: 0, warning: 1, info: 2 } as const;

const RECONNECT =
  "Connect the account again with POST /v1/connections/{code}/authorize, or PUT new credentials.";

/** What to do about alerts of a connection, by their kind. */
const ALERT_MENDS: Readonly<Record<string, string>> = {
  brake:
    "Look at what the held listings would show in the preview; if it is right, release the brake with brakeReleasedAt.",
  channel_blind:
    "Do what the message says. The other channels are protected meanwhile, and all is caught up before the next raise.",
  keeper_silent:
    "Do what the message says; it is tried again by itself, and at once when the connection changes. What happened meanwhile is read afterwards.",
  not_subscribed:
    "Do what the message says; it is tried again by itself, and at once when the connection changes. Orders are found by polling meanwhile, minutes later.",
  notification_stuck: "Mend the cause, then have it processed again.",
};

/** The gravest first. */
export function connectionProblems(
  health: StoredHealth,
  budgets: readonly BudgetLeft[] | null,
): readonly ConnectionProblem[] {
  return gravestFirst([
    accessProblem(health, health.poll),
    ...alertProblems(health),
    pollProblem(health),
    throttleProblem(budgets),
    importProblem(health),
    poisonProblem(health),
  ]);
}

export function gravestFirst(found: readonly (ConnectionProblem | null)[]): readonly ConnectionProblem[] {
  return found
    .filter((problem) => problem !== null)
    .toSorted((left, right) => GRAVITY[left.severity] - GRAVITY[right.severity]);
}

/** What alerts of the connection are open. */
export function alertProblems({ alerts }: StoredHealth): readonly ConnectionProblem[] {
  return alerts.map(({ kind, severity, message }) => {
    return { code: kind, severity, message, mend: ALERT_MENDS[kind] ?? "Do what the message says." };
  });
}

/** It does not let us in: its tokens ended, or the last call was refused. */
export function accessProblem(
  { token, code }: StoredHealth,
  poll: StoredHealth["poll"],
): ConnectionProblem | null {
  const isRefused = poll?.error?.kind === "auth" && poll.attempts > 0;
  if (token !== "reconnect_needed" && !isRefused) return null;
  const message = isRefused ? poll.error.message : `The channel does not let us into ${code} any more.`;
  return {
    code: "reconnect_needed",
    severity: "critical",
    message,
    mend: RECONNECT.replace("{code}", encodeURIComponent(code)),
  };
}

function pollProblem({ poll, code }: StoredHealth): ConnectionProblem | null {
  if (poll === null || poll.error === null || poll.attempts === 0 || poll.error.kind === "auth") return null;
  const { kind, message } = poll.error;
  const again = `It is tried again at ${new Date(poll.dueAt).toISOString()}`;
  if (kind === "throttled")
    return {
      code: "throttled",
      severity: "info",
      message,
      mend: `${again}. If it lasts, lower ordersPerMinute and its like among the options of ${code}.`,
    };
  const isOurs = kind === "rejected" || kind === "not_found" || kind === "bug";
  const mend = isOurs
    ? `Check the addresses, the account and the options of ${code}. ${again}.`
    : `${again}: nothing to do unless it lasts. Notifications are still taken, and lost ones are found afterwards.`;
  return { code: "away", severity: "warning", message: `Orders cannot be listed: ${message}`, mend };
}

export function throttleProblem(budgets: readonly BudgetLeft[] | null): ConnectionProblem | null {
  const blocked = (budgets ?? []).filter(({ blockedUntil }) => blockedUntil !== null);
  if (blocked.length === 0) return null;
  const until = Math.max(...blocked.map(({ blockedUntil }) => blockedUntil ?? 0));
  const what = blocked.map(({ budget }) => budget).join(", ");
  const message = `The channel asked us to wait until ${new Date(until).toISOString()} (${what}).`;
  const mend = "Nothing to do: stops and other takes go first as soon as calls are allowed again.";
  return { code: "throttled", severity: "info", message, mend };
}

function importProblem({ poll, code }: StoredHealth): ConnectionProblem | null {
  if (poll !== null && poll.completeAt !== null) return null;
  const message = `The orders of ${code} are not imported up to now yet: nothing is pushed before.`;
  return { code: "importing", severity: "info", message, mend: "Wait until the first import has ended." };
}

function poisonProblem({ poisoned, alerts, code }: StoredHealth): ConnectionProblem | null {
  if (poisoned === 0 || alerts.some(({ kind }) => kind === "notification_stuck")) return null;
  const message = `${poisoned} ${poisoned === 1 ? "notification" : "notifications"} of ${code} could not be processed.`;
  return {
    code: "notification_stuck",
    severity: "warning",
    message,
    mend: ALERT_MENDS["notification_stuck"] ?? "",
  };
}
