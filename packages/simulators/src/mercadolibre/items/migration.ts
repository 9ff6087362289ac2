import type { World } from "../world.ts";
import { statusAfterStock } from "./item-status.ts";
import { type Item, offersOf, stockOf } from "./item.ts";
import { announceItem, recordShown } from "./stock-change.ts";
import { recordListed, replaceOffer, successorOf } from "./successor.ts";

const PENDING = "variations_migration_pending";
const SOURCE = "variations_migration_source";
const UPTIN = "variations_migration_uptin";

/** An item with variations on its way to one item for each (UPtin). */
export interface Migration {
  item: Item;
  newItems: { item: Item; variationId: number }[];
  startedAt: number;
  completedAt: number | null;
}

/** While it lasts nobody can change the item, old or new (documented: 404). */
export function isMigrating(item: Item): boolean {
  return item.tags.includes(PENDING);
}

/** Why an item cannot be migrated. */
export function refusalOfMigration(world: World, item: Item): string | undefined {
  if (item.variations.length === 0) return "the item has no variations";
  if (world.migrations.has(item.id)) return "the item was migrated before";
  return item.status === "closed" ? "the item is closed" : undefined;
}

/** Begins: an item for each variation, paused at first, while the old one goes on selling. */
export function startMigration(world: World, item: Item, durationMs?: number): Migration {
  const now = world.clock.now();
  const familyId = item.familyId ?? world.ids.next("family");
  item.tags = [...item.tags, PENDING, SOURCE];
  const newItems = item.variations.map((variation) => {
    const { sellerSku, sellerCustomField, inventoryId, userProductId } = variation;
    const next = successorOf(world, item, {
      title: `${item.title} ${variation.label}`,
      familyName: item.title,
      familyId,
      status: "paused",
      sellerSku,
      sellerCustomField,
      inventoryId,
      userProductId,
      initialQuantity: variation.stock.available,
      tags: [...item.tags.filter((tag) => tag !== SOURCE), UPTIN],
    });
    const offer = { item: next, variation: null };
    replaceOffer(world, { item, variation }, offer);
    const { shared } = stockOf(offer);
    if (shared !== null) shared.familyId = familyId;
    recordListed(world, next);
    announceItem(world, next);
    return { item: next, variationId: variation.id };
  });
  announceItem(world, item);
  const migration: Migration = { item, newItems, startedAt: now, completedAt: null };
  world.migrations.set(item.id, migration);
  const { min, max } = world.settings.migrationMs;
  const delayMs = durationMs ?? Math.round(min + world.random.uniform(`migration|${item.id}`) * (max - min));
  if (delayMs === 0) finishMigration(world, migration);
  else world.clock.schedule(delayMs, () => finishMigration(world, migration));
  return migration;
}

/** Ends: the new items wake up, the old one is closed; its orders keep its id. */
function finishMigration(world: World, migration: Migration): void {
  const { item, newItems } = migration;
  migration.completedAt = world.clock.now();
  for (const { item: next } of newItems) {
    next.tags = next.tags.filter((tag) => tag !== PENDING);
    Object.assign(next, { status: "active", subStatus: [] });
    Object.assign(next, statusAfterStock(next));
  }
  item.tags = item.tags.filter((tag) => tag !== PENDING);
  // Captured of such an item: null here, one for each variation.
  Object.assign(item, { status: "closed", subStatus: [], userProductId: null });
  for (const changed of [item, ...newItems.map((one) => one.item)]) {
    recordShown(world, offersOf(changed), { cause: changed === item ? "closed" : "listed" });
    announceItem(world, changed);
  }
}
