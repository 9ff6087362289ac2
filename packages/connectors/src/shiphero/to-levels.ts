import type { LevelLine } from "../contract/keeper/keeper-fact.ts";
import { numberOf } from "./vendor-id.ts";
import type { WireLevel, WireSnapshotProduct } from "./wire.ts";

/** `available` and `inventory` are theirs to compute: they know only the orders that they were given. */
export function toLevel(level: WireLevel): LevelLine {
  return {
    item: level.sku,
    facility: numberOf(level.warehouse_id),
    onHand: level.on_hand,
    held: level.non_sellable_quantity ?? 0,
    ...(typeof level.allocated === "number" ? { allocated: level.allocated } : {}),
  };
}

export function toLevelsOfSnapshot({ sku, warehouse_products: places }: WireSnapshotProduct): LevelLine[] {
  return Object.values(places).map(({ non_sellable: held, ...place }) =>
    toLevel({ ...place, sku, non_sellable_quantity: held }),
  );
}
