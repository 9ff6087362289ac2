import type { KeeperStanding } from "../../../api/contract.ts";
import { GRAVITY, type Mark } from "../../../ui/mark.ts";

/** How a keeper stands, the gravest that holds. */
export type KeeperState = "held" | "stuck" | "open" | "suspect" | "silent" | "agrees";

const marks: Readonly<Record<KeeperState, Mark>> = {
  held: "critical",
  stuck: "critical",
  open: "warning",
  suspect: "moving",
  silent: "warning",
  agrees: "calm",
};

export function keeperMark(state: KeeperState): Mark {
  return marks[state];
}

export function keeperState({ heldSnapshot, facts, levels, toldAsOf }: KeeperStanding): KeeperState {
  if (heldSnapshot !== null) return "held";
  if (facts.poison > 0) return "stuck";
  if (levels.open > 0) return "open";
  if (levels.suspect > 0) return "suspect";
  return toldAsOf === null ? "silent" : "agrees";
}

/** What asks for somebody comes first; the rest by connection, so that cards keep their places. */
export function gravestFirst(keepers: readonly KeeperStanding[]): readonly KeeperStanding[] {
  const rank = (keeper: KeeperStanding) => Math.min(2, GRAVITY.indexOf(keeperMark(keeperState(keeper))));
  return keepers.toSorted((a, b) => rank(a) - rank(b) || a.connection.localeCompare(b.connection));
}
