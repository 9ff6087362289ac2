import { stateOf } from "./documents.ts";
import { unitsInside } from "./place.ts";
import { noTotals, recordError, type Stock, type StockTotals, unitsAccountedFor } from "./stock.ts";
import type { Warehouse } from "./warehouse.ts";

interface StockTruth extends Stock {
  physicalUnits: number;
  recordedUnits: number;
  /** Recorded less physical: what a count would take away. */
  recordError: number;
}

/** `GET /_sim/truth`: what is really in the buildings, and what the record says of it. */
export interface WarehouseTruth {
  now: string;
  /** Per facility and item. */
  stocks: StockTruth[];
  /** Over all facilities, per item: what came, went, was lost, found, damaged, in units. */
  items: ({
    item: string;
    physicalUnits: number;
    recordedUnits: number;
    inTransitUnits: number;
  } & StockTotals)[];
  /** The same over all items. */
  totals: { physicalUnits: number; recordedUnits: number; inTransitUnits: number } & StockTotals;
  orders: Record<string, number>;
  /** Number of the last event; 0 before the first. */
  lastEvent: number;
}

function stockTruth(stock: Stock): StockTruth {
  const physicalUnits = unitsInside(stock.physical);
  if (physicalUnits !== unitsAccountedFor(stock)) {
    throw new Error(
      `${stock.item} at ${stock.facility}: ${physicalUnits} units, ${unitsAccountedFor(stock)} accounted for`,
    );
  }
  return {
    ...stock,
    physicalUnits,
    recordedUnits: unitsInside(stock.record),
    recordError: recordError(stock),
  };
}

function sumTotals(all: readonly StockTotals[]): StockTotals {
  const sum = noTotals();
  for (const totals of all) {
    for (const name of Object.keys(sum) as (keyof StockTotals)[]) sum[name] += totals[name];
  }
  return sum;
}

function sumOf(
  warehouse: Warehouse,
  stocks: readonly StockTruth[],
  item: string | null,
): WarehouseTruth["totals"] {
  const travelling = [...warehouse.transfers.values()].filter(
    (transfer) => transfer.arrived === null && (item === null || transfer.item === item),
  );
  return {
    physicalUnits: stocks.reduce((sum, stock) => sum + stock.physicalUnits, 0),
    recordedUnits: stocks.reduce((sum, stock) => sum + stock.recordedUnits, 0),
    inTransitUnits: travelling.reduce((sum, { sent }) => sum + sent, 0),
    ...sumTotals(stocks.map(({ totals }) => totals)),
  };
}

export function warehouseTruth(warehouse: Warehouse): WarehouseTruth {
  const stocks = [...warehouse.stocks.values()].map(stockTruth);
  const orders: Record<string, number> = {};
  for (const order of warehouse.orders.values()) {
    const state = stateOf(order);
    orders[state] = (orders[state] ?? 0) + 1;
  }
  return {
    now: new Date(warehouse.clock.now()).toISOString(),
    stocks,
    items: [...warehouse.items].map((item) => ({
      item,
      ...sumOf(
        warehouse,
        stocks.filter((stock) => stock.item === item),
        item,
      ),
    })),
    totals: sumOf(warehouse, stocks, null),
    orders,
    lastEvent: warehouse.journal.last(),
  };
}
