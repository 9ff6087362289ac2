import type { AccountSetup, AccountsSetup, AppSetup, ListingSetup } from "./account-setup.ts";
import { type FbaStock, type Listing, MERCHANT_CHANNEL } from "./listings/listing.ts";
import { setLive, setSuppressed, tellFbaStock } from "./listings/stock-change.ts";
import { marketplaceOf } from "./marketplaces.ts";
import type { App, Seller } from "./seller.ts";
import { appOf, type World } from "./world.ts";

const MAIN_APP = "main";
const US = "ATVPDKIKX0DER";

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
  const app: App = {
    name,
    applicationId: world.ids.next("application"),
    clientId: `amzn1.application-oa2-client.${world.random.hex(`client|${name}`, 32)}`,
    clientSecret: `amzn1.oa2-cs.v1.${world.random.hex(`secret|${name}`, 64)}`,
    callbackUrl: null,
  };
  world.apps.set(name, Object.assign(app, given(fields)));
}

function newFbaStock(world: World): FbaStock {
  return {
    fnSku: world.ids.next("fnSku"),
    inbound: { working: 0, shipped: 0, receiving: 0 },
    reserved: { pendingCustomerOrder: 0, pendingTransshipment: 0, fcProcessing: 0 },
    unfulfillable: 0,
    researching: 0,
    lastUpdatedAt: world.clock.now(),
  };
}

function newListing(world: World, seller: Seller, sku: string, marketplaceId: string): Listing {
  const now = world.clock.now();
  const first = seller.marketplaceIds[0] === marketplaceId;
  return {
    account: seller.account,
    sku,
    marketplaceId,
    name: first ? sku : `${sku}@${marketplaceId}`,
    asin: world.ids.next("asin"),
    productType: "ORTHOPEDIC_BRACE",
    title: `Product ${sku}`,
    price: 10,
    suppressed: false,
    attributes: {},
    channels: new Map(),
    fba: null,
    createdAt: now,
    lastUpdatedAt: now,
  };
}

/** Stock and lead time as if the seller had written them; what is not given stays. */
function storeAvailability(listing: Listing, { availableQuantity, leadTimeDays }: ListingSetup): void {
  const entries = listing.attributes.fulfillment_availability ?? [];
  const known = entries.find((entry) => entry.fulfillment_channel_code === MERCHANT_CHANNEL);
  const merchant = {
    fulfillment_channel_code: MERCHANT_CHANNEL,
    ...known,
    ...given({ quantity: availableQuantity, lead_time_to_ship_max_days: leadTimeDays }),
  };
  listing.attributes.fulfillment_availability = [...entries.filter((entry) => entry !== known), merchant];
}

function storePrice(listing: Listing): void {
  const { id, currencyCode } = marketplaceOf(listing.marketplaceId);
  const our_price = [{ schedule: [{ value_with_tax: listing.price }] }];
  listing.attributes.purchasable_offer = [
    { marketplace_id: id, currency: currencyCode, audience: "ALL", our_price },
  ];
}

function applyFba(world: World, listing: Listing, setup: NonNullable<ListingSetup["fba"]>): void {
  const fba = listing.fba ?? newFbaStock(world);
  listing.fba = fba;
  const { inboundWorking, inboundShipped, inboundReceiving } = setup;
  Object.assign(
    fba.inbound,
    given({ working: inboundWorking, shipped: inboundShipped, receiving: inboundReceiving }),
  );
  const { pendingTransshipment, fcProcessing, unfulfillable, researching } = setup;
  Object.assign(fba.reserved, given({ pendingTransshipment, fcProcessing }));
  Object.assign(fba, given({ unfulfillable, researching }));
  tellFbaStock(world, listing);
}

function applyStock(world: World, listing: Listing, setup: ListingSetup, isNew: boolean): void {
  const fbaChannel = marketplaceOf(listing.marketplaceId).fbaChannelCode;
  const wasFba = listing.channels.has(fbaChannel);
  const byAmazon = setup.fulfilledBy === undefined ? wasFba : setup.fulfilledBy === "AMAZON";
  const channelCode = byAmazon ? fbaChannel : MERCHANT_CHANNEL;
  if (byAmazon) applyFba(world, listing, setup.fba ?? {});
  else storeAvailability(listing, setup);
  const quantity = setup.availableQuantity ?? (listing.channels.has(channelCode) ? undefined : 0);
  if (quantity === undefined) return;
  setLive(world, { listing, channelCode }, quantity, { cause: isNew ? "listed" : "panel" });
}

function applyListing(world: World, seller: Seller, setup: ListingSetup): void {
  const { listing: sku, marketplaceId = seller.marketplaceIds[0] ?? US } = setup;
  if (!seller.marketplaceIds.includes(marketplaceId)) {
    throw new RangeError(`${seller.account} does not sell in ${marketplaceId}`);
  }
  const known = world.listings.find(seller.account, marketplaceId, sku);
  const listing = known ?? newListing(world, seller, sku, marketplaceId);
  if (known === undefined) world.listings.add(listing);
  const { title, asin, productType, price } = setup;
  Object.assign(listing, given({ title, asin, productType, price }));
  if (known === undefined || price !== undefined) storePrice(listing);
  applyStock(world, listing, setup, known === undefined);
  if (setup.suppressed !== undefined && setup.suppressed !== listing.suppressed) {
    setSuppressed(world, listing, setup.suppressed, { cause: "panel" });
  }
}

/** The seller with what the setup says of it; a RangeError for what cannot be. */
function sellerWith(world: World, known: Seller | undefined, fields: AccountSetup): Seller {
  const { account } = fields;
  const sellerId = fields.sellerId ?? known?.sellerId ?? world.ids.next("seller");
  const taken = [...world.sellers.values()].find((seller) => seller.sellerId === sellerId);
  if (taken !== undefined && taken !== known) {
    throw new RangeError(`sellerId ${sellerId} belongs to ${taken.account}`);
  }
  const seller: Seller = known ?? {
    account,
    app: MAIN_APP,
    sellerId,
    storeName: `${account} store`,
    marketplaceIds: [US],
  };
  const { app, storeName, marketplaceIds } = fields;
  if (known !== undefined && marketplaceIds !== undefined && marketplaceIds[0] !== known.marketplaceIds[0]) {
    // Names of listings hang on it.
    throw new RangeError(`the first store of ${account} cannot change`);
  }
  return Object.assign(seller, given({ app, storeName, marketplaceIds, sellerId }));
}

function applyAccount(world: World, setup: AccountSetup): void {
  const { account, listings, subscriptions } = setup;
  const known = world.sellers.get(account);
  const seller = sellerWith(world, known, setup);
  world.sellers.set(account, seller);
  world.grants.authorize(seller, appOf(world, seller));
  world.news.subscribe(seller, subscriptions ?? (known === undefined ? ["ORDER_CHANGE"] : []));
  for (const listing of listings ?? []) applyListing(world, seller, listing);
}

/** Merges apps, accounts and listings into the world; throws a RangeError for names that collide or are not known. */
export function applySetup(world: World, { callbackUrl, apps, accounts }: AccountsSetup): void {
  applyApp(world, { app: MAIN_APP, callbackUrl });
  for (const app of apps ?? []) applyApp(world, app);
  for (const { app } of accounts ?? []) {
    if (app !== undefined && !world.apps.has(app)) throw new RangeError(`no app ${app}`);
  }
  for (const account of accounts ?? []) applyAccount(world, account);
}
