import type { CatalogueItem } from "../catalogue.ts";
import type { PlaceLevel } from "./levels.ts";

/** Over all facilities. `sellable` holds what has not arrived yet, documented: not for selling. */
export function totalBody({ inventoryId, name, sku }: CatalogueItem, places: readonly PlaceLevel[]) {
  const sum = (figure: Exclude<keyof PlaceLevel, "facility">): number =>
    places.reduce((total, place) => total + place[figure], 0);
  return {
    inventory_id: inventoryId,
    name,
    sku,
    total_fulfillable_quantity: sum("fulfillable"),
    total_on_hand_quantity: sum("onHand"),
    total_committed_quantity: sum("committed"),
    total_sellable_quantity: sum("fulfillable") + sum("awaiting"),
    total_awaiting_quantity: sum("awaiting"),
    total_exception_quantity: sum("exception"),
    total_internal_transfer_quantity: sum("internalTransfer"),
    total_backordered_quantity: sum("backordered"),
  };
}

/** Per facility. */
export function placesBody({ inventoryId, name, sku }: CatalogueItem, places: readonly PlaceLevel[]) {
  return {
    inventory_id: inventoryId,
    name,
    sku,
    locations: places.map(({ facility, onHand, committed, fulfillable, awaiting, internalTransfer }) => ({
      location_id: facility.id,
      name: facility.name,
      on_hand_quantity: onHand,
      committed_quantity: committed,
      fulfillable_quantity: fulfillable,
      awaiting_quantity: awaiting,
      internal_transfer_quantity: internalTransfer,
    })),
  };
}

/** Things without lots have one, which has no number (ASSUMED). */
export function lotsBody(item: CatalogueItem, places: readonly PlaceLevel[]) {
  const { locations, ...named } = placesBody(item, places);
  const sum = (figure: "onHand" | "committed" | "fulfillable" | "awaiting" | "internalTransfer"): number =>
    places.reduce((total, place) => total + place[figure], 0);
  const lot = {
    lot_number: null,
    lot_date: null,
    on_hand_quantity: sum("onHand"),
    committed_quantity: sum("committed"),
    fulfillable_quantity: sum("fulfillable"),
    awaiting_quantity: sum("awaiting"),
    internal_transfer_quantity: sum("internalTransfer"),
    locations,
  };
  return { ...named, lots: places.length === 0 ? [] : [lot] };
}

/** `GET inventory`: what the thing is, not how many. */
export function inventoryBody({ inventoryId, name, sku, isActive }: CatalogueItem) {
  return {
    inventory_id: inventoryId,
    name,
    sku,
    barcode: null,
    user_id: 1,
    is_case: false,
    is_lot: false,
    variant: { is_active: isActive, is_bundle: false, is_digital: false, hazmat: null },
    dimensions: null,
    weight: null,
  };
}
