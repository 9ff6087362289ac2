import { createBoundedLog } from "../bounded-log.ts";
import { type ListingKey, listingCode } from "./listing-key.ts";
import { type Percentiles, percentiles } from "./percentiles.ts";
import type { PoolGroups, Posting } from "./pool-groups.ts";

type WatchState = "open" | "confirmed" | "overtaken";
type SaleState = "open" | "measured" | "safe" | "overtaken" | "forgotten";

/** Another listing of the sold group that showed too much at the moment of the sale. */
interface Watch {
  sale: Sale;
  groupId: string;
  key: ListingKey;
  unitsPerSale: number;
  shownAtSale: number;
  /** The most the group has held since the sale: a write computed after the sale shows no more than this. */
  mostRemaining: number;
  limit: number;
  state: WatchState;
  confirmedAt: number | null;
}

interface Sale {
  orderId: number | string;
  key: ListingKey;
  acceptedAt: number;
  wallAcceptedAt: number;
  watches: Watch[];
  state: SaleState;
  ms: number | null;
  wallMs: number | null;
}

export interface PropagationReport {
  sales: number;
  measured: number;
  open: number;
  safe: number;
  overtaken: number;
  forgotten: number;
  ms: Percentiles;
  wallMs: Percentiles;
}

/** Sales followed at once; beyond it the oldest is forgotten, which only a seller who never writes can reach. */
const MOST_OPEN_SALES = 20_000;
const KEPT_SALES = 20_000;

interface PropagationParts {
  groups: PoolGroups;
  /** What a buyer can take from a listing now. */
  shows(key: ListingKey): number;
  now(): number;
  wallNow(): number;
}

/** Measures, for each sale, when every other listing of its groups stopped showing more than the group then held. */
export function createPropagation({ groups, shows, now, wallNow }: PropagationParts) {
  const log = createBoundedLog<{ sale: Sale }>(KEPT_SALES);
  const openSales = new Set<Sale>();
  const watchesByListing = new Map<string, Set<Watch>>();
  const counts = { sales: 0, measured: 0, safe: 0, overtaken: 0, forgotten: 0 };
  let durations: { ms: number; wallMs: number }[] = [];

  const watchesOf = (key: ListingKey): Set<Watch> => {
    const known = watchesByListing.get(listingCode(key)) ?? new Set<Watch>();
    watchesByListing.set(listingCode(key), known);
    return known;
  };
  const mostAllowed = (remaining: number, unitsPerSale: number): number =>
    Math.max(0, Math.floor(remaining / unitsPerSale));

  const settle = (sale: Sale, state: SaleState): void => {
    sale.state = state;
    openSales.delete(sale);
    for (const watch of sale.watches) watchesOf(watch.key).delete(watch);
    if (state !== "open") counts[state] += 1;
  };

  const closeWatch = (watch: Watch, state: "confirmed" | "overtaken"): void => {
    const { sale } = watch;
    watch.state = state;
    watch.confirmedAt = state === "confirmed" ? now() : null;
    watchesOf(watch.key).delete(watch);
    if (sale.watches.some((other) => other.state === "open")) return;
    const last = sale.watches.findLast((other) => other.state === "confirmed");
    if (last === undefined) return settle(sale, "overtaken");
    sale.ms = Math.max(...sale.watches.map((other) => (other.confirmedAt ?? 0) - sale.acceptedAt));
    sale.wallMs = wallNow() - sale.wallAcceptedAt;
    durations.push({ ms: sale.ms, wallMs: sale.wallMs });
    if (durations.length >= KEPT_SALES * 2) durations = durations.slice(-KEPT_SALES);
    settle(sale, "measured");
  };

  const watchOthers = (sale: Sale, groupId: string): Watch[] => {
    const remaining = groups.remaining(groupId);
    return groups
      .members(groupId)
      .filter((member) => listingCode(member) !== listingCode(sale.key))
      .map((key) => ({
        sale,
        groupId,
        key: { account: key.account, listing: key.listing, variation: key.variation },
        unitsPerSale: key.unitsPerSale,
        shownAtSale: shows(key),
        mostRemaining: remaining,
        limit: mostAllowed(remaining, key.unitsPerSale),
        state: "open" as const,
        confirmedAt: null,
      }))
      .filter((watch) => watch.shownAtSale > watch.limit);
  };

  return {
    /** Starts following an accepted sale; to be called after the groups have counted it. */
    accepted(orderId: number | string, key: ListingKey, postings: readonly Posting[]): void {
      if (postings.length === 0) return;
      const sale: Sale = {
        orderId,
        key,
        acceptedAt: now(),
        wallAcceptedAt: wallNow(),
        watches: [],
        state: "open",
        ms: null,
        wallMs: null,
      };
      sale.watches = postings.flatMap(({ groupId }) => watchOthers(sale, groupId));
      counts.sales += 1;
      log.append({ sale });
      if (sale.watches.length === 0) return settle(sale, "safe");
      openSales.add(sale);
      for (const watch of sale.watches) watchesOf(watch.key).add(watch);
      const [oldest] = openSales;
      if (openSales.size > MOST_OPEN_SALES && oldest !== undefined) settle(oldest, "forgotten");
    },

    /** A quantity that the seller wrote, asked for at `requestedAt`, is what `key` shows from now. */
    written(key: ListingKey, requestedAt: number): void {
      const shown = shows(key);
      for (const watch of [...watchesOf(key)]) {
        const computedBefore = watch.sale.acceptedAt > requestedAt;
        if (!computedBefore && shown <= mostAllowed(watch.mostRemaining, watch.unitsPerSale)) {
          closeWatch(watch, "confirmed");
        }
      }
    },

    /** `key` shows another number, and not because the seller wrote it. */
    changed(key: ListingKey): void {
      const shown = shows(key);
      for (const watch of [...watchesOf(key)]) {
        const allowedNow = mostAllowed(groups.remaining(watch.groupId), watch.unitsPerSale);
        if (shown <= allowedNow) closeWatch(watch, "overtaken");
      }
    },

    /** Units came back to these groups, or new ones arrived. */
    raised(groupIds: readonly string[]): void {
      for (const groupId of groupIds) {
        const remaining = groups.remaining(groupId);
        const watches = groups.members(groupId).flatMap((member) => [...watchesOf(member)]);
        for (const watch of watches.filter((candidate) => candidate.groupId === groupId)) {
          watch.mostRemaining = Math.max(watch.mostRemaining, remaining);
          const allowed = mostAllowed(watch.mostRemaining, watch.unitsPerSale);
          if (shows(watch.key) <= allowed) closeWatch(watch, "overtaken");
        }
      }
    },

    report(): PropagationReport {
      return {
        ...counts,
        open: openSales.size,
        ms: percentiles(durations.map(({ ms }) => ms)),
        wallMs: percentiles(durations.map(({ wallMs }) => wallMs)),
      };
    },

    sales(after: number, limit: number): (Sale & { n: number })[] {
      return log.after(after, limit).map(({ n, sale }) => ({ ...sale, n }));
    },
  };
}
