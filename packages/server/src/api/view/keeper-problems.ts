// What is wrong with a connection to a keeper, and what a person can do about it.
import type { BudgetLeft } from "../../connections/call-budget.ts";
import type { StoredHealth } from "../../observe/connection-health-store.ts";
import {
  accessProblem,
  alertProblems,
  type ConnectionProblem,
  gravestFirst,
  throttleProblem,
} from "./connection-problems.ts";

/** The gravest first. */
export function keeperProblems(
  health: StoredHealth,
  budgets: readonly BudgetLeft[] | null,
): readonly ConnectionProblem[] {
  return gravestFirst([
    accessProblem(health, health.readings),
    ...alertProblems(health),
    readingProblem(health),
    throttleProblem(budgets),
    firstProblem(health),
    ...factProblems(health),
  ]);
}

function readingProblem({ readings, code }: StoredHealth): ConnectionProblem | null {
  if (readings === null || readings.error === null || readings.error.kind === "auth") return null;
  const again = `It is tried again at ${new Date(readings.dueAt).toISOString()}`;
  const message = `${code} cannot be read: ${readings.error.message}`;
  const mend = `${again}: nothing to do unless it lasts. What happened meanwhile is read afterwards.`;
  return { code: "away", severity: "warning", message, mend };
}

function firstProblem({ readings, code }: StoredHealth): ConnectionProblem | null {
  if (readings === null || readings.completeAt !== null) return null;
  const message = `Not everything was read at ${code} yet.`;
  return { code: "importing", severity: "info", message, mend: "Wait until the first reading has ended." };
}

function factProblems({ facts, code }: StoredHealth): (ConnectionProblem | null)[] {
  const { waiting, poisoned } = facts;
  const list = `GET /v1/keepers/${encodeURIComponent(code)}/facts`;
  const told = (count: number, what: string): string =>
    `${count} ${count === 1 ? "fact" : "facts"} that ${code} told ${what}.`;
  return [
    poisoned === 0
      ? null
      : {
          code: "fact_stuck",
          severity: "warning",
          message: told(poisoned, "could not be worked on"),
          mend: `See ${list}?state=poison, mend the cause, then replay them.`,
        },
    waiting === 0
      ? null
      : {
          code: "fact_waits",
          severity: "info",
          message: told(waiting, "cannot be placed: a facility, an item or an order is unknown"),
          mend: `See ${list}?state=waiting, and name what is missing in the connection's locations or items.`,
        },
  ];
}
