import { type Listing, MERCHANT_CHANNEL, sellingChannelOf, statusOf } from "./listings/listing.ts";
import type { App, Seller } from "./seller.ts";
import { appOf, type World } from "./world.ts";

/** An app with everything a client of it needs. */
export type AppCredentials = ReturnType<typeof describeApp>;

function describeApp({ name, applicationId, clientId, clientSecret, callbackUrl }: App) {
  return { app: name, applicationId, clientId, clientSecret, callbackUrl };
}

/** A seller with an access token that is good now and everything they sell. */
export type AccountCredentials = ReturnType<typeof describeAccount>;

function describeListing(listing: Listing) {
  const channelCode = sellingChannelOf(listing);
  return {
    listing: listing.name,
    variation: null,
    sellerSku: listing.sku,
    marketplaceId: listing.marketplaceId,
    asin: listing.asin,
    fulfilledBy: channelCode === MERCHANT_CHANNEL ? "MERCHANT" : "AMAZON",
    availableQuantity: listing.channels.get(channelCode) ?? 0,
    status: statusOf(listing),
  };
}

function describeAccount(world: World, seller: Seller) {
  const app = appOf(world, seller);
  const grant = world.grants.authorize(seller, app);
  return {
    account: seller.account,
    sellerId: seller.sellerId,
    storeName: seller.storeName,
    marketplaceIds: seller.marketplaceIds,
    app: app.name,
    clientId: app.clientId,
    clientSecret: app.clientSecret,
    accessToken: grant.accessToken,
    accessTokenExpiresAt: new Date(grant.expiresAt).toISOString(),
    refreshToken: grant.refreshToken,
    listings: world.listings.of(seller.account).map(describeListing),
  };
}

/** All apps and sellers, as `GET /_sim/accounts` answers. */
export function describeAccounts(world: World): { apps: AppCredentials[]; accounts: AccountCredentials[] } {
  return {
    apps: [...world.apps.values()].map(describeApp),
    accounts: [...world.sellers.values()].map((seller) => describeAccount(world, seller)),
  };
}
