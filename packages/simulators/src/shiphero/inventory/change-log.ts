import { type BoundedLog, createBoundedLog } from "../../bounded-log.ts";
import type { WarehouseEvent } from "../../warehouse/journal.ts";
import type { RecordedUnits } from "../../warehouse/place.ts";
import type { Identifiers } from "../identifiers.ts";
import type { Bin, Catalogue } from "./catalogue.ts";
import { onHandOf, type TrackedPlace, trackedPlaces } from "./tracked-place.ts";

/** One bin whose content changed, and why. */
export interface InventoryChange {
  legacyId: number;
  at: number;
  facility: string;
  sku: string;
  bin: Bin;
  /** In the bin, before and after. */
  oldQuantity: number;
  quantity: number;
  /** In the whole building, just before this bin changed. */
  previousOnHand: number;
  reason: string;
  cycleCounted: boolean;
  source: string;
}

const KEPT_CHANGES = 100_000;

/** Free text, as people and screens write it. ASSUMED wording. */
const reasons: Partial<Record<WarehouseEvent["act"], (document: string) => string>> = {
  laid: () => "Initial inventory",
  shipped: (order) => `Order ${order} shipped`,
  short_picked: (order) => `Item not found while picking order ${order}`,
  received: (po) => `Damaged on arrival with PO ${po}`,
  stowed: (po) => `PO ${po} received`,
  return_arrived: (number) => `Return ${number} received`,
  return_inspected: (number) => `Return ${number} inspected`,
  lost: () => "Inventory written off",
  found: () => "Inventory found",
  damaged: () => "Moved to damaged location",
  held: () => "Moved to quarantine location",
  released: () => "Released from quarantine",
  disposed: () => "Disposed",
  counted: () => "Cycle count",
  transfer_sent: (transfer) => `Transfer ${transfer} sent`,
  transfer_arrived: (transfer) => `Transfer ${transfer} received`,
};

const sources: Partial<Record<NonNullable<WarehouseEvent["document"]>["kind"], string>> = {
  order: "order",
  inbound: "purchase_order",
  return: "return",
};

/** From the shelf into a tote or back: the on-hand quantity stays, and nothing is told of it. */
function isOnlyPicked(before: RecordedUnits, after: RecordedUnits): boolean {
  return (
    trackedPlaces.every((place) => ["shelf", "tote"].includes(place) || before[place] === after[place]) &&
    onHandOf(before) === onHandOf(after)
  );
}

/** What the vendor's change log says of the bins, newest last. */
export class ChangeLog {
  readonly #log: BoundedLog<InventoryChange> = createBoundedLog(KEPT_CHANGES);
  readonly #catalogue: Catalogue;
  readonly #ids: Identifiers;

  constructor(catalogue: Catalogue, ids: Identifiers) {
    this.#catalogue = catalogue;
    this.#ids = ids;
  }

  /** Writes down every bin that an act changed; `number` is what people call the document behind it. */
  note(event: WarehouseEvent & { item: string }, number: string): InventoryChange[] {
    const { before, after, facility, item, at, act, document, by } = event;
    if (before === null || after === null || isOnlyPicked(before.record, after.record)) return [];
    let onHand = onHandOf(before.record);
    const changed = trackedPlaces.filter((place) => before.record[place] !== after.record[place]);
    return changed.map((place) => {
      const bin = this.#catalogue.binOf(facility, item, place);
      const [oldQuantity, quantity] = [before.record[place], after.record[place]];
      const change: InventoryChange = {
        legacyId: this.#ids.next("InventoryChange"),
        at,
        facility,
        sku: item,
        bin,
        oldQuantity,
        quantity,
        previousOnHand: onHand,
        reason: event.reason ?? reasons[act]?.(number) ?? act,
        cycleCounted: act === "counted",
        source: (document === null ? undefined : sources[document.kind]) ?? (by === "api" ? "api" : "manual"),
      };
      onHand += countsAsOnHand(place) ? quantity - oldQuantity : 0;
      return this.#log.append(change);
    });
  }

  /** Changes up to an instant, oldest first. */
  until(at: number): InventoryChange[] {
    return this.#log.after(0, Infinity).filter((change) => change.at <= at);
  }
}

function countsAsOnHand(place: TrackedPlace): boolean {
  return place === "shelf" || place === "tote";
}
