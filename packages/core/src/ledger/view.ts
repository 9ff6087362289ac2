import type { Bucket } from "./bucket.ts";
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
import type { Instant, Units } from "./units.ts";

/** What a decision may read. Earlier commands of the same batch are already in it. */
export interface LedgerView {
  sku(sku: string): SkuRecord | null;
  location(code: string): LocationRecord | null;
  connection(code: string): ConnectionRecord | null;
  listing(connection: string, externalId: string): ListingRecord | null;
  /** Units in one account; 0 where it does not exist. */
  balance(sku: string, location: string, bucket: Bucket): Units;
  /** Available real: Σ own locations sellable − reserved − committed. */
  available(sku: string): Units;
  order(channel: string, orderId: string): OrderRecord | null;
  reservation(reservationId: string): ReservationRecord | null;
  /** What no reservation gets of a scarce pool; null where nothing is withheld. */
  withheld(sku: string): WithheldRecord | null;
  inbound(inboundId: string): InboundRecord | null;
  /** The entry that recorded (kind, externalId). */
  externalEntry(
    kind: string,
    externalId: string,
  ): { readonly seq: number; readonly contentHash: string } | null;
  /** The `asOf` of an account's first count at or after an instant. */
  firstCountFrom(account: CountedAccount, instant: Instant): Instant | null;
  /** Net units that moved in an account after an instant (by occurrence). */
  movedSince(account: CountedAccount, instant: Instant): Units;
  /** Lines that wait for a SKU or a listing (of one channel) to become known. */
  unmappedLines(names: "sku" | "listing", code: string, channel: string | null): readonly UnmappedLine[];
  openAlert(kind: AlertKind, subject: string): AlertRecord | null;
}
