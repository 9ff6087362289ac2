import type { KeeperMap } from "@onepool/core/intake/keeper/keeper-map.ts";

/** What a keeper calls a SKU: the item that is one of it, where the settings name such an item; otherwise as we do. */
export function itemOf(map: KeeperMap, sku: string): string {
  for (const [item, [component, ...others]] of map.items)
    if (component?.sku === sku && component.units === 1 && others.length === 0) return item;
  return sku;
}
