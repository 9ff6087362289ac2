import type { KeyedRandom } from "../../keyed-random.ts";
import type { SimulatorClock } from "../../simulator-clock.ts";
import type { WarehouseEvent } from "../../warehouse/journal.ts";
import type { ShipBobFaults } from "../faults.ts";
import { type HistoryCategory, type HistorySide, movementsOf } from "./history-movements.ts";

/** An event that changed what ShipBob calls on hand. */
export interface HistoryEvent {
  id: number;
  at: number;
  /** The log shows it from then on; later than `at` only by a fault. */
  visibleAt: number;
  category: HistoryCategory;
  sku: string;
  /** The warehouse's order, if one is the cause. */
  worldOrderId: string | null;
  reference: { type: string; value: string } | null;
  decrement: HistorySide | null;
  increment: HistorySide | null;
}

export interface HistoryQuestion {
  facility: string;
  skus: ReadonlySet<string> | null;
  category: string | null;
  from: number;
  to: number;
  /** Events numbered above it. */
  after: number;
  limit: number;
}

/** The log of on-hand movements: numbered by one count over all facilities. */
export interface History {
  note(event: WarehouseEvent): void;
  /** Events of a facility, oldest first; `hasMore` when the limit cut them. */
  ask(question: HistoryQuestion): { events: HistoryEvent[]; hasMore: boolean };
}

/** Beyond it the oldest are forgotten: far more than 90 days of a demo. */
const KEPT_EVENTS = 200_000;

interface HistoryParts {
  clock: SimulatorClock;
  random: KeyedRandom;
  faults: ShipBobFaults;
  nextId: () => number;
}

export function createHistory({ clock, random, faults, nextId }: HistoryParts): History {
  let events: HistoryEvent[] = [];

  return {
    note(event) {
      for (const movement of movementsOf(event)) {
        const id = nextId();
        const { late, lateMs } = faults.current().history;
        const delay = random.chance(`historyLate|${id}`, late) ? lateMs : 0;
        const worldOrderId = event.document?.kind === "order" ? event.document.id : null;
        const sku = event.item ?? "";
        events.push({ ...movement, id, at: event.at, visibleAt: event.at + delay, sku, worldOrderId });
      }
      if (events.length > KEPT_EVENTS * 2) events = events.slice(-KEPT_EVENTS);
    },
    ask({ facility, skus, category, from, to, after, limit }) {
      const now = clock.now();
      const found = events.filter(
        (event) =>
          event.id > after &&
          event.visibleAt <= now &&
          event.at >= from &&
          event.at <= to &&
          (event.decrement?.facility === facility || event.increment?.facility === facility) &&
          (category === null || event.category === category) &&
          (skus === null || skus.has(event.sku)),
      );
      return { events: found.slice(0, limit), hasMore: found.length > limit };
    },
  };
}
