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
  shows: (key: ListingKey) => number;
  now: () => number;
  wallNow: () => number;
}

function mostAllowed(remaining: number, unitsPerSale: number): number {
  return Math.max(0, Math.floor(remaining / unitsPerSale));
}

/** Measures, for each sale, when every other listing of its groups stopped showing more than the group then held. */
export class Propagation {
  readonly #parts: PropagationParts;
  readonly #log = createBoundedLog<{ sale: Sale }>(KEPT_SALES);
  readonly #openSales = new Set<Sale>();
  readonly #watchesByListing = new Map<string, Set<Watch>>();
  readonly #counts = { sales: 0, measured: 0, safe: 0, overtaken: 0, forgotten: 0 };
  #durations: { ms: number; wallMs: number }[] = [];

  constructor(parts: PropagationParts) {
    this.#parts = parts;
  }

  /** Starts following an accepted sale; to be called after the groups have counted it. */
  accepted(orderId: number | string, key: ListingKey, postings: readonly Posting[]): void {
    if (postings.length === 0) return;
    const sale: Sale = {
      orderId,
      key,
      acceptedAt: this.#parts.now(),
      wallAcceptedAt: this.#parts.wallNow(),
      watches: [],
      state: "open",
      ms: null,
      wallMs: null,
    };
    sale.watches = postings.flatMap(({ groupId }) => this.#watchOthers(sale, groupId));
    this.#counts.sales += 1;
    this.#log.append({ sale });
    if (sale.watches.length === 0) return this.#settle(sale, "safe");
    this.#openSales.add(sale);
    for (const watch of sale.watches) this.#watchesOf(watch.key).add(watch);
    const [oldest] = this.#openSales;
    if (this.#openSales.size > MOST_OPEN_SALES && oldest !== undefined) this.#settle(oldest, "forgotten");
  }

  /** A quantity that the seller wrote, asked for at `requestedAt`, is what `key` shows from now. */
  written(key: ListingKey, requestedAt: number): void {
    const shown = this.#parts.shows(key);
    for (const watch of this.#watchesOf(key)) {
      const computedBefore = watch.sale.acceptedAt > requestedAt;
      if (!computedBefore && shown <= mostAllowed(watch.mostRemaining, watch.unitsPerSale)) {
        this.#close(watch, "confirmed");
      }
    }
  }

  /** `key` shows another number, and not because the seller wrote it. */
  changed(key: ListingKey): void {
    const shown = this.#parts.shows(key);
    for (const watch of this.#watchesOf(key)) {
      const allowedNow = mostAllowed(this.#parts.groups.remaining(watch.groupId), watch.unitsPerSale);
      if (shown <= allowedNow) this.#close(watch, "overtaken");
    }
  }

  /** Units came back to these groups, or new ones arrived. */
  raised(groupIds: readonly string[]): void {
    for (const groupId of groupIds) {
      const remaining = this.#parts.groups.remaining(groupId);
      const watches = this.#parts.groups.members(groupId).flatMap((member) => [...this.#watchesOf(member)]);
      for (const watch of watches.filter((candidate) => candidate.groupId === groupId)) {
        watch.mostRemaining = Math.max(watch.mostRemaining, remaining);
        const allowed = mostAllowed(watch.mostRemaining, watch.unitsPerSale);
        if (this.#parts.shows(watch.key) <= allowed) this.#close(watch, "overtaken");
      }
    }
  }

  report(): PropagationReport {
    return {
      ...this.#counts,
      open: this.#openSales.size,
      ms: percentiles(this.#durations.map(({ ms }) => ms)),
      wallMs: percentiles(this.#durations.map(({ wallMs }) => wallMs)),
    };
  }

  sales(after: number, limit: number): (Sale & { n: number })[] {
    return this.#log.after(after, limit).map(({ n, sale }) => ({ ...sale, n }));
  }

  #watchesOf(key: ListingKey): Set<Watch> {
    const known = this.#watchesByListing.get(listingCode(key)) ?? new Set<Watch>();
    this.#watchesByListing.set(listingCode(key), known);
    return known;
  }

  #watchOthers(sale: Sale, groupId: string): Watch[] {
    const remaining = this.#parts.groups.remaining(groupId);
    return this.#parts.groups
      .members(groupId)
      .filter((member) => listingCode(member) !== listingCode(sale.key))
      .map((key) => ({
        sale,
        groupId,
        key: { account: key.account, listing: key.listing, variation: key.variation },
        unitsPerSale: key.unitsPerSale,
        shownAtSale: this.#parts.shows(key),
        mostRemaining: remaining,
        limit: mostAllowed(remaining, key.unitsPerSale),
        state: "open" as const,
        confirmedAt: null,
      }))
      .filter((watch) => watch.shownAtSale > watch.limit);
  }

  #settle(sale: Sale, state: Exclude<SaleState, "open">): void {
    sale.state = state;
    this.#openSales.delete(sale);
    for (const watch of sale.watches) this.#watchesOf(watch.key).delete(watch);
    this.#counts[state] += 1;
  }

  #close(watch: Watch, state: "confirmed" | "overtaken"): void {
    const { sale } = watch;
    watch.state = state;
    watch.confirmedAt = state === "confirmed" ? this.#parts.now() : null;
    this.#watchesOf(watch.key).delete(watch);
    if (sale.watches.some((other) => other.state === "open")) return;
    const confirmedAt = sale.watches.flatMap((other) => other.confirmedAt ?? []);
    if (confirmedAt.length === 0) return this.#settle(sale, "overtaken");
    sale.ms = Math.max(...confirmedAt) - sale.acceptedAt;
    sale.wallMs = this.#parts.wallNow() - sale.wallAcceptedAt;
    this.#durations.push({ ms: sale.ms, wallMs: sale.wallMs });
    if (this.#durations.length >= KEPT_SALES * 2) this.#durations = this.#durations.slice(-KEPT_SALES);
    this.#settle(sale, "measured");
  }
}
