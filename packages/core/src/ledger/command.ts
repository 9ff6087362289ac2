// What the ledger can be asked or told. Shapes are checked at the edge (API, connectors); rules are decided here.
import type { CountedBucket } from "./bucket.ts";
import type { JsonObject } from "./json.ts";
import type { OrderReport, Source } from "./order-record.ts";
import type { Component, ConnectionMode, InboundStatus, LocationKind } from "./records.ts";
import type { Instant, Units } from "./units.ts";

export interface PutSku {
  readonly kind: "put_sku";
  readonly sku: string;
  /** Merged into what is stored; a null removes the attribute. */
  readonly attributes: JsonObject;
}

export interface PutLocation {
  readonly kind: "put_location";
  readonly code: string;
  readonly locationKind?: LocationKind;
  readonly title?: string;
  /** The channels whose orders it may ship; null for every one. */
  readonly serves?: readonly string[] | null;
}

export interface PutConnection {
  readonly kind: "put_connection";
  readonly code: string;
  /** Required at first; may not change afterwards. */
  readonly connectionKind?: string;
  readonly mode?: ConnectionMode;
  /** Merged; a null removes the setting. */
  readonly settings?: JsonObject;
  /** Already encrypted. */
  readonly credentials?: string;
  readonly since?: Instant | null;
}

export interface PutListing {
  readonly kind: "put_listing";
  readonly connection: string;
  readonly externalId: string;
  /** Required at first; components of a SKU named twice add up. */
  readonly components?: readonly Component[];
  /** buffer, floor, cap, title: merged; a null removes the setting. */
  readonly settings?: JsonObject;
}

/** Goods announced to a location, whole: a target state, told again whenever it changes. What arrived is told by receipts. */
export interface PutInbound {
  readonly kind: "put_inbound";
  readonly inboundId: string;
  readonly location: string;
  readonly expectedAt: Instant | null;
  readonly status: InboundStatus;
  /** Units expected; those of a SKU named twice add up. Never empty. */
  readonly lines: readonly Component[];
}

interface MovementBase {
  readonly kind: "movement";
  readonly sku: string;
  readonly location: string;
  /** Positive, except for adjustments (signed, not 0) and counts (0 allowed). */
  readonly units: Units;
  readonly externalId: string;
  /** The time of recording when absent; a repeat without it is the same content. */
  readonly occurredAt?: Instant;
  readonly reason?: string;
}

/** The order line a return or grading belongs to; absent for an unannounced one. */
export interface OrderLineRef {
  readonly channel: string;
  readonly orderId: string;
  readonly lineId: string;
}

export type Movement =
  | (MovementBase & {
      readonly movement: "receipt";
      /** The inbound it delivers; for a transfer under way the transfer's externalId. */
      readonly inboundId?: string;
    })
  | (MovementBase & {
      readonly movement: "adjustment";
      readonly bucket?: "sellable" | "quality_control" | "damaged";
    })
  | (MovementBase & {
      readonly movement: "count";
      readonly asOf: Instant;
      /** `sellable` when absent. */
      readonly bucket?: CountedBucket;
    })
  | (MovementBase & { readonly movement: "damage" })
  | (MovementBase & {
      readonly movement: "transfer";
      readonly toLocation: string;
      /** The units leave now and arrive with a receipt that names this transfer's externalId as its inbound. */
      readonly inTransit?: boolean;
      /** Only where they do not arrive at once. */
      readonly expectedAt?: Instant;
    })
  | (MovementBase & {
      readonly movement: "return";
      readonly order?: OrderLineRef;
      /** They will not come: what was on its way back for the line ends there. Nothing arrives at the location. */
      readonly lost?: boolean;
      readonly straightToSellable?: boolean;
    })
  | (MovementBase & {
      readonly movement: "grade";
      readonly to: "sellable" | "damaged" | "lost";
      readonly order?: OrderLineRef;
    });

export interface ReportOrder {
  readonly kind: "order";
  readonly source: Source;
  readonly order: OrderReport;
}

/** Mends a wrong or missing recipe of an order's lines, explicitly. */
export interface RemapOrder {
  readonly kind: "remap";
  readonly channel: string;
  readonly orderId: string;
  /** Lines to remap; absent: every line, from today's listings. */
  readonly lines?: readonly { readonly lineId: string; readonly components?: readonly Component[] }[];
}

/** One line of a hold: units of a SKU, or of a listing (its recipe is frozen into the hold). */
export type ReservationLine =
  | { readonly sku: string; readonly units: Units }
  | { readonly connection: string; readonly listing: string; readonly units: Units };

export interface Reserve {
  readonly kind: "reserve";
  readonly reservationId: string;
  readonly lines: readonly ReservationLine[];
  readonly ttlSeconds: number;
}

export interface EndReservation {
  readonly kind: "end_reservation";
  readonly reservationId: string;
  /** `expire` is our own: it acts only on a hold whose deadline has passed. */
  readonly how: "commit" | "release" | "expire";
}

/** Says how many units of a scarce pool no reservation gets, because buyers may still take them elsewhere. Our own. */
export interface Withhold {
  readonly kind: "withhold";
  readonly sku: string;
  /** Fewer than before are always accepted; 0 gives all of them back. */
  readonly units: Units;
  /** Of more than before. `fact`: buyers may take them already. `request`: a write is about to offer them, if they are there. */
  readonly as: "fact" | "request";
  /** What was withheld when this was reckoned: a lower number that something newer has overtaken changes nothing. */
  readonly was: Units;
}

export type Command =
  | PutSku
  | PutLocation
  | PutConnection
  | PutListing
  | PutInbound
  | Movement
  | ReportOrder
  | RemapOrder
  | Reserve
  | EndReservation
  | Withhold;
