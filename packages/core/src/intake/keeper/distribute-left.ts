// A keeper says what left for an order; the ledger counts per line. What was given to a line stays with it, so that counts of a
// line only rise.
import type { LeftUnits } from "../../ledger/order-record.ts";
import type { Component } from "../../ledger/records.ts";
import type { Units } from "../../ledger/units.ts";

/** A line that units may have left for. */
export interface OpenLine {
  readonly lineId: string;
  /** Null while nobody mapped it. */
  readonly recipe: readonly Component[] | null;
  readonly quantity: Units;
}

/** Units given to a line; null: to none, since no line sold that SKU. */
export interface PlacedUnits extends LeftUnits {
  readonly lineId: string | null;
}

/**
 * Places what left: each part on the line that it names, the others on the lines that sold the SKU, in their order and up to what
 * each sold; what is beyond goes to the last of them. `elsewhere`: what left for the same order otherwise. Fewer units than
 * before are taken back from those placed last.
 */
export function distributeLeft(
  lines: readonly OpenLine[],
  before: readonly PlacedUnits[],
  left: readonly PlacedUnits[],
  elsewhere: readonly PlacedUnits[],
): readonly PlacedUnits[] {
  const placed = [...before];
  for (const { sku, location, units } of sumByPlace(left)) {
    const already = sum(placed, (part) => part.sku === sku && part.location === location);
    if (units < already) takeBack(placed, { sku, location, units: already - units });
    else place(lines, placed, { sku, location, units: units - already, named: left, elsewhere });
  }
  for (const gone of sumByPlace(placed))
    if (!left.some((part) => part.sku === gone.sku && part.location === gone.location))
      takeBack(placed, gone);
  return joined(placed);
}

function place(
  lines: readonly OpenLine[],
  placed: PlacedUnits[],
  {
    sku,
    location,
    units,
    named,
    elsewhere,
  }: LeftUnits & { readonly named: readonly PlacedUnits[]; readonly elsewhere: readonly PlacedUnits[] },
): void {
  let rest = units;
  const give = (lineId: string | null, most: Units): void => {
    const given = Math.min(rest, most);
    if (given <= 0) return;
    rest -= given;
    placed.push({ lineId, sku, location, units: given });
  };
  for (const { lineId, units: most } of namedParts(lines, named, { sku, location }))
    give(lineId, most - sum(placed, (one) => isOf(one, { lineId, sku, location })));
  const sellers = lines.filter(({ recipe }) => recipe?.some((component) => component.sku === sku) === true);
  for (const { lineId, recipe, quantity } of sellers) {
    const perUnit = recipe?.find((component) => component.sku === sku)?.units ?? 0;
    const isOnLine = (part: PlacedUnits): boolean => part.lineId === lineId && part.sku === sku;
    give(lineId, quantity * perUnit - sum(placed, isOnLine) - sum(elsewhere, isOnLine));
  }
  // A line that is not mapped yet may have sold it: it is posted when that is known.
  const beyond = sellers.at(-1) ?? lines.find(({ recipe }) => recipe === null);
  give(beyond?.lineId ?? null, rest);
}

/** Parts that name a line which may have sold the SKU. */
function namedParts(
  lines: readonly OpenLine[],
  left: readonly PlacedUnits[],
  { sku, location }: Pick<LeftUnits, "sku" | "location">,
): readonly { readonly lineId: string; readonly units: Units }[] {
  return left.flatMap(({ lineId, ...part }) => {
    if (lineId === null || part.sku !== sku || part.location !== location) return [];
    const line = lines.find((one) => one.lineId === lineId);
    if (line === undefined) return [];
    const maySell = line.recipe === null || line.recipe.some((component) => component.sku === sku);
    return maySell ? [{ lineId, units: part.units }] : [];
  });
}

function takeBack(placed: PlacedUnits[], { sku, location, units }: LeftUnits): void {
  let rest = units;
  for (let at = placed.length - 1; at >= 0 && rest > 0; at--) {
    const part = placed[at];
    if (part === undefined || part.sku !== sku || part.location !== location) continue;
    const back = Math.min(rest, part.units);
    rest -= back;
    placed.splice(at, 1, ...(back < part.units ? [{ ...part, units: part.units - back }] : []));
  }
}

/** Units per SKU and place, in the order in which they are first named. */
function sumByPlace(parts: readonly PlacedUnits[]): readonly LeftUnits[] {
  const sums = new Map<string, LeftUnits>();
  for (const { sku, location, units } of parts) {
    const key = JSON.stringify([sku, location]);
    sums.set(key, { sku, location, units: (sums.get(key)?.units ?? 0) + units });
  }
  return [...sums.values()];
}

function joined(placed: readonly PlacedUnits[]): readonly PlacedUnits[] {
  const sums = new Map<string, PlacedUnits>();
  for (const part of placed) {
    const key = JSON.stringify([part.lineId, part.sku, part.location]);
    sums.set(key, { ...part, units: (sums.get(key)?.units ?? 0) + part.units });
  }
  return [...sums.values()];
}

function isOf(part: PlacedUnits, { lineId, sku, location }: Omit<PlacedUnits, "units">): boolean {
  return part.lineId === lineId && part.sku === sku && part.location === location;
}

function sum(parts: readonly PlacedUnits[], counts: (part: PlacedUnits) => boolean): Units {
  return parts.reduce((total, part) => (counts(part) ? total + part.units : total), 0);
}
