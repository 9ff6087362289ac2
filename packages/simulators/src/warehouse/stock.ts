import {
  noPhysicalUnits,
  noRecordedUnits,
  type PhysicalUnits,
  type RecordedUnits,
  unitsInside,
} from "./place.ts";

/** What has happened to the units of one item at one facility since the beginning. */
export interface StockTotals {
  /** Laid there when the world was made. */
  opening: number;
  /** Really came in with an inbound, whatever was written down. */
  received: number;
  returned: number;
  found: number;
  lost: number;
  /** Moved to `damaged` in the building or at the dock; still inside. */
  damaged: number;
  disposed: number;
  shipped: number;
  transferredIn: number;
  transferredOut: number;
  /** Written down at the dock above what really came; below 0 where fewer were written down. */
  miscounted: number;
  /** What the record was mended by, net, with no document behind it: counts, written losses, short picks. */
  recordCorrections: number;
}

/** One item at one facility: what is really there, and what the keeper believes. */
export interface Stock {
  facility: string;
  item: string;
  physical: PhysicalUnits;
  record: RecordedUnits;
  /** Promised to orders and not picked yet. Never above `record.shelf`. */
  allocated: number;
  totals: StockTotals;
}

/** A copy of the figures that an event keeps. */
export interface StockLevels {
  physical: PhysicalUnits;
  record: RecordedUnits;
  allocated: number;
}

export function noTotals(): StockTotals {
  return {
    opening: 0,
    received: 0,
    returned: 0,
    found: 0,
    lost: 0,
    damaged: 0,
    disposed: 0,
    shipped: 0,
    transferredIn: 0,
    transferredOut: 0,
    miscounted: 0,
    recordCorrections: 0,
  };
}

export function newStock(facility: string, item: string): Stock {
  return {
    facility,
    item,
    physical: noPhysicalUnits(),
    record: noRecordedUnits(),
    allocated: 0,
    totals: noTotals(),
  };
}

export function levelsOf({ physical, record, allocated }: Stock): StockLevels {
  return { physical: { ...physical }, record: { ...record }, allocated };
}

/** What the keeper believes it could still promise. */
export function recordedFree({ record, allocated }: Stock): number {
  return record.shelf - allocated;
}

/** What must really be inside, by what came and went: equal to `unitsInside(physical)` at all times. */
export function unitsAccountedFor({ totals }: Stock): number {
  const came = totals.opening + totals.received + totals.returned + totals.found + totals.transferredIn;
  return came - totals.shipped - totals.disposed - totals.lost - totals.transferredOut;
}

/** How many units the keeper believes to have more (or fewer) than there are. */
export function recordError({ record, physical }: Stock): number {
  return unitsInside(record) - unitsInside(physical);
}
