/** Where in a building a unit can really be. Only what stands on the `shelf` can be picked. */
const places = ["dock", "shelf", "tote", "quarantine", "damaged", "returns"] as const;

export type Place = (typeof places)[number];

/** In the record, what could not be found stands under `investigation` until somebody counts. */
export type RecordedPlace = Place | "investigation";

export type PhysicalUnits = Record<Place, number>;
export type RecordedUnits = Record<RecordedPlace, number>;

export function noPhysicalUnits(): PhysicalUnits {
  return { dock: 0, shelf: 0, tote: 0, quarantine: 0, damaged: 0, returns: 0 };
}

export function noRecordedUnits(): RecordedUnits {
  return { ...noPhysicalUnits(), investigation: 0 };
}

/** Units in the building; `investigation` is a word of the record and no unit. */
export function unitsInside(units: PhysicalUnits): number {
  return places.reduce((sum, place) => sum + units[place], 0);
}
