import { settleAllocations } from "../../warehouse/allocation.ts";
import { changeStock, stockAt } from "../../warehouse/warehouse.ts";
import { answered, type FieldInfo, type RequestContext } from "../graphql/request-context.ts";
import { conflict, invalid, notFound, type VendorRefusal } from "../graphql/vendor-refusal.ts";
import { refusalOfCustomer } from "../own-account.ts";
import type { World } from "../world.ts";
import type { Bin } from "./catalogue.ts";
import { warehouseProductNode } from "./inventory-nodes.ts";
import type { Level } from "./level-book.ts";

interface UpdateInput {
  sku: string;
  warehouse_id: string;
  quantity: number;
  reason?: string | null;
  location_id?: string | null;
  customer_account_id?: string | null;
}

type Changed = { data: UpdateInput };

interface Target {
  facility: string;
  sku: string;
  bin: Bin;
}

function targetOf(world: World, data: Omit<UpdateInput, "quantity">): Target | VendorRefusal {
  const refusal = refusalOfCustomer(world, data.customer_account_id);
  if (refusal !== undefined) return refusal;
  const site = world.catalogue.siteById(data.warehouse_id);
  if (site === undefined) return notFound("Warehouse");
  const { facility } = site;
  if (world.levels.latest(facility, data.sku) === undefined) return notFound("Product");
  const shelf = world.catalogue.binOf(facility, data.sku, "shelf");
  if (typeof data.location_id !== "string") return { facility, sku: data.sku, bin: shelf };
  const bin = world.catalogue.binById(data.location_id);
  // A tote is filled by picking, and the shelf of another item is not this one's place.
  if (bin?.site !== site || bin.place === "tote" || (bin.place === "shelf" && bin !== shelf)) {
    return notFound("Location");
  }
  return { facility, sku: data.sku, bin };
}

/** What the seller tells the vendor changes its record, and moves nothing in the building. */
function correct(
  world: World,
  { facility, sku, bin }: Target,
  units: number,
  reason: string | undefined,
): void {
  const stock = stockAt(world.warehouse, facility, sku);
  changeStock(
    world.warehouse,
    stock,
    { record: { [bin.place]: units }, totals: { recordCorrections: units } },
    { act: "counted", by: "api", units, reason: reason ?? "Updated through the Public API" },
  );
  settleAllocations(world.warehouse, stock);
}

function withLevel(context: RequestContext, info: FieldInfo, { facility, sku }: Target) {
  const level = context.world.levels.latest(facility, sku) as Level;
  return answered(context, info, { warehouse_product: warehouseProductNode(context.world, level) });
}

function changeBy(sign: 1 | -1) {
  return ({ data }: Changed, context: RequestContext, info: FieldInfo) => {
    const { world } = context;
    const target = targetOf(world, data);
    if (target instanceof Error) return target;
    if (data.quantity < 1) return invalid("Quantity must be greater than 0");
    const { record } = stockAt(world.warehouse, target.facility, target.sku);
    const lies = target.bin.place === "tote" ? 0 : record[target.bin.place];
    if (sign < 0 && lies < data.quantity) return conflict("Not enough inventory in location");
    correct(world, target, sign * data.quantity, data.reason ?? undefined);
    return withLevel(context, info, target);
  };
}

/** Mutations of levels. */
export const inventoryMutations = {
  inventory_add: changeBy(1),
  inventory_remove: changeBy(-1),
  inventory_subtract: changeBy(-1),

  inventory_replace({ data }: Changed, context: RequestContext, info: FieldInfo) {
    const { world } = context;
    const target = targetOf(world, data);
    if (target instanceof Error) return target;
    if (data.quantity < 0) return invalid("Quantity must not be negative");
    const { record } = stockAt(world.warehouse, target.facility, target.sku);
    correct(world, target, data.quantity - record[target.bin.place], data.reason ?? undefined);
    return withLevel(context, info, target);
  },

  warehouse_product_update(
    { data }: { data: Omit<UpdateInput, "quantity"> & { reserve_inventory?: number | null } },
    context: RequestContext,
    info: FieldInfo,
  ) {
    const { world } = context;
    const target = targetOf(world, data);
    if (target instanceof Error) return target;
    const { reserve_inventory: reserve } = data;
    if (typeof reserve === "number") {
      if (reserve < 0) return invalid("reserve_inventory must not be negative");
      world.levels.setReserve(target.facility, target.sku, reserve);
      world.news.levelMayHaveChanged(target.facility, target.sku);
    }
    return withLevel(context, info, target);
  },
};
