import { layStock } from "../warehouse/stock-acts.ts";
import { stockAt } from "../warehouse/warehouse.ts";
import type { StockSetup } from "./stock-setup.ts";
import type { World } from "./world.ts";

/** Brings buildings and units into being. */
export function applyStock(world: World, { warehouses = [], items = [] }: StockSetup): void {
  const { catalogue, warehouse, levels, news } = world;
  for (const { facility, ...given } of warehouses) {
    warehouse.facilities.add(facility);
    catalogue.nameSite(facility, given);
  }
  const [first = "main"] = warehouse.facilities;
  for (const { item, name, facility = first, units = 0, reserve } of items) {
    catalogue.nameProduct(item, name);
    warehouse.facilities.add(facility);
    warehouse.items.add(item);
    stockAt(warehouse, facility, item);
    if (reserve !== undefined) levels.setReserve(facility, item, reserve);
    if (units > 0) layStock(warehouse, { facility, item, units });
    news.levelMayHaveChanged(facility, item);
  }
}
