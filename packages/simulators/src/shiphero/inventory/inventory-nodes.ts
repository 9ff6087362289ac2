import { connect } from "../graphql/connection.ts";
import { uuidOf } from "../identifiers.ts";
import { inboundNodes } from "../inbound/inbound-nodes.ts";
import { vendorTime } from "../vendor-time.ts";
import type { World } from "../world.ts";
import type { Bin, Product } from "./catalogue.ts";
import type { InventoryChange } from "./change-log.ts";
import { availableOf, type Level } from "./level-book.ts";
import { siteNode } from "./site-node.ts";
import { trackedPlaces } from "./tracked-place.ts";

export function productNode(world: World, product: Product) {
  return {
    id: product.uuid,
    legacy_id: product.legacyId,
    account_id: world.account.uuid,
    name: product.name,
    sku: product.sku,
    barcode: product.barcode,
    kit: false,
    kit_build: false,
    virtual: false,
    created_at: vendorTime(product.createdAt),
    updated_at: vendorTime(productUpdatedAt(world, product)),
    warehouse_products: () =>
      world.catalogue
        .sites()
        .map(({ facility }) => world.levels.read(facility, product.sku))
        .filter((level) => level !== undefined)
        .map((level) => warehouseProductNode(world, level)),
  };
}

/** A product changes with its levels. ASSUMED. */
export function productUpdatedAt({ levels }: World, { sku, createdAt }: Product): number {
  return Math.max(createdAt, ...levels.latestOfSku(sku).map(({ updatedAt }) => updatedAt));
}

export function locationNode({ account }: World, bin: Bin) {
  return {
    id: bin.uuid,
    legacy_id: bin.legacyId,
    account_id: account.uuid,
    warehouse_id: bin.site.uuid,
    name: bin.name,
    zone: bin.zone,
    pickable: bin.place === "shelf",
    sellable: bin.sellable,
    is_cart: bin.place === "tote",
    created_at: vendorTime(bin.createdAt),
  };
}

/** What lies where: a bin with nothing in it is not listed, and a tote is no location. */
function itemLocations(world: World, level: Level) {
  return trackedPlaces
    .filter((place) => place !== "tote" && level.places[place] > 0)
    .map((place) => ({
      bin: world.catalogue.binOf(level.facility, level.sku, place),
      units: level.places[place],
    }))
    .map(({ bin, units }) => ({
      id: uuidOf("Bin", bin.legacyId),
      legacy_id: bin.legacyId,
      account_id: world.account.uuid,
      warehouse_id: bin.site.uuid,
      location_id: bin.uuid,
      sku: level.sku,
      quantity: units,
      created_at: vendorTime(bin.createdAt),
      location: locationNode(world, bin),
    }));
}

export function warehouseProductNode(world: World, level: Level) {
  const { account, catalogue, levels } = world;
  const site = catalogue.siteOf(level.facility);
  const product = catalogue.nameProduct(level.sku);
  return {
    id: uuidOf("WarehouseProduct", level.legacyId),
    legacy_id: level.legacyId,
    account_id: account.uuid,
    sku: level.sku,
    warehouse_id: site.uuid,
    warehouse_identifier: site.identifier,
    on_hand: level.onHand,
    allocated: level.allocated,
    available: availableOf(level),
    backorder: levels.backorderOf(level.facility, level.sku),
    reserve_inventory: level.reserve,
    sell_ahead: level.sellAhead,
    non_sellable_quantity: level.nonSellable,
    in_tote: level.inTote,
    active: true,
    inventory_bin: catalogue.binOf(level.facility, level.sku, "shelf").name,
    created_at: vendorTime(level.createdAt),
    updated_at: vendorTime(level.updatedAt),
    product: () => productNode(world, product),
    warehouse: siteNode(world, site),
    locations: connect(itemLocations(world, level), (node) => node),
    inbounds: connect(inboundNodes(world, level), (node) => node),
  };
}

export function inventoryChangeNode(world: World, change: InventoryChange) {
  const { account, catalogue } = world;
  return {
    id: uuidOf("InventoryChange", change.legacyId),
    legacy_id: change.legacyId,
    user_id: account.userUuid,
    account_id: account.uuid,
    warehouse_id: change.bin.site.uuid,
    sku: change.sku,
    previous_on_hand: change.previousOnHand,
    change_in_on_hand: change.quantity - change.oldQuantity,
    reason: change.reason,
    cycle_counted: change.cycleCounted,
    location_id: change.bin.uuid,
    lot_id: null,
    lot_name: null,
    lot_expiration: null,
    created_at: vendorTime(change.at),
    product: () => productNode(world, catalogue.nameProduct(change.sku)),
    location: locationNode(world, change.bin),
  };
}
