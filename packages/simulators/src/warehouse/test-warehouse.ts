import { expect } from "vitest";

import { createKeyedRandom } from "../keyed-random.ts";
import { createSimulatorClock, type SimulatorClock } from "../simulator-clock.ts";
import type { ActOutcome } from "./act-outcome.ts";
import { layStock } from "./stock-acts.ts";
import type { Stock } from "./stock.ts";
import { createWarehouse, stockAt, type Warehouse } from "./warehouse.ts";

/** Facility and item that `newTestWarehouse` lays 10 units of, and a second item with 5. */
export const NORTH = "north";
export const KB = "KB-M";
export const OTHER = "KB-L";

export interface TestWarehouse {
  warehouse: Warehouse;
  clock: SimulatorClock;
  /** The item `KB` at `NORTH`. */
  stock: Stock;
}

/** A warehouse whose clock stands still. */
export function newTestWarehouse(seed = 1): TestWarehouse {
  const clock = createSimulatorClock({ startAt: Date.parse("2026-11-02T08:00:00Z"), factor: 0 });
  const warehouse = createWarehouse({ clock, random: createKeyedRandom(seed) });
  layStock(warehouse, { facility: NORTH, item: KB, units: 10 });
  layStock(warehouse, { facility: NORTH, item: OTHER, units: 5 });
  return { warehouse, clock, stock: stockAt(warehouse, NORTH, KB) };
}

/** The result of an act that must have been done. */
export function must<Result extends object>(outcome: ActOutcome<Result>): Result {
  expect(outcome).toMatchObject({ done: true });
  if (!outcome.done) throw new Error(outcome.reason);
  return outcome;
}
