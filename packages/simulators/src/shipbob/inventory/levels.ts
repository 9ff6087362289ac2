import { type InboundLine, waitingUnits } from "../../warehouse/documents.ts";
import { noPhysicalUnits, noRecordedUnits } from "../../warehouse/place.ts";
import type { StockLevels } from "../../warehouse/stock.ts";
import type { CatalogueItem, Facility } from "../catalogue.ts";
import type { World } from "../world.ts";

/** What ShipBob tells of an item at one facility. */
export interface PlaceLevel {
  facility: Facility;
  onHand: number;
  committed: number;
  fulfillable: number;
  awaiting: number;
  internalTransfer: number;
  /** Beside on hand: damaged, held, or not found (ASSUMED). Told over all facilities only. */
  exception: number;
  backordered: number;
}

/** The figures of every stock at an instant that has passed, by what happened since. */
function figuresAt(world: World, at: number): Map<string, StockLevels> {
  const figures = new Map<string, StockLevels>();
  for (const { facility, item, before } of world.warehouse.journal.since(at).toReversed()) {
    if (item !== null && before !== null) figures.set(JSON.stringify([facility, item]), before);
  }
  return figures;
}

function awaitedUnits({ expected, received, damaged, stowed }: InboundLine): number {
  return Math.max(expected, received) - damaged - stowed;
}

function awaitingAt({ warehouse }: World, facility: string, sku: string): number {
  let units = 0;
  for (const inbound of warehouse.inbounds.values()) {
    const isOpen = inbound.state === "announced" || inbound.state === "arrived";
    if (!isOpen || inbound.facility !== facility) continue;
    for (const line of inbound.lines) if (line.item === sku) units += Math.max(0, awaitedUnits(line));
  }
  return units;
}

function travellingTo({ warehouse }: World, facility: string, sku: string): number {
  return [...warehouse.transfers.values()]
    .filter(({ to, item, arrived }) => to === facility && item === sku && arrived === null)
    .reduce((sum, { sent }) => sum + sent, 0);
}

function backorderedAt({ warehouse }: World, facility: string, sku: string): number {
  let units = 0;
  for (const order of warehouse.shortOrders) {
    if (order.facility !== facility) continue;
    for (const line of order.lines) if (line.item === sku) units += waitingUnits(line);
  }
  return units;
}

const nothing: StockLevels = { physical: noPhysicalUnits(), record: noRecordedUnits(), allocated: 0 };

function placeLevel(world: World, facility: Facility, sku: string, figures: StockLevels): PlaceLevel {
  const { record, allocated: committed } = figures;
  return {
    facility,
    onHand: record.shelf,
    committed,
    fulfillable: record.shelf - committed,
    awaiting: awaitingAt(world, facility.name, sku),
    internalTransfer: travellingTo(world, facility.name, sku),
    exception: record.quarantine + record.damaged + record.investigation,
    backordered: backorderedAt(world, facility.name, sku),
  };
}

/** The levels of items as a reading at this instant tells them: `at` lies in the past when the reading is stale. */
export function readLevels(world: World, at: number): (item: CatalogueItem) => PlaceLevel[] {
  const past = at < world.clock.now() ? figuresAt(world, at) : new Map<string, StockLevels>();
  const facilities = [...world.catalogue.facilities.values()];
  return ({ sku }) =>
    facilities.flatMap((facility) => {
      const key = JSON.stringify([facility.name, sku]);
      const figures = past.get(key) ?? world.warehouse.stocks.get(key);
      const level = placeLevel(world, facility, sku, figures ?? nothing);
      return figures === undefined && level.awaiting === 0 ? [] : [level];
    });
}
