// What a decision writes: numbered facts with their movements and the records they change.
import type { Bucket, Counterpart } from "./bucket.ts";
import type { JsonObject } from "./json.ts";
import type { OrderRecord } from "./order-record.ts";
import type {
  AlertKind,
  AlertRecord,
  ConnectionRecord,
  CountedAccount,
  InboundRecord,
  ListingRecord,
  LocationRecord,
  ReservationRecord,
  SkuRecord,
  UnmappedLine,
  WithheldRecord,
} from "./records.ts";
import type { Rejection } from "./rejection.ts";
import type { Instant, Units } from "./units.ts";

/** One side of a movement: units (signed, never 0) into or out of one account. */
export interface Leg {
  readonly sku: string;
  /** `NO_LOCATION` for pool buckets. */
  readonly location: string;
  readonly bucket: Bucket;
  readonly units: Units;
  readonly counterpart: Counterpart;
  readonly lineId?: string;
  readonly reason?: string;
  /** Set on physical legs only: when it happened. */
  readonly occurredAt?: Instant;
}

export type EntryKind =
  | "sku"
  | "location"
  | "connection"
  | "listing"
  | "inbound"
  | "order"
  | "mapped" // lines of an order posted because their SKU or listing became known
  | "remap"
  | "receipt"
  | "adjustment"
  | "count"
  | "damage"
  | "transfer"
  | "return"
  | "grade"
  | "reservation"
  | "reservation_committed"
  | "reservation_released"
  | "reservation_expired"
  | "withheld"; // what no reservation gets of a scarce pool

/** A record an entry changes. The writer stores it; `LedgerState` shows it to later commands of the batch. */
export type RecordChange =
  | { readonly table: "sku"; readonly record: SkuRecord }
  | { readonly table: "location"; readonly record: LocationRecord }
  | { readonly table: "connection"; readonly record: ConnectionRecord }
  | { readonly table: "listing"; readonly record: ListingRecord }
  | { readonly table: "inbound"; readonly record: InboundRecord }
  | { readonly table: "order"; readonly record: OrderRecord; readonly stateHash: string | null }
  | { readonly table: "reservation"; readonly record: ReservationRecord }
  /** No units: nothing is withheld any more. */
  | { readonly table: "withheld"; readonly record: WithheldRecord }
  | {
      readonly table: "stock_count";
      readonly account: CountedAccount;
      readonly asOf: Instant;
      readonly units: Units;
    }
  | { readonly table: "unmapped_line"; readonly change: "add" | "remove"; readonly line: UnmappedLine }
  /** Opens the alert of its (kind, subject), or brings the open one up to date. */
  | { readonly table: "alert"; readonly change: "open"; readonly alert: AlertRecord }
  | {
      readonly table: "alert";
      readonly change: "resolve";
      readonly kind: AlertKind;
      readonly subject: string;
    };

/** An entry before it has its number. */
export interface EntryDraft {
  readonly kind: EntryKind;
  readonly occurredAt: Instant;
  readonly channel: string | null;
  readonly orderId: string | null;
  /** Unique per seller and kind, with `contentHash`; null where the kind has its own identity. */
  readonly externalId: string | null;
  readonly contentHash: string | null;
  readonly body: JsonObject;
  readonly legs: readonly Leg[];
  readonly changes: readonly RecordChange[];
}

/** What the caller is told beside the sequence number. */
export interface Answer {
  readonly unmapped?: readonly string[];
  readonly expiresAt?: Instant;
}

export type Decision =
  /** New facts; the caller is told the number of the first. Never empty. */
  | { readonly ok: true; readonly entries: readonly EntryDraft[]; readonly answer: Answer }
  /** Nothing new: the number that first recorded it. */
  | { readonly ok: true; readonly seq: number; readonly answer: Answer }
  | { readonly ok: false; readonly rejection: Rejection };
