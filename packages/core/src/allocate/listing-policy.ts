import type { JsonObject } from "../ledger/json.ts";
import type { Units } from "../ledger/units.ts";
import type { ListingPolicy } from "./desired-quantity.ts";

/** The policy in a listing's settings; what is absent holds nothing back. The edge has checked the figures. */
export function listingPolicy(settings: JsonObject): ListingPolicy {
  return {
    buffer: unitsOf(settings["buffer"]) ?? 0,
    floor: unitsOf(settings["floor"]) ?? 0,
    cap: unitsOf(settings["cap"]),
  };
}

function unitsOf(value: unknown): Units | null {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0 ? value : null;
}
