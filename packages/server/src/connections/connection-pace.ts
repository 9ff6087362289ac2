import type { CallBudget, Capability, RateLimit } from "@onepool/connectors/contract/capability.ts";
import type { KeeperCapability } from "@onepool/connectors/contract/keeper/keeper-capability.ts";

/** Times of a channel that a connection's settings may state in its place, in milliseconds. */
const TIMES = [
  "orderPollIntervalMs",
  "orderPollOverlapMs",
  "orderListLagMs",
  "missedNoticesIntervalMs",
  "writeAppliesWithinMs",
] as const;

/** Calls per minute that a connection's settings may state in the channel's place. */
const RATES: Readonly<Record<CallBudget, string>> = {
  orders: "ordersPerMinute",
  orderLists: "orderListsPerMinute",
  reads: "readsPerMinute",
  writes: "writesPerMinute",
};

/** Times of a keeper that a connection's settings may state in its place, in milliseconds. */
const KEEPER_TIMES = [
  "levelsIntervalMs",
  "movementsIntervalMs",
  "documentsIntervalMs",
  "documentsOverlapMs",
  "clockSkewMs",
] as const;

/**
 * The capability with the times and rates that the connection's settings state in its place: for an account with a quota of its
 * own, and for a simulated channel whose time runs faster. What is not a number in range is left as the channel has it.
 */
export function withPace(capability: Capability, stored: unknown): Capability {
  return paced(capability, stored, TIMES);
}

/** The same for a keeper. What it does not do at all is not begun by a time. */
export function withKeeperPace(capability: KeeperCapability, stored: unknown): KeeperCapability {
  const times = KEEPER_TIMES.filter((name) => capability[name] !== null);
  return paced(capability, stored, times);
}

function paced<Paced extends { readonly limits: Readonly<Partial<Record<CallBudget, RateLimit>>> }>(
  capability: Paced,
  stored: unknown,
  names: readonly string[],
): Paced {
  const settings = (typeof stored === "object" && stored !== null ? stored : {}) as Readonly<
    Record<string, unknown>
  >;
  const times = names.flatMap((name) => {
    const value = settings[name];
    return isWithin(value, 0) ? [[name, value] as const] : [];
  });
  const limits = Object.entries(RATES).flatMap(([budget, name]) => {
    const perMinute = settings[name];
    const limit = capability.limits[budget as CallBudget];
    if (limit === undefined || !isWithin(perMinute, Number.MIN_VALUE)) return [];
    return [[budget, withRate(limit, perMinute)] as const];
  });
  return {
    ...capability,
    ...Object.fromEntries(times),
    limits: { ...capability.limits, ...Object.fromEntries(limits) },
  };
}

/** As much at once as the channel allows, or a second's worth where that is more. */
function withRate({ burst }: RateLimit, perMinute: number): RateLimit {
  return { perMinute, burst: Math.max(burst, perMinute / 60) };
}

function isWithin(value: unknown, least: number): value is number {
  return typeof value === "number" && Number.isFinite(value) && value >= least;
}
