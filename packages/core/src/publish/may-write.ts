import type { Units } from "../ledger/units.ts";
import { type ExposureView, exposureAfterWrite, exposureOf } from "./exposure.ts";

/** A listing that sells of a pool. */
export interface PoolShare {
  readonly key: string;
  readonly components: readonly { readonly sku: string; readonly units: Units }[];
  readonly exposure: ExposureView;
}

/**
 * Whether a write may go out in the end game: a stop and whatever raises no exposure always; anything else only if all
 * exposures together, with this write's, stay within what is available of every scarce pool. One listing whose number
 * nobody knows is enough to refuse.
 */
export function mayWrite(
  pools: ReadonlyMap<string, Units>,
  listings: readonly PoolShare[],
  write: { readonly key: string; readonly quantity: Units; readonly isCompared: boolean },
): boolean {
  const written = listings.find(({ key }) => key === write.key);
  if (written === undefined || write.quantity === 0) return true;
  const after = exposureAfterWrite(written.exposure, write);
  if (after <= (exposureOf(written.exposure) ?? -1)) return true;
  return [...pools].every(([sku, available]) => {
    const own = unitsOf(written, sku);
    if (own === 0) return true;
    const others = listings.filter(({ key }) => key !== write.key);
    return own * after + exposedUnits(others, sku) <= available;
  });
}

/** All that buyers may still take of a SKU through these listings; infinite while that is not known of one of them. */
export function exposedUnits(listings: readonly PoolShare[], sku: string): Units {
  return listings.reduce((sum, listing) => {
    const units = unitsOf(listing, sku);
    return units === 0 ? sum : sum + units * (exposureOf(listing.exposure) ?? Infinity);
  }, 0);
}

function unitsOf({ components }: PoolShare, sku: string): Units {
  return components.find((component) => component.sku === sku)?.units ?? 0;
}
