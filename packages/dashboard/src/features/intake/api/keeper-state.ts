import type { KeeperStanding } from "../../../api/contract.ts";

/** How a keeper stands, the gravest that holds. */
export type KeeperState = "held" | "stuck" | "open" | "suspect" | "silent" | "agrees";

/** How much a state asks of somebody: colour and sign follow. */
export type KeeperMark = "calm" | "moving" | "warning" | "critical";

const marks: Readonly<Record<KeeperState, KeeperMark>> = {
  held: "critical",
  stuck: "critical",
  open: "warning",
  suspect: "moving",
  silent: "warning",
  agrees: "calm",
};

const GRAVITY: readonly KeeperMark[] = ["critical", "warning", "moving", "calm"];

export function keeperMark(state: KeeperState): KeeperMark {
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
