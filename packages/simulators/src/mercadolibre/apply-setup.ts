import type { AccountSetup, AccountsSetup, AppSetup, StoreSetup } from "./account-setup.ts";
import { applyListing, applyUserProduct } from "./apply-listing.ts";
import { given } from "./given.ts";
import { offersOf, stockOf } from "./items/item.ts";
import { type App, permissions, type Seller, siteOf, type Store } from "./seller.ts";
import { arrangePlaces } from "./user-products/locations.ts";
import { appOf, type World } from "./world.ts";

const MAIN_APP = "main";

function applyApp(world: World, { app: name, ...fields }: AppSetup): void {
  const known = world.apps.get(name);
  if (known !== undefined) {
    Object.assign(known, given(fields));
    // Subscribing again, by hand in the panel, is what ends it.
    known.disabledTopics = known.disabledTopics.filter((topic) => !(fields.topics ?? []).includes(topic));
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
    disabledTopics: [],
    redirectUris: ["http://127.0.0.1:4040/oauth/mercadolibre"],
    pkceRequired: true,
    maxRequestsPerHour: 18_000,
    oldSecret: null,
    blocked: false,
    permissions: [...permissions],
  };
  world.apps.set(name, Object.assign(app, given(fields)));
}

function storeFrom(world: World, seller: Seller, setup: StoreSetup): Store {
  const number = world.random.between(`node|${setup.store}`, 100_000, 999_999);
  return {
    id: setup.store,
    nodeId: setup.networkNodeId ?? `${siteOf(seller.siteId).country}P${number}`,
    description: setup.description ?? `Store ${setup.store}`,
    isStockLocation: setup.stockLocation ?? true,
    logistics: setup.logistics ?? ["cross_docking", "xd_drop_off"],
  };
}

/** Depots and where stock lies follow from each other: who manages depots has at least one. */
function applyStores(world: World, seller: Seller, setups: readonly StoreSetup[]): void {
  for (const setup of setups) {
    const others = seller.stores.filter(({ id }) => id !== setup.store);
    seller.stores = [...others, storeFrom(world, seller, setup)];
  }
  if (seller.tags.includes("warehouse_management") && !seller.stores.some((store) => store.isStockLocation)) {
    seller.stores.push(storeFrom(world, seller, { store: String(world.ids.next("store")) }));
  }
  for (const product of world.userProducts.values()) {
    if (product.account === seller.account) arrangePlaces(seller, product);
  }
}

/** The seller of that name, made if there is none. */
function sellerFor(
  world: World,
  { account, userId: asked }: Pick<AccountSetup, "account" | "userId">,
): Seller {
  const known = world.sellers.get(account);
  const userId = known?.userId ?? asked ?? world.ids.next("user");
  const taken = [...world.sellers.values()].find((seller) => seller.userId === userId);
  if (taken !== undefined && taken !== known)
    throw new RangeError(`userId ${userId} belongs to ${taken.account}`);
  if (known !== undefined) return known;
  return {
    account,
    app: MAIN_APP,
    userId,
    nickname: account.toUpperCase(),
    siteId: "MLM",
    tags: ["normal"],
    stores: [],
    active: true,
    registeredAt: world.clock.now(),
  };
}

function applyAccount(world: World, setup: AccountSetup): void {
  const { account, listings = [], stores, userProducts = [], userId: _userId, ...fields } = setup;
  const seller = sellerFor(world, setup);
  Object.assign(seller, given(fields));
  world.sellers.set(account, seller);
  if (world.grants.of(account) === undefined) world.grants.issue(seller, appOf(world, seller));
  if (stores !== undefined || fields.tags !== undefined) applyStores(world, seller, stores ?? []);
  for (const listing of listings) applyListing(world, seller, listing);
  for (const userProduct of userProducts) applyUserProduct(world, seller, userProduct);
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
  disabledTopics,
  redirectUris,
  pkceRequired,
}: App) {
  return {
    app: name,
    id,
    clientId,
    clientSecret,
    callbackUrl,
    topics,
    disabledTopics,
    redirectUris,
    pkceRequired,
  };
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
    authorised: !grant.revoked,
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
