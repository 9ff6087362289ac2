// What became of a return at a keeper, merged from its states. A unit may be kept apart first and restocked later: then both counts
// say so, and it is one unit.
import type { Units } from "../../ledger/units.ts";
import { bare, type Place, placeKey } from "./booking.ts";

export interface ReturnPart extends Place {
  /** Announced. */
  readonly quantity: Units;
  /** In the building. */
  readonly arrived: Units;
  readonly restocked: Units;
  readonly quarantined: Units;
  readonly disposed: Units;
  readonly missing: Units;
}

export interface ReturnDocument {
  readonly parts: readonly ReturnPart[];
}

export const EMPTY_RETURN: ReturnDocument = { parts: [] };

/** Where the units that arrived lie: those in none of these wait to be graded. */
export interface Graded {
  readonly arrived: Units;
  readonly sellable: Units;
  readonly damaged: Units;
  readonly lost: Units;
}

/** Joins a state: every count is the highest that was told. Where arrivals are not counted, what has a disposition has arrived. */
export function joinReturn(known: ReturnDocument, told: readonly ReturnPart[]): ReturnDocument {
  const parts = new Map(known.parts.map((part) => [placeKey(part), part] as const));
  for (const part of summed(told)) {
    const before = parts.get(placeKey(part));
    const most = (count: (typeof COUNTS)[number]): Units => Math.max(before?.[count] ?? 0, part[count]);
    const decided = part.restocked + part.quarantined + part.disposed;
    parts.set(placeKey(part), {
      ...bare(part),
      quantity: most("quantity"),
      arrived: Math.max(before?.arrived ?? 0, part.arrived > 0 ? part.arrived : decided),
      restocked: most("restocked"),
      quarantined: most("quarantined"),
      disposed: most("disposed"),
      missing: most("missing"),
    });
  }
  return { parts: [...parts.values()].toSorted((one, other) => (placeKey(one) < placeKey(other) ? -1 : 1)) };
}

/** Where the units of a part lie. More dispositions than units: those thrown away were restocked or kept apart before. */
export function gradedOf({ arrived, restocked, quarantined, disposed }: ReturnPart): Graded {
  const lost = Math.min(arrived, disposed);
  const sellable = Math.min(restocked, arrived - lost);
  return { arrived, sellable, damaged: Math.min(quarantined, arrived - lost - sellable), lost };
}

const COUNTS = ["quantity", "arrived", "restocked", "quarantined", "disposed", "missing"] as const;

function summed(told: readonly ReturnPart[]): readonly ReturnPart[] {
  const parts = new Map<string, ReturnPart>();
  for (const part of told) {
    const before = parts.get(placeKey(part));
    const counts = COUNTS.map((count) => [count, (before?.[count] ?? 0) + part[count]] as const);
    parts.set(placeKey(part), { ...part, ...Object.fromEntries(counts) });
  }
  return [...parts.values()];
}
