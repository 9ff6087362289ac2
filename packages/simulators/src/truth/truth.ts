import { type BoundedLog, createBoundedLog } from "../bounded-log.ts";
import { type ListingKey, listingCode } from "./listing-key.ts";
import { type GroupReport, type PhysicalGroup, PoolGroups, type Posting } from "./pool-groups.ts";
import { Propagation, type PropagationReport } from "./propagation.ts";

/** Why a listing shows another number than before. */
export type ShownCause = "write" | "applied" | "panel" | "sold" | "restocked" | "closed" | "listed";

export type RefusalReason = "out_of_stock" | "not_active";

/** What one listing has sold and refused, in units of the listing. */
export interface ListingCounters {
  soldUnits: number;
  refusedAttempts: number;
  refusedUnits: number;
  cancelledUnits: number;
  quantityWrites: number;
  lastWriteAt: string | null;
}

export interface TruthTotals {
  attempts: number;
  attemptedUnits: number;
  acceptedOrders: number;
  acceptedUnits: number;
  refusedAttempts: number;
  refusedUnits: number;
  cancelledOrders: number;
  cancelledUnits: number;
  oversoldUnits: number;
  lostUnits: number;
  lostServableUnits: number;
  quantityWrites: number;
}

export interface TruthReport {
  now: string;
  wallNow: string;
  totals: TruthTotals;
  groups: GroupReport[];
  saleToConfirmed: PropagationReport;
}

interface TruthEntry extends ListingKey {
  at: string;
  wallAt: string;
  kind: "accepted" | "refused" | "released" | ShownCause;
  quantity?: number;
  orderId?: number | string;
  reason?: RefusalReason;
  shows: number;
}

/** A change of what buyers can take from a listing. */
export interface Shown {
  key: ListingKey;
  shows: number;
  cause: ShownCause;
  /** The number the seller asked for, in a write. */
  quantity?: number;
  /** When the seller's request arrived, for a write that is applied later. */
  requestedAt?: number;
}

const KEPT_ENTRIES = 20_000;
/** Orders whose units could still come back; beyond it the oldest are taken as shipped. */
const MOST_OPEN_POSTINGS = 200_000;

/**
 * What really happened, kept apart from what any system believes: every attempt to buy, every number shown, and
 * the physical units behind them. One truth may serve several simulators that sell the same units; account names
 * must then differ.
 */
export class Truth {
  readonly #now: () => number;
  readonly #groups = new PoolGroups();
  readonly #shownByListing = new Map<string, number>();
  readonly #countersByListing = new Map<string, ListingCounters>();
  readonly #postingsByOrder = new Map<string, Posting[]>();
  readonly #log: BoundedLog<TruthEntry> = createBoundedLog<TruthEntry>(KEPT_ENTRIES);
  readonly #totals = newTotals();
  readonly #propagation: Propagation;

