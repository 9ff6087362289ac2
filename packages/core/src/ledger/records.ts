// The rows a ledger knows beside its balances, as the core sees them.
import type { CountedBucket } from "./bucket.ts";
import type { JsonObject } from "./json.ts";
import type { Instant, Units } from "./units.ts";

/** One component of a listing's recipe: each listing unit sold takes `units` of `sku`. */
export interface Component {
  readonly sku: string;
  readonly units: Units;
}

export interface SkuRecord {
  readonly sku: string;
  readonly attributes: JsonObject;
  /** The entry that last changed it; 0 in a draft. */
  readonly updatedSeq: number;
}

export type LocationKind = "warehouse" | "3pl" | "channel";

export interface LocationRecord {
  readonly code: string;
  /** `channel`: FBA or Full; counted from the channel's word and never part of a pool. */
  readonly kind: LocationKind;
  readonly title: string;
  /** The channels whose orders it may ship, sorted; null for every one. */
  readonly serves: readonly string[] | null;
  readonly updatedSeq: number;
}

export type ConnectionMode = "import" | "shadow" | "live";

export interface ConnectionRecord {
  readonly code: string;
  /** `api` for a channel of the seller's own, made at first use. */
  readonly kind: string;
  readonly mode: ConnectionMode;
  readonly settings: JsonObject;
  /** Encrypted credentials, opaque here; never part of an entry's body. */
  readonly credentials: string | null;
  /** The cut-over: what was shipped or cancelled before it is history. */
  readonly since: Instant | null;
  readonly updatedSeq: number;
}

export interface ListingRecord {
  readonly connection: string;
  readonly externalId: string;
  /** Never empty. */
  readonly components: readonly Component[];
  /** buffer, floor, cap, title …: read by allocate, opaque to the ledger. */
  readonly settings: JsonObject;
  readonly updatedSeq: number;
}

export type ReservationState = "held" | "committed" | "released" | "expired" | "claimed";

/** A hold asked for through our API. */
export interface ReservationRecord {
  readonly reservationId: string;
  readonly state: ReservationState;
  readonly expiresAt: Instant;
  /** What was asked, as it came; the same id with other lines is a conflict. */
  readonly asked: JsonObject;
  /** What is held per SKU, shared components added up, recipes frozen. */
  readonly components: readonly Component[];
  /** The entries that made it and last changed it; 0 in a draft. */
  readonly firstSeq: number;
  readonly lastSeq: number;
}

/** What a count is of. */
export interface CountedAccount {
  readonly sku: string;
  readonly location: string;
  readonly bucket: CountedBucket;
}

export type InboundStatus = "announced" | "closed" | "cancelled";

/** Units of one SKU in an inbound, cumulative. */
export interface InboundLine {
  readonly sku: string;
  readonly expected: Units;
  /** May be more than was expected. */
  readonly received: Units;
}

/** Goods on their way to a location: from a supplier, or between locations. */
export interface InboundRecord {
  readonly inboundId: string;
  readonly location: string;
  /** The seller's own location that they left; null where they come from outside. */
  readonly from: string | null;
  /** Null while nobody knows. */
  readonly expectedAt: Instant | null;
  /** `announced`: what is not received yet stands as incoming. Otherwise nothing of it does. */
  readonly status: InboundStatus;
  /** One per SKU ever announced or received. */
  readonly lines: readonly InboundLine[];
  readonly updatedSeq: number;
}

/** Units of a scarce pool that no reservation gets: buyers may still take them elsewhere. */
export interface WithheldRecord {
  readonly sku: string;
  /** Above 0 wherever it is kept. */
  readonly units: Units;
  readonly updatedSeq: number;
}

/** An order line that names nothing we know yet. */
export interface UnmappedLine {
  readonly names: "sku" | "listing";
  readonly code: string;
  readonly channel: string;
  readonly orderId: string;
  readonly lineId: string;
}

/** Those of the first line are the ledger's; the others are written by intake and publish, about a connection. */
export type AlertKind =
  | ("oversold" | "unmapped_sale" | "cancelled_no_stock" | "cancel_requested")
  | ("channel_blind" | "notification_stuck" | "not_subscribed" | "brake" | "keeper_silent")
  | ("fulfilment_refused" | "fulfilment_too_late" | "inbound_refused")
  | ("keeper_drift" | "keeper_snapshot_suspicious" | "keeper_code_unknown" | "keeper_order_unknown")
  | ("keeper_allocation_differs" | "return_missing" | "return_overdue");

export type AlertSeverity = "info" | "warning" | "critical";

/** An alert, most of them written with the entry that caused it. One is open per (kind, subject). */
export interface AlertRecord {
  readonly kind: AlertKind;
  /**
   * oversold: the SKU. unmapped_sale, cancelled_no_stock and cancel_requested: channel, order and line joined by `/`.
   * channel_blind, notification_stuck, not_subscribed, brake and keeper_silent: the connection. fulfilment_refused and fulfilment_too_late: channel
   * and order joined by `/`. inbound_refused: the delivery's id. keeper_drift, keeper_snapshot_suspicious, keeper_code_unknown,
   * keeper_order_unknown and keeper_allocation_differs: the connection. return_missing: connection and the keeper's id of the return joined by `/`. return_overdue:
   * channel and order joined by `/`.
   */
  readonly subject: string;
  readonly severity: AlertSeverity;
  readonly sku: string | null;
  readonly channel: string | null;
  readonly orderId: string | null;
  readonly lineId: string | null;
  readonly units: Units;
  readonly message: string;
}
