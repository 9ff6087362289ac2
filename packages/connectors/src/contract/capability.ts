import type { SubscriptionCapability } from "./subscription.ts";

/** How often a kind of call may be made, per connection, unless its settings say otherwise. */
export interface RateLimit {
  readonly perMinute: number;
  /** Calls that may be made at once after a pause. */
  readonly burst: number;
}

/** Calls are budgeted by what they are for, so that reading never starves a write. */
export type CallBudget =
  /** Single orders. */
  | "orders"
  /** Lists of changed orders, and of notifications that were missed. */
  | "orderLists"
  /** What listings show. */
  | "reads"
  /** Quantities. */
  | "writes";

/** What a channel can do, as data: callers read this instead of asking which channel it is. */
export interface Capability {
  readonly kind: string;
  readonly title: string;
  readonly status: "experimental" | "beta" | "stable";
  /** A push states the quantity that shall be shown; a difference is never sent. */
  readonly push: "absolute";
  /** Whether a write can be refused because the channel sold meanwhile. */
  readonly compareAndSet: boolean;
  /**
   * What the channel expects a listing to show: `net` of everything sold, or `gross` of its own orders that it has not yet
   * taken off its own number.
   */
  readonly quantityBasis: "net" | "gross";
  /**
   * Under a `gross` basis: how long at most, in milliseconds, an order of its own may stay open before it is counted as sold
   * by us. Longer ones wait for a payment that may never come, and are held back on the safe side.
   */
  readonly ownOrderSettlesMs: number;
  /** The most units a listing can show. */
  readonly quantityMax: number;
  /** Listings per read call. */
  readonly readBatchSize: number;
  /** How long, in milliseconds, an accepted write may take until a read shows it. */
  readonly writeAppliesWithinMs: number;
  readonly orderNews: "webhook" | "queue" | "poll";
  /** How often, in milliseconds, orders are polled for what the notifications missed. */
  readonly orderPollIntervalMs: number;
  /** A poll begins this long before what the last one reached, in milliseconds: lists run behind, and some cut times off. */
  readonly orderPollOverlapMs: number;
  /** Changes younger than this may not be in the list yet, in milliseconds. */
  readonly orderListLagMs: number;
  /** How often, in milliseconds, the channel is asked for notifications that it could not deliver; null where it keeps none. */
  readonly missedNoticesIntervalMs: number | null;
  readonly limits: Readonly<Record<CallBudget, RateLimit>>;
  /** Calls that reading one order takes from its budget; 2 where absent: the order's own and its shipment's. */
  readonly callsPerOrder?: number;
  /** Only where connectors have `keepSubscription`. */
  readonly subscription?: SubscriptionCapability;
}
