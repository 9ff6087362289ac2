import { createBoundedLog, type BoundedLog } from "../../bounded-log.ts";
import { type Offer, offersOf, stockOf } from "../items/item.ts";
import { appOf, sellerOf, type World } from "../world.ts";

/** Captured and documented names; the samples spell some of them in two ways. */
export const unavailableStatuses = [
  "damaged",
  "lost",
  "withdrawal",
  "internal_process",
  "transfer",
  "no_fiscal_coverage",
  "not_supported",
] as const;

export type UnavailableStatus = (typeof unavailableStatuses)[number];

/** Something that happened to units in the marketplace's warehouses. */
export interface Operation {
  id: number;
  inventoryId: string;
  type: string;
  at: number;
  availableBy: number;
  unavailableBy: Partial<Record<UnavailableStatus, number>>;
  resultAvailable: number;
  resultUnavailable: Partial<Record<UnavailableStatus, number>>;
  references: { type: string; value: string }[];
}

/** What of one thing lies in the marketplace's warehouses besides what is for sale, and its ledger. */
export interface Inventory {
  id: string;
  account: string;
  unavailable: Partial<Record<UnavailableStatus, number>>;
  operations: BoundedLog<Operation>;
}

const KEPT_OPERATIONS = 5_000;

/** Everything buyers can choose that is stored under an inventory id. */
export function offersInInventory(world: World, id: string): Offer[] {
  return [...world.items.values()]
    .flatMap(offersOf)
    .filter(({ item, variation }) => (variation ?? item).inventoryId === id);
}

export function inventoryOf(world: World, id: string, account: string): Inventory {
  const known = world.inventories.get(id);
  if (known !== undefined) return known;
  const fresh: Inventory = {
    id,
    account,
    unavailable: {},
    operations: createBoundedLog<Operation>(KEPT_OPERATIONS),
  };
  world.inventories.set(id, fresh);
  return fresh;
}

/** Units for sale in the marketplace's warehouses. */
export function availableIn(offer: Offer): number {
  const places = stockOf(offer).shared?.locations ?? [];
  return places.find(({ type }) => type === "meli_facility")?.quantity ?? 0;
}

type Happening = Pick<Operation, "type" | "availableBy" | "references"> &
  Partial<Pick<Operation, "unavailableBy">>;

/** Writes an operation into the ledger, after the units have moved, and tells it. */
export function recordOperation(world: World, offer: Offer, happening: Happening): Operation | undefined {
  const id = (offer.variation ?? offer.item).inventoryId;
  if (id === null) return undefined;
  const inventory = inventoryOf(world, id, offer.item.account);
  const unavailableBy = happening.unavailableBy ?? {};
  for (const status of unavailableStatuses) {
    const by = unavailableBy[status];
    if (by !== undefined)
      inventory.unavailable[status] = Math.max(0, (inventory.unavailable[status] ?? 0) + by);
  }
  const operation: Operation = {
    ...happening,
    id: world.ids.next("operation"),
    inventoryId: id,
    at: world.clock.now(),
    unavailableBy,
    resultAvailable: availableIn(offer),
    resultUnavailable: { ...inventory.unavailable },
  };
  inventory.operations.append(operation);
  const seller = sellerOf(world, offer.item.account);
  const resource = `/stock/fulfillment/operations/${operation.id}`;
  world.outbox.publish(appOf(world, seller), { seller, topic: "fbm_stock_operations", resource });
  return operation;
}
