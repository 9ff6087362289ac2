import type { KeeperStanding } from "../../../api/contract.ts";

export type LevelState = keyof KeeperStanding["levels"];

/** In the order in which they are drawn. */
export const LEVEL_STATES = [
  "verified",
  "booked",
  "suspect",
  "open",
] as const satisfies readonly LevelState[];

/** The least that is drawn of what is there at all, of 100: one level in ten thousand can still be seen. */
const LEAST = 1.5;

export interface Share {
  readonly state: LevelState;
  readonly levels: number;
  /** Where it begins and how far it reaches, of 100. */
  readonly from: number;
  readonly width: number;
}

/** How a bar is shared out among levels by how they stand; nothing for what is not there. */
export function levelShares(levels: KeeperStanding["levels"]): readonly Share[] {
  const there = LEVEL_STATES.filter((state) => levels[state] > 0);
  const sum = there.reduce((total, state) => total + levels[state], 0);
  const left = 100 - there.length * LEAST;
  let from = 0;
  return there.map((state) => {
    const width = LEAST + (left * levels[state]) / sum;
    const share = { state, levels: levels[state], from, width };
    from += width;
    return share;
  });
}
