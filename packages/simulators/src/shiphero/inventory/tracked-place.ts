import type { RecordedUnits } from "../../warehouse/place.ts";

/**
 * The places whose units ShipHero counts. Goods at the dock are in none of its bins until they are put away, and
 * what is under investigation is a word of the record only. ASSUMED.
 */
export const trackedPlaces = ["shelf", "tote", "quarantine", "damaged", "returns"] as const;

export type TrackedPlace = (typeof trackedPlaces)[number];

/**
 * The sellable units: those in pickable bins and those in totes. Said by the vendor's staff: "sellable bins plus in_tote
 * should amount to on_hand" (community thread 3113). So it falls when the shipment is made, not at the pick.
 */
export function onHandOf({ shelf, tote }: RecordedUnits): number {
  return shelf + tote;
}

export function nonSellableOf({ quarantine, damaged, returns }: RecordedUnits): number {
  return quarantine + damaged + returns;
}
