// From a keeper's items and facilities to our SKUs and locations.
import type { Units } from "../../ledger/units.ts";
import { componentsOfItem, type KeeperMap } from "./keeper-map.ts";

/** Where a line of a keeper's fact belongs. */
export interface Coded {
  readonly item: string;
  readonly facility: string;
}

/** A line of a fact in our words: `perItem` units of the SKU lie in each item. */
export interface OurLine<Line extends Coded> {
  readonly sku: string;
  readonly location: string;
  readonly perItem: Units;
  readonly told: Line;
}

/** What has to be made or mapped before a fact means anything here. */
export interface Missing {
  readonly what: "facility" | "location" | "item";
  readonly code: string;
}

/** What there is on our side. */
export interface OurCodes {
  hasSku(sku: string): boolean;
  /** Whether it is a location that keeps units of ours. */
  hasLocation(code: string): boolean;
}

/** The lines of a fact in our words, and what is missing for the others; a kit counts as what it is made of. */
export function translate<Line extends Coded>(
  map: KeeperMap,
  ours: OurCodes,
  lines: readonly Line[],
): { readonly lines: readonly OurLine<Line>[]; readonly missing: readonly Missing[] } {
  const translated: OurLine<Line>[] = [];
  const missing = new Map<string, Missing>();
  const miss = (what: Missing["what"], code: string): void =>
    void missing.set(`${what} ${code}`, { what, code });
  for (const told of lines) {
    const location = map.locations.get(told.facility);
    const components = componentsOfItem(map, told.item);
    const isKnown = components.every(({ sku }) => ours.hasSku(sku));
    if (location === undefined) miss("facility", told.facility);
    else if (!ours.hasLocation(location)) miss("location", location);
    if (!isKnown) miss("item", told.item);
    if (location === undefined || !ours.hasLocation(location) || !isKnown) continue;
    for (const { sku, units } of components) translated.push({ sku, location, perItem: units, told });
  }
  return { lines: translated, missing: [...missing.values()] };
}

/** A sentence for people about what is missing. */
export function missingText(missing: readonly Missing[]): string {
  const said = missing.slice(0, 5).map(({ what, code }) => {
    if (what === "facility")
      return `facility ${code} is not mapped: name its location in the settings' "locations"`;
    if (what === "location") return `there is no location ${code} that keeps units of yours: create it`;
    return `item ${code} is no SKU here: create it, or name its SKU in the settings' "items"`;
  });
  const more = missing.length > 5 ? `; and ${missing.length - 5} more` : "";
  return `${said.join("; ")}${more}.`;
}
