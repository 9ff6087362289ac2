import type { KeyedRandom } from "../keyed-random.ts";
import type { SimulatorClock } from "../simulator-clock.ts";
import type { Warehouse } from "../warehouse/warehouse.ts";
import type { Grants } from "./auth/grants.ts";
import type { ShipHeroFaults } from "./faults.ts";
import type { Credits } from "./graphql/credits.ts";
import type { Identifiers } from "./identifiers.ts";
import type { PurchaseOrderBook } from "./inbound/purchase-order-book.ts";
import type { Catalogue } from "./inventory/catalogue.ts";
import type { ChangeLog } from "./inventory/change-log.ts";
import type { LevelBook } from "./inventory/level-book.ts";
import type { WarehouseNews } from "./news/warehouse-news.ts";
import type { OrderBook } from "./orders/order-book.ts";
import type { OwnAccount } from "./own-account.ts";
import type { ReturnBook } from "./returns/return-book.ts";
import type { Settings } from "./settings.ts";
import type { SnapshotRunner } from "./snapshots/snapshot-job.ts";
import type { WebhookDeliverer } from "./webhooks/deliverer.ts";

/** Everything one running vendor holds. All in memory, all bounded. */
export interface World {
  clock: SimulatorClock;
  random: KeyedRandom;
  faults: ShipHeroFaults;
  /** Replaced while it runs: read it through the world each time. */
  settings: Settings;
  ids: Identifiers;
  account: OwnAccount;
  grants: Grants;
  credits: Credits;
  /** The buildings themselves. */
  warehouse: Warehouse;
  catalogue: Catalogue;
  levels: LevelBook;
  changes: ChangeLog;
  orders: OrderBook;
  purchaseOrders: PurchaseOrderBook;
  returns: ReturnBook;
  webhooks: WebhookDeliverer;
  snapshots: SnapshotRunner;
  news: WarehouseNews;
}
