import type { KeyedRandom } from "../keyed-random.ts";
import type { SimulatorClock } from "../simulator-clock.ts";
import type { Inbound, Transfer, WarehouseOrder, WarehouseReturn } from "./documents.ts";
import { createJournal, type EventNote, type Journal, type WarehouseEvent } from "./journal.ts";
import type { PhysicalUnits, RecordedUnits } from "./place.ts";
import { levelsOf, newStock, type Stock, type StockTotals } from "./stock.ts";

/**
 * A 3PL's buildings: what is really in them, and apart from it the keeper's own record, which is all that the
 * vendor's API can tell. Acts (`order-acts.ts`, `stock-acts.ts`…) change both as the act would in life.
 */
export interface Warehouse {
  clock: SimulatorClock;
  random: KeyedRandom;
  facilities: Set<string>;
  items: Set<string>;
  /** By facility and item, see `stockAt`. */
  stocks: Map<string, Stock>;
  journal: Journal;
  orders: Map<string, WarehouseOrder>;
  /** Orders with units that nothing is allocated for, oldest first. */
  shortOrders: Set<WarehouseOrder>;
  inbounds: Map<string, Inbound>;
  returns: Map<string, WarehouseReturn>;
  transfers: Map<string, Transfer>;
}

export function createWarehouse({ clock, random }: Pick<Warehouse, "clock" | "random">): Warehouse {
  return {
    clock,
    random,
    facilities: new Set(),
    items: new Set(),
    stocks: new Map(),
    journal: createJournal(),
    orders: new Map(),
    shortOrders: new Set(),
    inbounds: new Map(),
    returns: new Map(),
    transfers: new Map(),
  };
}

/** The stock of an item at a facility, both of which must exist. */
export function stockAt(warehouse: Warehouse, facility: string, item: string): Stock {
  const key = JSON.stringify([facility, item]);
  const known = warehouse.stocks.get(key);
  if (known !== undefined) return known;
  if (!warehouse.facilities.has(facility)) throw new Error(`no facility ${facility}`);
  if (!warehouse.items.has(item)) throw new Error(`no item ${item}`);
  const stock = newStock(facility, item);
  warehouse.stocks.set(key, stock);
  return stock;
}

/** What an act changes, by how much. */
export interface StockChange {
  physical?: Partial<PhysicalUnits>;
  record?: Partial<RecordedUnits>;
  allocated?: number;
  totals?: Partial<StockTotals>;
}

/** A change that really happens and is written down alike. */
export function seenChange(units: Partial<PhysicalUnits>, totals: Partial<StockTotals> = {}): StockChange {
  return { physical: units, record: units, totals };
}

function add<Name extends string>(
  figures: Record<Name, number>,
  change: Partial<Record<Name, number>>,
): void {
  for (const name of Object.keys(change) as Name[]) figures[name] += change[name] ?? 0;
}

/** The one way by which figures change: with an event that holds them before and after. */
export function changeStock(
  warehouse: Warehouse,
  stock: Stock,
  change: StockChange,
  note: EventNote,
): WarehouseEvent {
  const before = levelsOf(stock);
  add(stock.physical, change.physical ?? {});
  add(stock.record, change.record ?? {});
  add(stock.totals, change.totals ?? {});
  stock.allocated += change.allocated ?? 0;
  const after = levelsOf(stock);
  const negative = Object.entries(after.physical).find(([, units]) => units < 0);
  if (negative !== undefined) throw new Error(`${note.act} leaves ${negative.join(" ")} of ${stock.item}`);
  return noteEvent(warehouse, { ...note, facility: stock.facility, item: stock.item, before, after });
}

type Noted = EventNote &
  Pick<WarehouseEvent, "facility"> &
  Partial<Pick<WarehouseEvent, "item" | "before" | "after">>;

/** An event of a document, or of an item. */
export function noteEvent(warehouse: Warehouse, event: Noted): WarehouseEvent {
  return warehouse.journal.note({
    item: null,
    before: null,
    after: null,
    ...event,
    document: event.document ?? null,
    reason: event.reason ?? null,
    at: warehouse.clock.now(),
  });
}
