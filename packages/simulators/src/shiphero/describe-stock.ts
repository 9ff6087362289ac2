import { availableOf } from "./inventory/level-book.ts";
import type { World } from "./world.ts";

/** What the vendor shows now of every SKU in every building. */
export function stockOf({ catalogue, levels }: World) {
  return catalogue.products().flatMap(({ sku }) =>
    levels.latestOfSku(sku).map((level) => ({
      sku,
      facility: level.facility,
      onHand: level.onHand,
      allocated: level.allocated,
      available: availableOf(level),
      nonSellable: level.nonSellable,
      inTote: level.inTote,
    })),
  );
}
