import type { Units } from "../ledger/units.ts";

/** A component of a listing's recipe with what its pool holds now. */
export interface ComponentPool {
  readonly sku: string;
  /** Units of the SKU that one sale of the listing takes; at least 1. */
  readonly unitsPerSale: Units;
  /** Available real; negative when oversold. */
  readonly available: Units;
  /** Of it, what places that serve the listing's channel can still ship; null or absent where every place serves everybody. */
  readonly deployable?: Units | null;
}

/** What a seller set for one listing. */
export interface ListingPolicy {
  /** Units of each pool that this listing never shows, against sales elsewhere that are not known yet. */
  readonly buffer: Units;
  /** Units of each pool at which this listing stops selling. */
  readonly floor: Units;
  /** The most the listing shows, in listing units; null for no limit. */
  readonly cap: Units | null;
}

export interface DesiredInput {
  /** Never empty; a SKU stands in it once. */
  readonly components: readonly ComponentPool[];
  readonly policy: ListingPolicy;
  /** The most the channel takes; null for no limit. */
  readonly channelMax: Units | null;
  /**
   * Listing units in orders of this listing that the channel has not yet taken off its own number although our pool has. It
   * will, so it has to show that many more.
   */
  readonly openSales: Units;
  /** The most the listing may show while its pools are in the end game; null or absent while they are not. */
  readonly quota?: Units | null;
  /** Units of each pool held back beside the policy, while other channels sell what nobody tells us of. */
  readonly heldBack?: Units;
}

/** One step of the reckoning, as data: what made the quantity what it is. */
export type AllocationStep =
  | {
      readonly step: "component";
      readonly sku: string;
      readonly available: Units;
      /** Only where it is less than available. */
      readonly deployable?: Units;
      readonly heldBack: Units;
      readonly unitsPerSale: Units;
      /** How many sales of the listing this pool still carries. */
      readonly sales: Units;
    }
  | { readonly step: "scarcest"; readonly sku: string; readonly quantity: Units }
  | { readonly step: "cap" | "quota" | "channel_max"; readonly limit: Units; readonly quantity: Units }
  | { readonly step: "open_sales"; readonly units: Units; readonly quantity: Units };

export interface DesiredQuantity {
  readonly quantity: Units;
  /** In the order of the reckoning; the last one ends at `quantity`. */
  readonly steps: readonly AllocationStep[];
}

/**
 * What a listing should show: available of its scarcest component, less buffer and floor, cut to whole sales, cap, quota and
 * the channel's own limit. Never below 0.
 */
export function desiredQuantity(input: DesiredInput): DesiredQuantity {
  const { policy, channelMax, openSales, quota = null, heldBack = 0 } = input;
  const pools = input.components.map((pool) => salesOf(pool, policy.buffer + policy.floor + heldBack));
  const scarcest = pools.reduce((least, pool) => (pool.sales < least.sales ? pool : least));
  const steps: AllocationStep[] = [...pools];
  let quantity = scarcest.sales;
  if (pools.length > 1) steps.push({ step: "scarcest", sku: scarcest.sku, quantity });
  if (policy.cap !== null && policy.cap < quantity) {
    quantity = policy.cap;
    steps.push({ step: "cap", limit: policy.cap, quantity });
  }
  if (quota !== null && quota < quantity) {
    quantity = quota;
    steps.push({ step: "quota", limit: quota, quantity });
  }
  if (openSales > 0) {
    quantity += openSales;
    steps.push({ step: "open_sales", units: openSales, quantity });
  }
  if (channelMax !== null && channelMax < quantity) {
    quantity = channelMax;
    steps.push({ step: "channel_max", limit: channelMax, quantity });
  }
  return { quantity, steps };
}

function salesOf(pool: ComponentPool, heldBack: Units): AllocationStep & { step: "component" } {
  const { sku, available, unitsPerSale } = pool;
  const deployable = Math.min(available, pool.deployable ?? available);
  const sales = Math.max(0, Math.floor((deployable - heldBack) / unitsPerSale));
  const narrower = deployable < available ? { deployable } : {};
  return { step: "component", sku, available, ...narrower, heldBack, unitsPerSale, sales };
}
