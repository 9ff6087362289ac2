// From the balances of a SKU's accounts to the numbers people read (DESIGN §2).
import type { Bucket } from "@onepool/core/ledger/bucket.ts";
import type { LocationKind } from "@onepool/core/ledger/records.ts";
import type { Units } from "@onepool/core/ledger/units.ts";

/** The units of one account. */
export interface Balance {
  /** Empty for promises and what is on its way back. */
  readonly location: string;
  /** Null where there is no location. */
  readonly kind: LocationKind | null;
  readonly bucket: Bucket;
  readonly units: Units;
}

/** The numbers of one pool. onHand = available + reserved + committed + qualityControl + damaged. */
export interface PoolNumbers {
  readonly onHand: Units;
  /** Available real; negative when oversold. */
  readonly available: Units;
  readonly reserved: Units;
  readonly committed: Units;
  readonly qualityControl: Units;
  readonly damaged: Units;
  /** Announced to own locations, outside onHand. */
  readonly incoming: Units;
  /** On its way back, outside onHand. */
  readonly returning: Units;
}

/** What lies at one location. */
export interface LocationNumbers {
  readonly location: string;
  readonly kind: LocationKind;
  readonly sellable: Units;
  readonly qualityControl: Units;
  readonly damaged: Units;
  readonly incoming: Units;
}

/** A pool is what lies in the seller's own locations; those of a channel are not counted. */
export function poolNumbers(balances: readonly Balance[]): PoolNumbers {
  const units = sums(balances.filter(({ kind }) => kind !== "channel"));
  const onHand = units.sellable + units.quality_control + units.damaged;
  return {
    onHand,
    available: units.sellable - units.reserved - units.committed,
    reserved: units.reserved,
    committed: units.committed,
    qualityControl: units.quality_control,
    damaged: units.damaged,
    incoming: units.incoming,
    returning: units.returning,
  };
}

/** Every location that ever held the SKU, those of channels included, by code. */
export function locationNumbers(balances: readonly Balance[]): LocationNumbers[] {
  const byLocation = Map.groupBy(
    balances.filter(({ location }) => location !== ""),
    ({ location }) => location,
  );
  return [...byLocation]
    .toSorted(([left], [right]) => (left < right ? -1 : 1))
    .map(([location, held]) => {
      const units = sums(held);
      return {
        location,
        kind: held[0]?.kind ?? "warehouse",
        sellable: units.sellable,
        qualityControl: units.quality_control,
        damaged: units.damaged,
        incoming: units.incoming,
      };
    });
}

function sums(balances: readonly Balance[]): Record<Bucket, Units> {
  const units: Record<Bucket, Units> = {
    sellable: 0,
    quality_control: 0,
    damaged: 0,
    incoming: 0,
    reserved: 0,
    committed: 0,
    returning: 0,
  };
  for (const balance of balances) units[balance.bucket] += balance.units;
  return units;
}
