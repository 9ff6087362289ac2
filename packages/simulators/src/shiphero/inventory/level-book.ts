import type { KeyedRandom } from "../../keyed-random.ts";
import { waitingUnits } from "../../warehouse/documents.ts";
import type { Stock } from "../../warehouse/stock.ts";
import type { Warehouse } from "../../warehouse/warehouse.ts";
import type { ShipHeroFaults } from "../faults.ts";
import { History } from "../history.ts";
import type { Identifiers } from "../identifiers.ts";
import { nonSellableOf, onHandOf, type TrackedPlace, trackedPlaces } from "./tracked-place.ts";

/** One SKU in one building, as the vendor shows it. */
export interface Level {
  legacyId: number;
  facility: string;
  sku: string;
  onHand: number;
  /** Promised to open orders, what is picked for them included. */
  allocated: number;
  inTote: number;
  nonSellable: number;
  reserve: number;
  sellAhead: number;
  places: Readonly<Record<TrackedPlace, number>>;
  createdAt: number;
  updatedAt: number;
}

/** On hand less what is promised: what the vendor calls available. */
export function availableOf({ onHand, allocated }: Level): number {
  return onHand - allocated;
}

/** `inventory` of the webhook: `on_hand - allocated + sell_ahead - reserve`, documented. */
export function sellableInventoryOf(level: Level): number {
  return availableOf(level) + level.sellAhead - level.reserve;
}

interface LevelParts {
  now: () => number;
  random: KeyedRandom;
  faults: ShipHeroFaults;
  ids: Identifiers;
  warehouse: Warehouse;
  /** Units of deliveries on their way that may be sold already. */
  sellAheadOf: (facility: string, sku: string) => number;
}

function keyOf(facility: string, sku: string): string {
  return JSON.stringify([facility, sku]);
}

/** The vendor's levels, made from the keeper's record, never from what is really there. */
export class LevelBook {
  readonly #parts: LevelParts;
  readonly #history: History<string, Level>;
  readonly #reserves = new Map<string, number>();

  constructor(parts: LevelParts) {
    this.#parts = parts;
    this.#history = new History(parts);
  }

  /** Writes down what the record says now; answers what it said before. */
  refresh({ facility, item, record, allocated }: Pick<Stock, "facility" | "item" | "record" | "allocated">): {
    before: Level | undefined;
    after: Level;
  } {
    const key = keyOf(facility, item);
    const before = this.#history.latest(key);
    const places = Object.fromEntries(trackedPlaces.map((place) => [place, record[place]]));
    const at = this.#parts.now();
    const after: Level = {
      legacyId: before?.legacyId ?? this.#parts.ids.next("WarehouseProduct"),
      facility,
      sku: item,
      onHand: onHandOf(record),
      allocated: allocated + record.tote,
      inTote: record.tote,
      nonSellable: nonSellableOf(record),
      reserve: this.#reserves.get(key) ?? 0,
      sellAhead: this.#parts.sellAheadOf(facility, item),
      places: places as Record<TrackedPlace, number>,
      createdAt: before?.createdAt ?? at,
      updatedAt: at,
    };
    this.#history.put(key, after);
    return { before, after };
  }

  /** Units not to be sold; they stay on hand. */
  setReserve(facility: string, sku: string, units: number): void {
    this.#reserves.set(keyOf(facility, sku), units);
  }

  latest(facility: string, sku: string): Level | undefined {
    return this.#history.latest(keyOf(facility, sku));
  }

  latestOfSku(sku: string): Level[] {
    return [...this.#parts.warehouse.facilities]
      .map((facility) => this.latest(facility, sku))
      .filter((level) => level !== undefined);
  }

  read(facility: string, sku: string): Level | undefined {
    return this.#history.read(keyOf(facility, sku));
  }

  readAll(): Level[] {
    return this.#history.readAll();
  }

  /** Owed to open orders and not there. */
  backorderOf(facility: string, sku: string): number {
    let units = 0;
    for (const order of this.#parts.warehouse.shortOrders) {
      if (order.facility !== facility) continue;
      for (const line of order.lines) if (line.item === sku) units += waitingUnits(line);
    }
    return units;
  }
}
