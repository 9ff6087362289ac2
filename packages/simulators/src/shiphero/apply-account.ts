import { layStock } from "../warehouse/stock-acts.ts";
import { stockAt } from "../warehouse/warehouse.ts";
import type { ReadSetup } from "./account-setup.ts";
import type { World } from "./world.ts";

function applyItem(world: World, { sku, name, units, reserve }: ReadSetup["items"][number]): void {
  const { catalogue, warehouse, levels, news } = world;
  catalogue.nameProduct(sku, name);
  warehouse.items.add(sku);
  for (const facility of new Set([...Object.keys(units), ...Object.keys(reserve)])) {
    warehouse.facilities.add(facility);
    catalogue.siteOf(facility);
    stockAt(warehouse, facility, sku);
    const kept = reserve[facility];
    if (kept !== undefined) levels.setReserve(facility, sku, kept);
    const laid = units[facility] ?? 0;
    if (laid > 0) layStock(warehouse, { facility, item: sku, units: laid });
    news.levelMayHaveChanged(facility, sku);
  }
}

/** Brings buildings and units into being. */
export function applyAccount(world: World, { warehouses, items }: ReadSetup): void {
  for (const { facility, ...given } of warehouses) {
    world.warehouse.facilities.add(facility);
    world.catalogue.nameSite(facility, given);
  }
  for (const item of items) applyItem(world, item);
}
