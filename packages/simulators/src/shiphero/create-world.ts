import type { KeyedRandom } from "../keyed-random.ts";
import type { SimulatorClock } from "../simulator-clock.ts";
import type { Warehouse } from "../warehouse/warehouse.ts";
import { createGrants } from "./auth/grants.ts";
import { createShipHeroFaults, type FaultSetup } from "./faults.ts";
import { createCredits } from "./graphql/credits.ts";
import { createIdentifiers, type Identifiers, uuidOf } from "./identifiers.ts";
import { PurchaseOrderBook } from "./inbound/purchase-order-book.ts";
import { Catalogue } from "./inventory/catalogue.ts";
import { ChangeLog } from "./inventory/change-log.ts";
import { LevelBook } from "./inventory/level-book.ts";
import { WarehouseNews } from "./news/warehouse-news.ts";
import { OrderBook } from "./orders/order-book.ts";
import type { OwnAccount } from "./own-account.ts";
import { ReturnBook } from "./returns/return-book.ts";
import { defaultSettings, mergeSettings, type SettingsChange } from "./settings.ts";
import { SnapshotRunner } from "./snapshots/snapshot-job.ts";
import { WebhookDeliverer } from "./webhooks/deliverer.ts";
import type { World } from "./world.ts";

interface WorldParts {
  clock: SimulatorClock;
  random: KeyedRandom;
  warehouse: Warehouse;
  faults: FaultSetup | undefined;
  settings: SettingsChange | undefined;
  /** Where snapshots are fetched. */
  baseUrl: () => string;
}

function newAccount(ids: Identifiers, email: string): OwnAccount {
  const legacyId = ids.next("Account");
  const userLegacyId = ids.next("User");
  const [uuid, userUuid] = [uuidOf("Account", legacyId), uuidOf("User", userLegacyId)];
  return { legacyId, uuid, userLegacyId, userUuid, email };
}

/** Everything that one vendor needs to run, wired up and listening to its warehouse. */
export function createWorld({ clock, random, warehouse, baseUrl, ...given }: WorldParts): World {
  const { now } = clock;
  const ids = createIdentifiers(random);
  const faults = createShipHeroFaults(random, given.faults);
  const held = { settings: mergeSettings(defaultSettings(), given.settings ?? {}) };
  // Settings are replaced while it runs: whoever needs one reads it through the world.
  const settings = () => held.settings;
  const grants = createGrants({ random, now, accessTtlMs: () => settings().accessTokenTtlMs });
  const account = newAccount(ids, grants.username);
  const catalogue = new Catalogue({ now, random, ids });
  const books = { now, random, faults, ids, warehouse };
  const purchaseOrders = new PurchaseOrderBook(books);
  const sellAheadOf = (facility: string, sku: string) => purchaseOrders.sellAheadOf(facility, sku);
  const levels = new LevelBook({ ...books, sellAheadOf });
  const webhooks = new WebhookDeliverer({ clock, random, ids, faults, settings });
  const post = (url: string, body: object) => webhooks.post(url, body);
  const walked = { clock, random, ids, faults, settings, catalogue, levels, account, baseUrl, post };
  const world = Object.assign(held, {
    clock,
    random,
    faults,
    ids,
    account,
    grants,
    warehouse,
    catalogue,
    levels,
    purchaseOrders,
    webhooks,
    credits: createCredits(now, settings),
    changes: new ChangeLog(catalogue, ids),
    orders: new OrderBook(books),
    returns: new ReturnBook(books),
    snapshots: new SnapshotRunner(walked),
  });
  const news = new WarehouseNews(world);
  news.start();
  return Object.assign(world, { news });
}
