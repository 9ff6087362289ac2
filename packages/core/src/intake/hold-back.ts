import { demandDuring, demandQuantile, type Pace } from "../allocate/demand.ts";
import type { Units } from "../ledger/units.ts";

/** A listing of a channel that is not seen. */
export interface UnseenListing {
  /** The most that buyers may find there: what it showed last, or was last told to show. Null: nobody knows. */
  readonly shown: Units | null;
  /** Units of the SKU that one sale takes. */
  readonly unitsPerSale: Units;
  /** How it sold before, in its own units. */
  readonly pace: Pace;
}

/** Of a hundred times, so many the buffer is enough. */
const ENOUGH = 0.99;

/**
 * Units of a SKU that the other channels hold back while one is not seen: what that one has sold meanwhile with 99 %
 * probability at the rate it had, and one sale more, but never more than it shows. So it grows with the time, and what a
 * channel shows counts as promised in the end. `unseenMs` is the time whose orders are not known.
 */
export function unitsToHoldBack(listings: readonly UnseenListing[], unseenMs: number): Units {
  return listings.reduce((sum, { shown, unitsPerSale, pace }) => {
    const expected = demandQuantile(demandDuring(pace, Math.max(0, unseenMs)), ENOUGH) + 1;
    return sum + Math.min(expected, shown ?? expected) * unitsPerSale;
  }, 0);
}
