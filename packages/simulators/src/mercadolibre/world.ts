import type { KeyedRandom } from "../keyed-random.ts";
import type { SimulatorClock } from "../simulator-clock.ts";
import type { Truth } from "../truth/truth.ts";
import type { MercadolibreFaults } from "./faults.ts";
import type { Inventory } from "./fulfillment/inventory.ts";
import type { Identifiers } from "./identifiers.ts";
import type { Item } from "./items/item.ts";
import type { Migration } from "./items/migration.ts";
import type { Outbox } from "./notifications/outbox.ts";
import type { AuthorizationCodes } from "./oauth/authorization-codes.ts";
import type { Grants } from "./oauth/grants.ts";
import type { Claim } from "./orders/claim.ts";
import type { Order } from "./orders/order.ts";
import type { Pack } from "./orders/pack.ts";
import type { Shipment } from "./orders/shipment.ts";
import type { App, Seller } from "./seller.ts";
import type { Settings } from "./settings.ts";
import type { UserProduct } from "./user-products/user-product.ts";

/** Everything one running marketplace holds. All in memory, all bounded. */
export interface World {
  clock: SimulatorClock;
  random: KeyedRandom;
  truth: Truth;
  faults: MercadolibreFaults;
  settings: Settings;
  ids: Identifiers;
  grants: Grants;
  codes: AuthorizationCodes;
  outbox: Outbox;
  /** By name. */
  apps: Map<string, App>;
  /** By account name. */
  sellers: Map<string, Seller>;
  items: Map<string, Item>;
  /** By the id of the old item. */
  migrations: Map<string, Migration>;
  userProducts: Map<string, UserProduct>;
  inventories: Map<string, Inventory>;
  orders: Map<number, Order>;
  packs: Map<number, Pack>;
  shipments: Map<number, Shipment>;
  claims: Map<number, Claim>;
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
