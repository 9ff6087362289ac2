import type { Units } from "../ledger/units.ts";
import { type ExposureView, exposureAfterWrite, exposureOf } from "./exposure.ts";

/** A listing that sells of a pool. */
export interface PoolShare {
  readonly key: string;
  readonly components: readonly { readonly sku: string; readonly units: Units }[];
  readonly exposure: ExposureView;
}

/** A write, by the key of its listing. */
export interface PoolWrite {
  readonly key: string;
  readonly quantity: Units;
  /** It is refused if anything moved since the reading. */
  readonly isCompared: boolean;
}

/**
 * Whether a write may go out in the end game: a stop and whatever raises no exposure always; anything else only if all
 * exposures together, with this write's, stay within what is available of every scarce pool. One listing whose number
 * nobody knows is enough to refuse.
 */
export function mayWrite(
  pools: ReadonlyMap<string, Units>,
  listings: readonly PoolShare[],
  write: PoolWrite,
): boolean {
  const exposed = exposedAfter([...pools.keys()], listings, write);
  return [...exposed].every(([sku, units]) => units <= (pools.get(sku) ?? 0));
}

/**
 * All that buyers may take of these SKUs once a write is out, as far as it raises that: of the SKUs that its listing sells, and
 * of none if it raises no exposure.
 */
export function exposedAfter(
  skus: readonly string[],
  listings: readonly PoolShare[],
  write: PoolWrite,
): Map<string, Units> {
  const written = listings.find(({ key }) => key === write.key);
  if (written === undefined || write.quantity === 0) return new Map();
  const after = exposureAfterWrite(written.exposure, write);
  if (after <= (exposureOf(written.exposure) ?? -1)) return new Map();
  const others = listings.filter(({ key }) => key !== write.key);
  return new Map(
    skus.flatMap((sku) => {
      const own = unitsOf(written, sku);
      return own === 0 ? [] : [[sku, own * after + exposedUnits(others, sku)] as const];
    }),
  );
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
