// An order as the ledger keeps it: per line the states heard from each source, the frozen recipe, and what is posted.
import type { Component } from "./records.ts";
import type { Instant, Units } from "./units.ts";

/** Who says so: the marketplace, the warehouse that keeps the goods, or a caller of our API. */
export type Source = "channel" | "keeper" | "api";

/** An order's status, in the order of its rank: pending < paid < shipped < cancelled. */
export type OrderStatus = "pending" | "paid" | "shipped" | "cancelled";

export const STATUS_RANK: Readonly<Record<OrderStatus, number>> = {
  pending: 0,
  paid: 1,
  shipped: 2,
  cancelled: 3,
};

/** One line of an order state as a source reports it. Counts are cumulative, in listing units. */
export interface LineReport {
  readonly lineId: string;
  readonly sku?: string;
  readonly listing?: string;
  readonly quantity: Units;
  readonly cancelled?: Units;
  readonly shipped?: Units;
  readonly returning?: Units;
  readonly fulfilledBy?: "seller" | "channel";
  /** Where it shipped from; the channel's default location when nobody says. */
  readonly location?: string;
  /**
   * What left, as a keeper counts it: cumulative, beside `shipped`. A status "shipped" without figures means nothing then. From
   * a keeper only.
   */
  readonly left?: readonly LeftUnits[];
}

/** Physical units of a component SKU that left one location for an order line, cumulative. */
export interface LeftUnits {
  readonly sku: string;
  readonly location: string;
  readonly units: Units;
}

/** An order state: the whole of what a source says of an order at one time. State, not event. */
export interface OrderReport {
  readonly channel: string;
  readonly orderId: string;
  readonly status: OrderStatus;
  /** Absent for untimed notices, which only move rank and counts forward. */
  readonly updatedAt?: Instant;
  readonly placedAt?: Instant;
  /** When it was shipped or cancelled, where the source tells; decides the cut-over. */
  readonly closedAt?: Instant;
  readonly lines: readonly LineReport[];
  readonly reservationId?: string;
  readonly doNotShip?: boolean;
  /** The buyer asks to cancel: a request, which releases nothing. Once said it stays said. */
  readonly cancelRequested?: boolean;
  /** The seller cancelled because there was no stock: opens an incident. */
  readonly cancelReason?: "no_stock" | "other";
  /** An explicit correction: its counts replace higher ones that this source said before it. Needs `updatedAt`. */
  readonly correction?: boolean;
}

/** What one source said of one line at one time, normalised (no absent counts). */
export interface LineFacts {
  readonly rank: number;
  readonly quantity: Units;
  readonly cancelled: Units;
  readonly shipped: Units;
  readonly returning: Units;
  readonly fulfilledBy: "seller" | "channel";
  /** Null when the source does not say. */
  readonly location: string | null;
  /** Sorted, without zeroes (left-units.ts); absent when nothing was counted. */
  readonly left?: readonly LeftUnits[];
}

/** The place of a timed state among its source's states: (updatedAt, rank); the content decides between equal places. */
export interface StateKey {
  readonly updatedAt: Instant;
  readonly rank: number;
}

/** Counts that only rise within a source, with the newest state that said them. */
export interface CountPeak {
  readonly key: StateKey;
  readonly shipped: Units;
  readonly returning: Units;
  readonly left?: readonly LeftUnits[];
}

/** What a ledger keeps of one source's words on one line. */
export interface SourceFacts {
  readonly latest: { readonly key: StateKey; readonly facts: LineFacts } | null;
  /** Timed states whose counts no newer state reaches: usually one. */
  readonly peaks: readonly CountPeak[];
  /** The newest explicit correction; peaks older than it are forgotten. */
  readonly correctedAt: StateKey | null;
  /** The join of all untimed states. */
  readonly untimed: LineFacts | null;
  /** Units this source says left, or were cancelled, before the connection's `since`. */
  readonly history: History;
}

/** Left, or cancelled, before the cut-over: it moves nothing. */
export interface History {
  readonly shipped: Units;
  readonly cancelled: Units;
  readonly left?: readonly LeftUnits[];
}

/** What a line holds, in listing units. The ledger posts the difference between two of these. */
export interface Claim {
  readonly reserved: Units;
  readonly committed: Units;
  /** Units that left, per location. */
  readonly shipped: Readonly<Record<string, Units>>;
  /** Units that were sent back, cumulative; those received are taken off per SKU. */
  readonly returning: Units;
  /** Where what a keeper counted makes no whole listing units: what each SKU of the recipe holds, instead of the above. */
  readonly parts?: readonly PartClaim[];
}

/** What a line holds of one SKU, in units of it. */
export interface PartClaim extends Omit<Claim, "parts"> {
  readonly sku: string;
}

/** One order line: its claim. */
export interface ClaimLine {
  readonly lineId: string;
  /** What the line names, as `namedBy` said it: the listing is tried before the SKU. */
  readonly sku: string | null;
  readonly listing: string | null;
  readonly namedBy: Source;
  /** Frozen when the line is first mapped; null while nobody mapped it. */
  readonly recipe: readonly Component[] | null;
  readonly sources: { readonly [S in Source]?: SourceFacts };
  /** Units received back per SKU, cumulative, from return movements that name this line. */
  readonly received: Readonly<Record<string, Units>>;
  /** Units given up per SKU that were on their way back, cumulative; absent while there are none. */
  readonly lost?: Readonly<Record<string, Units>>;
  /** The claim as it stands in the ledger, under `recipe`. */
  readonly posted: Claim;
  /** Where units leave from that nobody named a location for, once some left; `main` where it is absent (line-posting.ts). */
  readonly shipsFrom?: string;
}

export interface OrderRecord {
  readonly channel: string;
  readonly orderId: string;
  readonly status: OrderStatus;
  readonly placedAt: Instant | null;
  readonly updatedAt: Instant | null;
  readonly doNotShip: boolean;
  readonly cancelRequested: boolean;
  readonly reservationId: string | null;
  readonly lines: readonly ClaimLine[];
  /** Content hashes of states seen, newest last, with the sequence that first recorded each (at most 32). */
  readonly seen: readonly (readonly [hash: string, seq: number])[];
}
