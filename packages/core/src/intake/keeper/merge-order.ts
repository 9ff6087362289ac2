// What left for one order at a keeper, merged from picks and shipments. Counts of shipments are states and only rise; picks add up
// and may be put back.
import type { LeftUnits } from "../../ledger/order-record.ts";
import type { Units } from "../../ledger/units.ts";

/** What was told of one SKU at one place, for one of our lines where the keeper keeps its id. */
export interface OrderPart {
  readonly sku: string;
  readonly location: string;
  readonly lineId: string | null;
  /** Cumulative; a shipment's own count. */
  readonly shipped: Units;
}

export interface OrderDocument {
  readonly shipped: readonly OrderPart[];
  /** Sums; below 0 for a moment when they come in the wrong order. */
  readonly picked: readonly LeftUnits[];
}

export const EMPTY_ORDER: OrderDocument = { shipped: [], picked: [] };

/** Joins a shipment's state: counts never fall. */
export function joinShipment(known: OrderDocument, told: readonly OrderPart[]): OrderDocument {
  const parts = new Map(known.shipped.map((part) => [partKey(part), part] as const));
  for (const part of summed(told)) {
    const key = partKey(part);
    if (part.shipped > (parts.get(key)?.shipped ?? 0)) parts.set(key, part);
  }
  return {
    ...known,
    shipped: [...parts.values()].toSorted((one, other) => compare(partKey(one), partKey(other))),
  };
}

/** Adds a pick; each one has to come once. */
export function addPick(known: OrderDocument, told: LeftUnits): OrderDocument {
  const others = known.picked.filter((part) => placeKey(part) !== placeKey(told));
  const before = known.picked.find((part) => placeKey(part) === placeKey(told))?.units ?? 0;
  const picked = [...others, { ...told, units: before + told.units }];
  return { ...known, picked: picked.toSorted((one, other) => compare(placeKey(one), placeKey(other))) };
}

/** What left by SKU and place: picked or shipped, whichever is more. The part that names a line comes with it. */
export function leftOf({
  shipped,
  picked,
}: OrderDocument): readonly (LeftUnits & { readonly lineId: string | null })[] {
  const left = shipped.map(({ sku, location, lineId, shipped: units }) => ({ sku, location, lineId, units }));
  for (const { sku, location, units } of picked) {
    const told = left.reduce(
      (sum, part) => (part.sku === sku && part.location === location ? sum + part.units : sum),
      0,
    );
    if (units > told) left.push({ sku, location, lineId: null, units: units - told });
  }
  return left.filter(({ units }) => units > 0);
}

function summed(told: readonly OrderPart[]): readonly OrderPart[] {
  const parts = new Map<string, OrderPart>();
  for (const part of told) {
    const before = parts.get(partKey(part))?.shipped ?? 0;
    parts.set(partKey(part), { ...part, shipped: before + part.shipped });
  }
  return [...parts.values()];
}

function partKey({ sku, location, lineId }: Pick<OrderPart, "sku" | "location" | "lineId">): string {
  return JSON.stringify([sku, location, lineId]);
}

function placeKey({ sku, location }: Pick<OrderPart, "sku" | "location">): string {
  return JSON.stringify([sku, location]);
}

function compare(one: string, other: string): number {
  return one < other ? -1 : 1;
}
