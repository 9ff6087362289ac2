// The five facts that every keeper's word comes down to, in the keeper's own codes: `item` is what it calls a SKU, `facility` what
// it calls a place. Which of ours they are is the connection's setting.
import type { Instant, Units } from "@onepool/core/ledger/units.ts";

interface FactBase {
  /**
   * What makes it the same fact: the keeper's own id of the event where it is stable over repetitions, otherwise made of the
   * content. At most 200 characters.
   */
  readonly factId: string;
}

/** What lies there of one item at one facility. */
export interface LevelLine {
  readonly item: string;
  readonly facility: string;
  /** As the keeper counts it: `onHandIncludesHeld` of its capability says whether held units are part of it. May be below 0. */
  readonly onHand: Units;
  /** Damaged, quarantined, on hold: there, and not to be sold. */
  readonly held: Units;
  /** Promised to orders that the keeper knows; absent where it does not say. */
  readonly allocated?: Units;
  /** Expected; absent where it does not say. */
  readonly incoming?: Units;
}

/** Levels as of a time, or of a stretch of time in which they were read one after the other. */
export interface SnapshotFact extends FactBase {
  readonly kind: "snapshot";
  readonly asOf: { readonly from: Instant; readonly to: Instant };
  /** `full`: every item that the keeper has; one that is missing is unknown, not 0, unless `absentMeansZero`. */
  readonly scope: "full" | "items";
  readonly absentMeansZero?: boolean;
  readonly lines: readonly LevelLine[];
}

export type AdjustmentReason =
  | ("cycle_count" | "received" | "damaged" | "lost" | "found" | "destroyed" | "hold" | "release_hold")
  | ("transfer" | "kitting" | "expired" | "recall" | "return_restock" | "correction" | "other");

/** Units that came, went or changed their condition without an order, a receipt or a return that tells of it. */
export interface AdjustmentFact extends FactBase {
  readonly kind: "adjustment";
  readonly occurredAt: Instant;
  readonly item: string;
  readonly facility: string;
  /** Into (above 0) or out of (below 0) what can be picked; 0 where only held units moved. */
  readonly sellable: Units;
  /** Into or out of what is damaged or held. */
  readonly held: Units;
  readonly reason: AdjustmentReason;
  /** The keeper's own words or code. */
  readonly reasonText?: string;
  /** The keeper's `onHand` at the facility just before. */
  readonly onHandBefore?: Units;
  /** An order seems to be the cause, and which one is not told: the shipment will tell of the same units again. */
  readonly isUnlinkedPick?: boolean;
}

/** Units picked for an order, told one by one before the shipment is. */
export interface PickFact extends FactBase {
  readonly kind: "pick";
  readonly occurredAt: Instant;
  /** The keeper's id of the order. */
  readonly keeperOrderId: string;
  readonly item: string;
  readonly facility: string;
  /** Below 0 when they were put back. */
  readonly units: Units;
}

/** All that left for one order so far: a state, told again whenever it changes. */
export interface ShipmentFact extends FactBase {
  readonly kind: "shipment";
  readonly occurredAt: Instant;
  /** Orders the states of one order; null where the keeper does not say when it changed. */
  readonly updatedAt: Instant | null;
  readonly keeperOrderId: string;
  /** Our reference, or the marketplace's order id where the keeper got the order from there; null where it is not told. */
  readonly reference: string | null;
  /** `short`: it could not or will not ship all of it. */
  readonly status: "open" | "shipped" | "cancelled" | "short" | "on_hold";
  readonly lines: readonly {
    /** Our id of the line, where the keeper keeps it. */
    readonly lineId?: string;
    readonly item: string;
    readonly facility: string;
    readonly ordered?: Units;
    /** Cumulative over all its shipments. */
    readonly shipped: Units;
    /** Why less will leave than was ordered, in the keeper's words. */
    readonly shortReason?: string;
  }[];
  readonly tracking?: readonly string[];
}

/** A delivery to the warehouse as it stands: cumulative. */
export interface ReceiptFact extends FactBase {
  readonly kind: "receipt";
  readonly occurredAt: Instant;
  readonly updatedAt: Instant | null;
  readonly keeperInboundId: string;
  /** Our reference; null for one that we did not announce. */
  readonly reference: string | null;
  readonly status: "open" | "closed" | "cancelled";
  readonly expectedAt?: Instant;
  readonly lines: readonly {
    readonly item: string;
    readonly facility: string;
    readonly expected: Units;
    /** Sellable now: stowed, not just unloaded. */
    readonly stowed: Units;
    /** Arrived damaged. */
    readonly damaged: Units;
  }[];
}

/** What became of returned units, cumulative. */
export interface Dispositions {
  /** Back among what can be picked. */
  readonly restocked: Units;
  /** Kept apart: damaged or to be looked at. */
  readonly quarantined: Units;
  /** Thrown away. */
  readonly disposed: Units;
  /** Announced, and not in the parcel. */
  readonly missing: Units;
}

/** A return as it stands: cumulative. */
export interface ReturnFact extends FactBase {
  readonly kind: "return";
  readonly occurredAt: Instant;
  readonly updatedAt: Instant | null;
  readonly keeperReturnId: string;
  /** Our reference of the return, where we gave one. */
  readonly reference: string | null;
  /** The order it belongs to, as the keeper names it: our reference, or the marketplace's order id. */
  readonly orderReference: string | null;
  readonly status: "announced" | "open" | "closed" | "cancelled";
  readonly lines: readonly {
    readonly item: string;
    readonly facility: string;
    /** Announced. */
    readonly quantity: Units;
    /** In the building: those with a disposition and those that wait for one. */
    readonly received: Units;
    readonly dispositions: Dispositions;
  }[];
}

export type KeeperFact = SnapshotFact | AdjustmentFact | PickFact | ShipmentFact | ReceiptFact | ReturnFact;
