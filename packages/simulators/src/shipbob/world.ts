import type { KeyedRandom } from "../keyed-random.ts";
import type { SimulatorClock } from "../simulator-clock.ts";
import type { Floor } from "../warehouse/floor/floor.ts";
import type { Warehouse } from "../warehouse/warehouse.ts";
import type { Catalogue, CatalogueItem, Facility } from "./catalogue.ts";
import type { ShipBobFaults } from "./faults.ts";
import type { Identifiers } from "./identifiers.ts";
import type { History } from "./inventory/history.ts";
import type { OrderBook } from "./orders/order-book.ts";
import type { ReceivingBook } from "./receiving/receiving-book.ts";
import type { ReturnBook } from "./returns/return-book.ts";
import type { Settings } from "./settings.ts";
import type { Simulations } from "./simulations/simulations.ts";
import type { Outbox } from "./webhooks/outbox.ts";

/** Everything one running keeper holds. All in memory. */
export interface World {
  clock: SimulatorClock;
  random: KeyedRandom;
  /** What is really in the buildings, and the record that all answers come from. */
  warehouse: Warehouse;
  floor: Floor;
  faults: ShipBobFaults;
  /** Replaced while it runs: read it through the world each time. */
  settings: Settings;
  ids: Identifiers;
  /** The personal access token that is accepted. */
  token: string;
  catalogue: Catalogue;
  history: History;
  orders: OrderBook;
  receiving: ReceivingBook;
  returns: ReturnBook;
  webhooks: Outbox;
  simulations: Simulations;
}

/** The catalogue's entry of something that the warehouse speaks of; goods laid by a control call are made known here. */
export function itemCalled({ catalogue }: Pick<World, "catalogue">, sku: string): CatalogueItem {
  return catalogue.ensure({ sku });
}

export function facilityCalled({ catalogue }: Pick<World, "catalogue">, name: string): Facility {
  const known = catalogue.facilityNamed(name);
  if (known !== undefined) return known;
  const id = Math.max(0, ...catalogue.facilities.keys()) + 1;
  const facility = { id, name, timezone: "America/Chicago" };
  catalogue.facilities.set(id, facility);
  return facility;
}

/** An item that the world itself wrote down, or that was looked up before. */
export function itemWithId({ catalogue }: Pick<World, "catalogue">, inventoryId: number): CatalogueItem {
  const item = catalogue.item(inventoryId);
  if (item === undefined) throw new Error(`no inventory item ${inventoryId}`);
  return item;
}

export function facilityWithId({ catalogue }: Pick<World, "catalogue">, id: number): Facility {
  const facility = catalogue.facilities.get(id);
  if (facility === undefined) throw new Error(`no facility ${id}`);
  return facility;
}
