import type { AccountSetup, AccountsSetup, AppSetup, ListingSetup, VariationSetup } from "./account-setup.ts";
import { statusAfterStock } from "./items/item-status.ts";
import { availableOf, type Item, offersOf, stockOf, type Variation } from "./items/item.ts";
import { announceItem, recordShown } from "./items/stock-change.ts";
import type { App, Seller } from "./seller.ts";
import { appOf, type World } from "./world.ts";

const MAIN_APP = "main";

/** The fields that are given, so that a merge leaves the others alone. */
function given<Fields extends object>(
  fields: Fields,
): { [Name in keyof Fields]?: NonNullable<Fields[Name]> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as never;
}

function applyApp(world: World, { app: name, ...fields }: AppSetup): void {
  const known = world.apps.get(name);
  if (known !== undefined) {
    Object.assign(known, given(fields));
    return;
  }
  const id = world.ids.next("app");
  const app: App = {
    name,
    id,
    clientId: String(id),
    clientSecret: world.random.hex(`secret|${name}`, 32),
    callbackUrl: null,
    topics: ["orders_v2", "items"],
    redirectUris: ["http://127.0.0.1:4040/oauth/mercadolibre"],
    pkceRequired: true,
    maxRequestsPerHour: 18_000,
  };
  world.apps.set(name, Object.assign(app, given(fields)));
}

function applyVariation(world: World, item: Item, setup: VariationSetup): void {
  const known = item.variations.find(({ id }) => id === setup.variation);
  const variation = known ?? newVariation(world, item, setup);
  if (known === undefined) item.variations.push(variation);
  const { sellerSku, sellerCustomField, inventoryId, label } = setup;
  Object.assign(variation, given({ sellerSku, sellerCustomField, inventoryId, label }));
  if (setup.availableQuantity !== undefined) variation.stock.available = setup.availableQuantity;
}

function newVariation(world: World, item: Item, setup: VariationSetup): Variation {
  return {
    id: setup.variation ?? world.ids.next("variation"),
    stock: { available: 0, sold: 0, held: 0 },
    sellerSku: null,
    sellerCustomField: null,
    userProductId: `${item.siteId}U${world.ids.next("userProduct")}`,
    inventoryId: null,
    label: String(item.variations.length + 1),
  };
}

function newItem(world: World, seller: Seller, id: string): Item {
  const now = world.clock.now();
  return {
    id,
    account: seller.account,
    siteId: seller.siteId,
    title: `Product ${id}`,
    categoryId: `${seller.siteId}1055`,
    price: 100,
    condition: "new",
    listingType: "gold_special",
    status: "active",
    subStatus: [],
    stock: { available: 0, sold: 0, held: 0 },
    initialQuantity: 0,
    sellerSku: null,
    sellerCustomField: null,
    userProductId: `${seller.siteId}U${world.ids.next("userProduct")}`,
    inventoryId: null,
    catalogListing: false,
    logisticType: "cross_docking",
    tags: ["immediate_payment", "cart_eligible"],
    variations: [],
    createdAt: now,
    lastUpdatedAt: now,
  };
}

function ownListing(world: World, seller: Seller, id: string): Item | undefined {
  const item = world.items.get(id);
  if (item === undefined || item.account === seller.account) return item;
  throw new RangeError(`listing ${id} belongs to ${item.account}`);
}

function applyListing(world: World, seller: Seller, setup: ListingSetup): void {
  const { listing, availableQuantity, variations, ...fields } = setup;
  const id = listing ?? `${seller.siteId}${world.ids.next("item")}`;
  const known = ownListing(world, seller, id);
  const item = known ?? newItem(world, seller, id);
  world.items.set(id, item);
  Object.assign(item, given(fields));
  for (const variation of variations ?? []) applyVariation(world, item, variation);
  if (availableQuantity !== undefined && item.variations.length === 0)
    item.stock.available = availableQuantity;
  // A status that is given stands, whatever the stock; only what is not given follows from it.
  if (setup.status === undefined) Object.assign(item, statusAfterStock(item));
  if (known === undefined) item.initialQuantity = availableOf(item);
  recordShown(world, offersOf(item), { cause: known === undefined ? "listed" : "panel" });
  if (known !== undefined) announceItem(world, item);
}

function applyAccount(world: World, setup: AccountSetup): void {
  const { account, listings, ...fields } = setup;
  const known = world.sellers.get(account);
  const userId = known?.userId ?? fields.userId ?? world.ids.next("user");
  const taken = [...world.sellers.values()].find((seller) => seller.userId === userId);
  if (taken !== undefined && taken !== known)
    throw new RangeError(`userId ${userId} belongs to ${taken.account}`);
  const seller: Seller = known ?? {
    account,
    app: MAIN_APP,
    userId,
    nickname: account.toUpperCase(),
    siteId: "MLM",
    tags: ["normal"],
    registeredAt: world.clock.now(),
  };
  Object.assign(seller, given({ ...fields, userId }));
  world.sellers.set(account, seller);
  if (world.grants.of(account) === undefined) world.grants.issue(seller, appOf(world, seller));
  for (const listing of listings ?? []) applyListing(world, seller, listing);
}

/** Merges apps, accounts and listings into the world; throws a RangeError for names that collide or are not known. */
export function applySetup(world: World, { callbackUrl, topics, apps, accounts }: AccountsSetup): void {
  applyApp(world, { app: MAIN_APP, callbackUrl, topics });
  for (const app of apps ?? []) applyApp(world, app);
  for (const { app } of accounts ?? []) {
    if (app !== undefined && !world.apps.has(app)) throw new RangeError(`no app ${app}`);
  }
  for (const account of accounts ?? []) applyAccount(world, account);
}

/** An app with everything a client of it needs. */
export type AppCredentials = ReturnType<typeof describeApp>;

function describeApp({
  name,
  id,
  clientId,
  clientSecret,
  callbackUrl,
  topics,
  redirectUris,
  pkceRequired,
}: App) {
  return { app: name, id, clientId, clientSecret, callbackUrl, topics, redirectUris, pkceRequired };
}

/** A seller with the tokens that are valid now and everything they sell. */
export type AccountCredentials = ReturnType<typeof describeAccount>;

function describeAccount(world: World, seller: Seller) {
  const app = appOf(world, seller);
  const grant = world.grants.of(seller.account);
  if (grant === undefined) throw new Error(`${seller.account} has never authorised ${app.name}`);
  const items = [...world.items.values()].filter(({ account }) => account === seller.account);
  return {
    account: seller.account,
    userId: seller.userId,
    nickname: seller.nickname,
    siteId: seller.siteId,
    app: app.name,
    clientId: app.clientId,
    clientSecret: app.clientSecret,
    accessToken: grant.accessToken,
    accessTokenExpiresAt: new Date(grant.accessExpiresAt).toISOString(),
    refreshToken: grant.refreshToken,
    listings: items.flatMap(offersOf).map((offer) => ({
      listing: offer.item.id,
      variation: offer.variation?.id ?? null,
      sellerSku: offer.variation?.sellerSku ?? offer.item.sellerSku,
      availableQuantity: stockOf(offer).available,
      status: offer.item.status,
    })),
  };
}

/** All apps and sellers, as `GET /_sim/accounts` answers. */
export function describeAccounts(world: World): { apps: AppCredentials[]; accounts: AccountCredentials[] } {
  return {
    apps: [...world.apps.values()].map(describeApp),
    accounts: [...world.sellers.values()].map((seller) => describeAccount(world, seller)),
  };
}
