import type { LevelLine } from "../contract/keeper/keeper-fact.ts";
import { itemOf } from "./to-item.ts";
import type { WireLevel } from "./wire.ts";

/** Levels per item and facility; inventory items that share a SKU are added up. */
export function toLevels(levels: readonly WireLevel[]): LevelLine[] {
  const lines = new Map<string, LevelLine>();
  for (const level of levels) {
    const item = itemOf(level.inventory_id, level.sku);
    for (const place of level.locations ?? []) {
      const facility = place.location_id;
      const key = JSON.stringify([item, facility]);
      const before = lines.get(key);
      lines.set(key, {
        item,
        facility,
        onHand: (before?.onHand ?? 0) + place.on_hand_quantity,
        // Exceptions are told for all facilities together, so they belong to none; they are no part of `on_hand`.
        held: 0,
        allocated: (before?.allocated ?? 0) + (place.committed_quantity ?? 0),
        incoming: (before?.incoming ?? 0) + (place.awaiting_quantity ?? 0),
      });
    }
  }
  return [...lines.values()];
}
