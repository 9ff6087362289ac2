// A keeper's cumulative counts of what left, as sorted lists: equal counts are equal lists.
import type { LeftUnits } from "./order-record.ts";

/** Sorted, those of the same SKU and location added up, without zeroes. Undefined for nothing, so that most lines carry nothing. */
export function normalLeft(said: readonly LeftUnits[] | undefined): readonly LeftUnits[] | undefined {
  if (said === undefined) return undefined;
  const sum = new Map<string, LeftUnits>();
  for (const { sku, location, units } of said) {
    const key = keyOf({ sku, location });
    sum.set(key, { sku, location, units: (sum.get(key)?.units ?? 0) + units });
  }
  return sorted([...sum.values()].filter(({ units }) => units > 0));
}

/** The larger of two counts for every SKU and location: cumulative counts only rise. */
export function joinLeft(
  left: readonly LeftUnits[] | undefined,
  right: readonly LeftUnits[] | undefined,
): readonly LeftUnits[] | undefined {
  if (left === undefined || right === undefined) return left ?? right;
  const largest = new Map(left.map((counted) => [keyOf(counted), counted] as const));
  for (const counted of right)
    if (counted.units > (largest.get(keyOf(counted))?.units ?? 0)) largest.set(keyOf(counted), counted);
  return sorted([...largest.values()]);
}

/** True when no count of `left` is above that of `right`. */
export function isLeftWithin(
  left: readonly LeftUnits[] | undefined,
  right: readonly LeftUnits[] | undefined,
): boolean {
  if (left === undefined) return true;
  const most = new Map((right ?? []).map((counted) => [keyOf(counted), counted.units] as const));
  return left.every((counted) => counted.units <= (most.get(keyOf(counted)) ?? 0));
}

/** The counts as text, for telling states apart. */
export function leftText(left: readonly LeftUnits[] | undefined): string {
  return (left ?? []).map((counted) => `${keyOf(counted)}\u001f${counted.units}`).join("\u001f");
}

function sorted(left: readonly LeftUnits[]): readonly LeftUnits[] | undefined {
  if (left.length === 0) return undefined;
  return left.toSorted((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1));
}

function keyOf({ sku, location }: Pick<LeftUnits, "sku" | "location">): string {
  return `${sku}\u001f${location}`;
}
