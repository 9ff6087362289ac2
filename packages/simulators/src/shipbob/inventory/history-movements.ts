import type { ActName, WarehouseEvent } from "../../warehouse/journal.ts";
import type { RecordedPlace } from "../../warehouse/place.ts";

/** Documented. `KittingStow` does not happen here. */
export const historyCategories = [
  "OrderPicked",
  "InventoryAdjusted",
  "InventoryFacilityUpdated",
  "AttributeUpdated",
  "InventoryReceived",
  "InventoryRestocked",
  "ReceivingStow",
  "KittingStow",
] as const;

export type HistoryCategory = (typeof historyCategories)[number];

/** One side of a movement. */
export interface HistorySide {
  facility: string;
  /** Signed: below 0 on the side that gives. */
  units: number;
  committed: number;
  /** Empty for what can be picked (documented example); the words for the rest are ASSUMED. */
  status: "" | "Damaged" | "Quarantine" | "Investigation";
}

interface Movement {
  category: HistoryCategory;
  reference: { type: string; value: string } | null;
  decrement: HistorySide | null;
  increment: HistorySide | null;
}

/** By how much an event changed a place of the record. */
function changeOf({ before, after }: WarehouseEvent, place: RecordedPlace): number {
  return (after?.record[place] ?? 0) - (before?.record[place] ?? 0);
}

function side(facility: string, units: number, more: Partial<HistorySide> = {}): HistorySide | null {
  return units === 0 ? null : { facility, units, committed: 0, status: "", ...more };
}

function referenceOf({ document }: WarehouseEvent): Movement["reference"] {
  if (document === null) return null;
  if (document.kind === "order") return { type: "OrderId", value: document.id };
  // A receiving order's number and its box, separated by a space, documented.
  if (document.kind === "inbound") return { type: "WroAndBox", value: `${document.id} 1` };
  return { type: document.kind === "return" ? "ReturnId" : "TransferId", value: document.id };
}

/** Units that only changed from one state to another, which are two sides of one movement. */
function moved(event: WarehouseEvent, status: HistorySide["status"], category: HistoryCategory): Movement[] {
  const units = changeOf(event, "shelf");
  const { facility } = event;
  if (units === 0) return [];
  const reference = referenceOf(event);
  return units < 0
    ? [
        {
          category,
          reference,
          decrement: side(facility, units),
          increment: side(facility, -units, { status }),
        },
      ]
    : [
        {
          category,
          reference,
          decrement: side(facility, -units, { status }),
          increment: side(facility, units),
        },
      ];
}

/** Units that came or went: one side only, documented for spot checks. */
function adjusted(
  event: WarehouseEvent,
  category: HistoryCategory,
  units = changeOf(event, "shelf"),
): Movement[] {
  if (units === 0) return [];
  const one = side(event.facility, units);
  const reference = referenceOf(event);
  return [{ category, reference, decrement: units < 0 ? one : null, increment: units > 0 ? one : null }];
}

/** A count tells first what turned out to be damaged or held, then what was there or not there at all. */
function counted(event: WarehouseEvent): Movement[] {
  const shelf = changeOf(event, "shelf");
  const damaged = changeOf(event, "damaged");
  const broken = Math.max(0, Math.min(-shelf, damaged));
  const { facility } = event;
  const breakage: Movement = {
    category: "InventoryAdjusted",
    reference: { type: "SpotCheck", value: "" },
    decrement: side(facility, -broken),
    increment: side(facility, broken, { status: "Damaged" }),
  };
  return [...(broken > 0 ? [breakage] : []), ...adjusted(event, "InventoryAdjusted", shelf + broken)];
}

function picked(event: WarehouseEvent): Movement[] {
  const units = changeOf(event, "shelf");
  if (units === 0) return [];
  return [
    {
      category: "OrderPicked",
      reference: referenceOf(event),
      decrement: side(event.facility, units, { committed: units }),
      increment: null,
    },
  ];
}

/** From the dock to the shelf: both sides at one facility, as in the documented example. */
function stowed(event: WarehouseEvent): Movement[] {
  const units = changeOf(event, "shelf");
  return [
    {
      category: "ReceivingStow",
      reference: referenceOf(event),
      decrement: side(event.facility, -units),
      increment: side(event.facility, units),
    },
  ];
}

/**
 * What the log says of what happened, by the act. The opening stock is the world's beginning and no movement; an act
 * that is not here leaves on hand as it is.
 */
const tellers: Partial<Record<ActName, (event: WarehouseEvent) => Movement[]>> = {
  picked,
  stowed,
  counted,
  short_picked: (event) => moved(event, "Investigation", "InventoryAdjusted"),
  put_back: (event) => adjusted(event, "InventoryRestocked"),
  return_inspected: (event) => adjusted(event, "InventoryReceived"),
  damaged: (event) => moved(event, "Damaged", "InventoryAdjusted"),
  held: (event) => moved(event, "Quarantine", "AttributeUpdated"),
  released: (event) => moved(event, "Quarantine", "AttributeUpdated"),
  lost: (event) => adjusted(event, "InventoryAdjusted"),
  found: (event) => adjusted(event, "InventoryAdjusted"),
  transfer_sent: (event) => adjusted(event, "InventoryFacilityUpdated"),
  transfer_arrived: (event) => adjusted(event, "InventoryFacilityUpdated"),
};

/** What the log says of something that happened: nothing, unless on hand changed by it. */
export function movementsOf(event: WarehouseEvent): Movement[] {
  return event.before === null ? [] : (tellers[event.act]?.(event) ?? []);
}
