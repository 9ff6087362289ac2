import type { KeyedRandom } from "../keyed-random.ts";
import type { SimulatorClock } from "../simulator-clock.ts";
import type { QueueService } from "../sqs/queue-service.ts";
import type { Truth } from "../truth/truth.ts";
import type { Grants } from "./auth/grants.ts";
import type { AmazonFaults } from "./faults.ts";
import type { Identifiers } from "./identifiers.ts";
import type { ListingStore } from "./listings/listing-store.ts";
import type { Notifier } from "./notifications/notifier.ts";
import type { OrderBook } from "./orders/order-book.ts";
import type { App, Seller } from "./seller.ts";
import type { Settings } from "./settings.ts";

/** Everything one running marketplace holds. All in memory, all bounded. */
export interface World {
  clock: SimulatorClock;
  random: KeyedRandom;
  truth: Truth;
  faults: AmazonFaults;
  /** Replaced while it runs: read it through the world each time. */
  settings: Settings;
  ids: Identifiers;
  grants: Grants;
  /** Told of everything that happens to orders and listings, and tells who subscribed to it. */
  news: Notifier;
  /** Of the AWS account of whoever integrates. */
  queues: QueueService;
  /** By name. */
  apps: Map<string, App>;
  /** By account name. */
  sellers: Map<string, Seller>;
  listings: ListingStore;
  orders: OrderBook;
}

/** The app that a seller has authorised. */
export function appOf(world: World, seller: Seller): App {
  const app = world.apps.get(seller.app);
  if (app === undefined)
    throw new Error(`${seller.account} names the app ${seller.app}, which does not exist`);
  return app;
}

/** The seller behind an account name that the world itself wrote down. */
export function sellerOf(world: World, account: string): Seller {
  const seller = world.sellers.get(account);
  if (seller === undefined) throw new Error(`no seller ${account}`);
  return seller;
}
