/** Physical buckets: units that lie at one location. `incoming` is announced to a location and not yet there. */
export type PhysicalBucket = "sellable" | "quality_control" | "damaged";

/** Buckets of the SKU's pool, without a location. `returning` is on its way back and stands outside on hand. */
export type PoolBucket = "reserved" | "committed" | "returning";

/** Buckets that a count can be of. */
export type CountedBucket = "sellable" | "damaged";

export type Bucket = PhysicalBucket | "incoming" | PoolBucket;

/** Where units of a leg come from or go to on its other side. */
export type Counterpart =
  | Bucket
  | "available" // the free part of the pool, for promises
  | "supplier"
  | "customer"
  | "variance" // what a count or an adjustment found or missed
  | "lost"
  | "transfer"; // the other location of a transfer

/** The location of accounts that have none. */
export const NO_LOCATION = "";

/** True for the buckets that a count can be of. */
export function isCounted(bucket: Bucket): bucket is CountedBucket {
  return bucket === "sellable" || bucket === "damaged";
}

/** True for the buckets in which units lie at a location of ours. */
export function isPhysical(bucket: Bucket): bucket is PhysicalBucket {
  return bucket === "sellable" || bucket === "quality_control" || bucket === "damaged";
}
