import { NO_LOCATION } from "./bucket.ts";
import type { Leg, RecordChange } from "./entry.ts";
import type { ReservationRecord } from "./records.ts";
import type { LedgerView } from "./view.ts";

/** The bucket in which a hold's units lie; null when it holds nothing any more. */
export function holdingBucket(reservation: ReservationRecord): "reserved" | "committed" | null {
  if (reservation.state === "held") return "reserved";
  return reservation.state === "committed" ? "committed" : null;
}

/** Takes a hold's units out of their bucket, to the counterpart. */
export function releaseLegs(reservation: ReservationRecord, counterpart: "available" | "committed"): Leg[] {
  const bucket = holdingBucket(reservation);
  if (bucket === null) return [];
  return reservation.components.map(({ sku, units }) => ({
    sku,
    location: NO_LOCATION,
    bucket,
    units: -units,
    counterpart,
  }));
}

/** Turns a hold into an order's claim: the hold ends in the entry that posts the claim. Null when it holds nothing. */
export function takeOverHold(
  view: LedgerView,
  reservationId: string,
): { legs: Leg[]; changes: RecordChange[] } | null {
  const reservation = view.reservation(reservationId);
  if (reservation === null || holdingBucket(reservation) === null) return null;
  return {
    legs: releaseLegs(reservation, "available"),
    changes: [{ table: "reservation", record: { ...reservation, state: "claimed" } }],
  };
}