  constructor(clock: { now: () => number }) {
    this.#now = clock.now;
    this.#propagation = new Propagation({
      groups: this.#groups,
      shows: (key) => this.shows(key),
      now: clock.now,
      wallNow: Date.now,
    });
  }

  /** What a buyer can take from a listing now. */
  shows(key: ListingKey): number {
    return this.#shownByListing.get(listingCode(key)) ?? 0;
  }

  declarePhysical(declared: readonly PhysicalGroup[]): void {
    this.#groups.declare(declared);
    this.#propagation.raised(declared.map(({ id }) => id));
  }

  accepted(key: ListingKey, quantity: number, orderId: number | string): void {
    this.#totals.acceptedOrders += 1;
    this.#totals.acceptedUnits += quantity;
    this.#count(key).soldUnits += quantity;
    const postings = this.#groups.accept(key, quantity);
    this.#postingsByOrder.set(orderCode(key, orderId), postings);
    const [oldest] = this.#postingsByOrder.keys();
    if (this.#postingsByOrder.size > MOST_OPEN_POSTINGS && oldest !== undefined) {
      this.#postingsByOrder.delete(oldest);
    }
    this.#propagation.accepted(orderId, key, postings);
    this.#note("accepted", key, { quantity, orderId });
  }

  refused(key: ListingKey, quantity: number, reason: RefusalReason): void {
    this.#totals.refusedAttempts += 1;
    this.#totals.refusedUnits += quantity;
    this.#count(key).refusedAttempts += 1;
    this.#count(key).refusedUnits += quantity;
    this.#groups.refuse(key, quantity);
    this.#note("refused", key, { quantity, reason });
  }

  /** The order was cancelled before it left: its units may be sold again. */
  released(key: ListingKey, quantity: number, orderId: number | string): void {
    this.#totals.cancelledOrders += 1;
    this.#totals.cancelledUnits += quantity;
    this.#count(key).cancelledUnits += quantity;
    const postings = this.#postingsByOrder.get(orderCode(key, orderId)) ?? [];
    this.#postingsByOrder.delete(orderCode(key, orderId));
    this.#groups.release(postings);
    this.#propagation.raised(postings.map(({ groupId }) => groupId));
    this.#note("released", key, { quantity, orderId });
  }

  /** Some of an order's units are now another order's: nothing is given back, nothing is taken. */
  succeeded(
    key: ListingKey,
    orderId: number | string,
    next: { orderId: number | string; quantity: number; of: number },
  ): void {
    const postings = this.#postingsByOrder.get(orderCode(key, orderId));
    if (postings === undefined) return;
    const share = postings.map(({ groupId, units }) => ({
      groupId,
      units: (units / next.of) * next.quantity,
    }));
    this.#postingsByOrder.set(orderCode(key, next.orderId), share);
  }

  /** One listing took another's place: whatever sold from a group's units is joined by what sells them now. */
  replaced(old: ListingKey, next: ListingKey): void {
    this.#groups.join(old, next);
  }

  /** The goods have left: a later cancellation gives nothing back. */
  left(key: ListingKey, orderId: number | string): void {
    this.#postingsByOrder.delete(orderCode(key, orderId));
  }

  shown({ key, shows, cause, quantity, requestedAt }: Shown): void {
    this.#shownByListing.set(listingCode(key), shows);
    if (cause === "write") {
      this.#totals.quantityWrites += 1;
      this.#count(key).quantityWrites += 1;
      this.#count(key).lastWriteAt = new Date(this.#now()).toISOString();
    }
    if (cause === "write" || cause === "applied") this.#propagation.written(key, requestedAt ?? this.#now());
    else this.#propagation.changed(key);
    this.#note(cause, key, quantity === undefined ? {} : { quantity });
  }

  counters(key: ListingKey): ListingCounters {
    return this.#countersByListing.get(listingCode(key)) ?? newCounters();
  }

  report(): TruthReport {
    const groups = this.#groups.report();
    const sum = (field: "oversoldUnits" | "lostUnits" | "lostServableUnits"): number =>
      groups.reduce((total, group) => total + group[field], 0);
    return {
      now: new Date(this.#now()).toISOString(),
      wallNow: new Date().toISOString(),
      totals: {
        ...this.#totals,
        attempts: this.#totals.acceptedOrders + this.#totals.refusedAttempts,
        attemptedUnits: this.#totals.acceptedUnits + this.#totals.refusedUnits,
        oversoldUnits: sum("oversoldUnits"),
        lostUnits: sum("lostUnits"),
        lostServableUnits: sum("lostServableUnits"),
      },
      groups,
      saleToConfirmed: this.#propagation.report(),
    };
  }

  log(after: number, limit: number): (TruthEntry & { n: number })[] {
    return this.#log.after(after, limit);
  }

  droppedEntries(): number {
    return this.#log.dropped();
  }

  sales(after: number, limit: number): ReturnType<Propagation["sales"]> {
    return this.#propagation.sales(after, limit);
  }

  #count(key: ListingKey): ListingCounters {
    const known = this.#countersByListing.get(listingCode(key)) ?? newCounters();
    this.#countersByListing.set(listingCode(key), known);
    return known;
  }

  #note(
    kind: TruthEntry["kind"],
    { account, listing, variation }: ListingKey,
    more: Partial<TruthEntry>,
  ): void {
    const key = { account, listing, variation };
    const at = new Date(this.#now()).toISOString();
    this.#log.append({ at, wallAt: new Date().toISOString(), kind, ...key, shows: this.shows(key), ...more });
  }
}

function orderCode(key: ListingKey, orderId: number | string): string {
  return `${key.account}/${orderId}`;
}

function newTotals(): TruthTotals {
  return {
    attempts: 0,
    attemptedUnits: 0,
    acceptedOrders: 0,
    acceptedUnits: 0,
    refusedAttempts: 0,
    refusedUnits: 0,
    cancelledOrders: 0,
    cancelledUnits: 0,
    oversoldUnits: 0,
    lostUnits: 0,
    lostServableUnits: 0,
    quantityWrites: 0,
  };
}

function newCounters(): ListingCounters {
  return {
    soldUnits: 0,
    refusedAttempts: 0,
    refusedUnits: 0,
    cancelledUnits: 0,
    quantityWrites: 0,
    lastWriteAt: null,
  };
}
