import { type BoundedLog, createBoundedLog } from "../bounded-log.ts";
import { type ListingKey, listingCode } from "./listing-key.ts";
import { createPoolGroups, type GroupReport, type PhysicalGroup, type Posting } from "./pool-groups.ts";
import { createPropagation, type PropagationReport } from "./propagation.ts";

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
 * the physical units behind them. One truth may serve several simulators that sell the same units; account names must then differ.
 */
export type Truth = ReturnType<typeof createTruth>;

export function createTruth(clock: { now(): number }) {
  const groups = createPoolGroups();
  const shownByListing = new Map<string, number>();
  const countersByListing = new Map<string, ListingCounters>();
  const postingsByOrder = new Map<string, Posting[]>();
  const log: BoundedLog<TruthEntry> = createBoundedLog<TruthEntry>(KEPT_ENTRIES);
  const totals = newTotals();
  const shows = (key: ListingKey): number => shownByListing.get(listingCode(key)) ?? 0;
  const propagation = createPropagation({ groups, shows, now: clock.now, wallNow: Date.now });

  const counters = (key: ListingKey): ListingCounters => {
    const known = countersByListing.get(listingCode(key)) ?? newCounters();
    countersByListing.set(listingCode(key), known);
    return known;
  };
  const stamp = () => ({ at: new Date(clock.now()).toISOString(), wallAt: new Date().toISOString() });
  const note = (
    kind: TruthEntry["kind"],
    { account, listing, variation }: ListingKey,
    more: Partial<TruthEntry> = {},
  ): void => {
    const key = { account, listing, variation };
    log.append({ ...stamp(), kind, ...key, shows: shows(key), ...more });
  };
  const orderCode = (key: ListingKey, orderId: number | string): string => `${key.account}/${orderId}`;

  return {
    shows,

    declarePhysical(declared: readonly PhysicalGroup[]): void {
      groups.declare(declared);
      propagation.raised(declared.map(({ id }) => id));
    },

    accepted(key: ListingKey, quantity: number, orderId: number | string): void {
      totals.acceptedOrders += 1;
      totals.acceptedUnits += quantity;
      counters(key).soldUnits += quantity;
      const postings = groups.accept(key, quantity);
      postingsByOrder.set(orderCode(key, orderId), postings);
      const [oldest] = postingsByOrder.keys();
      if (postingsByOrder.size > MOST_OPEN_POSTINGS && oldest !== undefined) postingsByOrder.delete(oldest);
      propagation.accepted(orderId, key, postings);
      note("accepted", key, { quantity, orderId });
    },

    refused(key: ListingKey, quantity: number, reason: RefusalReason): void {
      totals.refusedAttempts += 1;
      totals.refusedUnits += quantity;
      counters(key).refusedAttempts += 1;
      counters(key).refusedUnits += quantity;
      groups.refuse(key, quantity);
      note("refused", key, { quantity, reason });
    },

    /** The order was cancelled before it left: its units may be sold again. */
    released(key: ListingKey, quantity: number, orderId: number | string): void {
      totals.cancelledOrders += 1;
      totals.cancelledUnits += quantity;
      counters(key).cancelledUnits += quantity;
      const postings = postingsByOrder.get(orderCode(key, orderId)) ?? [];
      postingsByOrder.delete(orderCode(key, orderId));
      groups.release(postings);
      propagation.raised(postings.map(({ groupId }) => groupId));
      note("released", key, { quantity, orderId });
    },

    /** The goods have left: a later cancellation gives nothing back. */
    left(key: ListingKey, orderId: number | string): void {
      postingsByOrder.delete(orderCode(key, orderId));
    },

    shown({ key, shows: shownNow, cause, quantity, requestedAt }: Shown): void {
      shownByListing.set(listingCode(key), shownNow);
      if (cause === "write") {
        totals.quantityWrites += 1;
        counters(key).quantityWrites += 1;
        counters(key).lastWriteAt = new Date(clock.now()).toISOString();
      }
      if (cause === "write" || cause === "applied") propagation.written(key, requestedAt ?? clock.now());
      else propagation.changed(key);
      note(cause, key, quantity === undefined ? {} : { quantity });
    },

    counters: (key: ListingKey): ListingCounters => countersByListing.get(listingCode(key)) ?? newCounters(),

    report(): TruthReport {
      const groupReports = groups.report();
      const sum = (field: "oversoldUnits" | "lostUnits" | "lostServableUnits"): number =>
        groupReports.reduce((total, group) => total + group[field], 0);
      return {
        now: new Date(clock.now()).toISOString(),
        wallNow: new Date().toISOString(),
        totals: {
          ...totals,
          attempts: totals.acceptedOrders + totals.refusedAttempts,
          attemptedUnits: totals.acceptedUnits + totals.refusedUnits,
          oversoldUnits: sum("oversoldUnits"),
          lostUnits: sum("lostUnits"),
          lostServableUnits: sum("lostServableUnits"),
        },
        groups: groupReports,
        saleToConfirmed: propagation.report(),
      };
    },

    log: (after: number, limit: number) => log.after(after, limit),
    droppedEntries: () => log.dropped(),
    sales: (after: number, limit: number) => propagation.sales(after, limit),
  };
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
