import type { Component } from "./records.ts";
import type { Units } from "./units.ts";
import type { LedgerView } from "./view.ts";

/** The recipe behind what a line names: its listing's, or one unit of its SKU. Null while neither is known. */
export function resolveRecipe(
  view: LedgerView,
  channel: string,
  names: { sku: string | null; listing: string | null },
): readonly Component[] | null {
  const listing = names.listing === null ? null : view.listing(channel, names.listing);
  if (listing !== null) return listing.components;
  if (names.sku === null || view.sku(names.sku) === null) return null;
  return [{ sku: names.sku, units: 1 }];
}

/** Components with those of the same SKU added up, in the order first named. */
export function addUp(components: readonly Component[]): readonly Component[] {
  const units = new Map<string, Units>();
  for (const component of components)
    units.set(component.sku, (units.get(component.sku) ?? 0) + component.units);
  return [...units].map(([sku, total]) => ({ sku, units: total }));
}
