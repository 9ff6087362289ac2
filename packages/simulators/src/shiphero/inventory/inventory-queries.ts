import { connect } from "../graphql/connection.ts";
import { answered, type FieldInfo, isAnalysis, type RequestContext } from "../graphql/request-context.ts";
import { isWithin } from "../graphql/time-filter.ts";
import { invalid, notFound } from "../graphql/vendor-refusal.ts";
import { refusalOfCustomer } from "../own-account.ts";
import type { World } from "../world.ts";
import type { Product } from "./catalogue.ts";
import type { InventoryChange } from "./change-log.ts";
import {
  inventoryChangeNode,
  locationNode,
  productNode,
  productUpdatedAt,
  warehouseProductNode,
} from "./inventory-nodes.ts";
import type { Level } from "./level-book.ts";

interface TimeBounds {
  created_from?: number | null;
  created_to?: number | null;
  updated_from?: number | null;
  updated_to?: number | null;
}

interface LevelFilter extends TimeBounds {
  warehouse_id?: string | null;
  sku?: string | null;
  active?: boolean | null;
  customer_account_id?: string | null;
}

interface ChangeFilter {
  sku?: string | null;
  warehouse_id?: string | null;
  location_id?: string | null;
  location_name?: string | null;
  reason?: string | null;
  date_from?: number | null;
  date_to?: number | null;
  customer_account_id?: string | null;
}

/** With a reason at most 60 days at once: quoted by integrators. */
const LONGEST_REASON_RANGE_MS = 60 * 24 * 3_600_000;

/** `undefined` stands for any building; an id that is none's is refused. */
export function facilityFilter({ catalogue }: World, uuid: string | null | undefined) {
  if (uuid === null || uuid === undefined) return undefined;
  return catalogue.siteById(uuid)?.facility ?? notFound("Warehouse");
}

function withinBounds(row: { createdAt: number; updatedAt: number }, bounds: TimeBounds): boolean {
  return (
    isWithin(row.createdAt, bounds.created_from, bounds.created_to) &&
    isWithin(row.updatedAt, bounds.updated_from, bounds.updated_to)
  );
}

function fitsChange(change: InventoryChange, filter: ChangeFilter, facility: string | undefined): boolean {
  const { sku, location_id: locationId, location_name: locationName, reason } = filter;
  return [
    facility === undefined || change.facility === facility,
    (sku ?? change.sku) === change.sku,
    (locationId ?? change.bin.uuid) === change.bin.uuid,
    (locationName ?? change.bin.name) === change.bin.name,
    change.reason.toLowerCase().includes((reason ?? "").toLowerCase()),
    isWithin(change.at, filter.date_from, filter.date_to),
  ].every(Boolean);
}

function isRangeTooLong({ reason, date_from: from, date_to: to }: ChangeFilter, now: number): boolean {
  return typeof reason === "string" && (to ?? now) - (from ?? -Infinity) > LONGEST_REASON_RANGE_MS;
}

function levelsThat(world: World, filter: LevelFilter, facility: string | undefined): Level[] {
  if (filter.active === false) return [];
  return world.levels
    .readAll()
    .filter(
      (level) =>
        (facility === undefined || level.facility === facility) &&
        (filter.sku ?? level.sku) === level.sku &&
        withinBounds(level, filter),
    );
}

function productsThat(world: World, { sku, ...bounds }: LevelFilter): Product[] {
  return world.catalogue.products().filter((product) => {
    const { createdAt } = product;
    if ((sku ?? product.sku) !== product.sku) return false;
    return withinBounds({ createdAt, updatedAt: productUpdatedAt(world, product) }, bounds);
  });
}

/** Queries on products, levels, bins and what changed. */
export const inventoryQueries = {
  product(args: { id?: string | null; sku?: string | null }, context: RequestContext, info: FieldInfo) {
    const { world } = context;
    if (isAnalysis(context, info)) return answered(context, info, { data: null });
    const { id, sku } = args;
    if (typeof id !== "string" && typeof sku !== "string") return invalid("id or sku is required");
    const found =
      typeof id === "string" ? world.catalogue.productById(id) : world.catalogue.product(sku ?? "");
    if (found === undefined) return notFound("Product");
    return answered(context, info, { data: productNode(world, found) });
  },

  products(args: LevelFilter, context: RequestContext, info: FieldInfo) {
    const { world } = context;
    if (isAnalysis(context, info)) return answered(context, info, { data: null });
    const refusal = refusalOfCustomer(world, args.customer_account_id);
    if (refusal !== undefined) return refusal;
    const data = connect(productsThat(world, args), (product) => productNode(world, product));
    return answered(context, info, { data });
  },

  warehouse_products(args: LevelFilter, context: RequestContext, info: FieldInfo) {
    const { world } = context;
    if (isAnalysis(context, info)) return answered(context, info, { data: null });
    const facility =
      refusalOfCustomer(world, args.customer_account_id) ?? facilityFilter(world, args.warehouse_id);
    if (facility instanceof Error) return facility;
    const rows = levelsThat(world, args, facility);
    return answered(context, info, { data: connect(rows, (level) => warehouseProductNode(world, level)) });
  },

  inventory_changes(args: ChangeFilter, context: RequestContext, info: FieldInfo) {
    const { world } = context;
    if (isAnalysis(context, info)) return answered(context, info, { data: null });
    const facility =
      refusalOfCustomer(world, args.customer_account_id) ?? facilityFilter(world, args.warehouse_id);
    if (facility instanceof Error) return facility;
    const now = world.clock.now();
    if (isRangeTooLong(args, now))
      return invalid("The date range cannot exceed 60 days when filtering by reason");
    const known = world.changes.until(now - world.faults.current().reads.lagMs);
    const rows = known.filter((change) => fitsChange(change, args, facility));
    return answered(context, info, { data: connect(rows, (change) => inventoryChangeNode(world, change)) });
  },

  locations(
    args: { warehouse_id?: string | null; sku?: string | null },
    context: RequestContext,
    info: FieldInfo,
  ) {
    const { world } = context;
    if (isAnalysis(context, info)) return answered(context, info, { data: null });
    const facility = facilityFilter(world, args.warehouse_id);
    if (facility instanceof Error) return facility;
    const { sku } = args;
    const rows = world.catalogue.bins().filter((bin) => {
      if (facility !== undefined && bin.site.facility !== facility) return false;
      if (typeof sku !== "string") return true;
      const level = world.levels.latest(bin.site.facility, sku);
      const isThere = level !== undefined && level.places[bin.place] > 0;
      return isThere && world.catalogue.binOf(bin.site.facility, sku, bin.place) === bin;
    });
    return answered(context, info, { data: connect(rows, (bin) => locationNode(world, bin)) });
  },
};
