import { countItem, damageUnits, findUnits, loseUnits } from "../stock-acts.ts";
import type { Stock } from "../stock.ts";
import type { Warehouse } from "../warehouse.ts";
import type { FloorSettings } from "./floor-settings.ts";

const HOURS_PER_DAY = 24;

function happensTo(warehouse: Warehouse, settings: FloorSettings, stock: Stock, hour: number): void {
  const { facility, item, physical } = stock;
  const key = `floor|${facility}|${item}|${hour}`;
  const happens = (what: string, perDay: number): boolean =>
    warehouse.random.chance(`${key}|${what}`, perDay / HOURS_PER_DAY);
  const some = (what: string, most: number): number =>
    warehouse.random.between(`${key}|${what}Units`, 1, Math.max(1, Math.min(most, settings.mostUnits)));
  const act = (units: number) => ({ facility, item, units, by: "floor" });

  if (happens("loss", settings.lossesPerDay)) loseUnits(warehouse, act(some("loss", physical.shelf)));
  if (happens("damage", settings.damagesPerDay)) damageUnits(warehouse, act(some("damage", physical.shelf)));
  if (happens("find", settings.findsPerDay)) findUnits(warehouse, act(some("find", settings.mostUnits)));
  if (happens("count", settings.countsPerDay)) countItem(warehouse, { facility, item, by: "floor" });
}

/** What an hour brings to every shelf: nobody notices but by a count. */
export function happenings(warehouse: Warehouse, settings: FloorSettings, hour: number): void {
  for (const stock of warehouse.stocks.values()) happensTo(warehouse, settings, stock, hour);
}
