import type { Listing } from "../listings/listing.ts";
import { marketplaceOf } from "../marketplaces.ts";
import type { FbaStockChange, ListingStatusChange, QuantityChange } from "../order-news.ts";

/** The payload of LISTINGS_ITEM_MFN_QUANTITY_CHANGE 1.0: no store, no cause. */
export function quantityPayload(change: QuantityChange): Record<string, unknown> {
  return {
    SellerId: change.seller.sellerId,
    FulfillmentChannelCode: change.channelCode,
    Sku: change.listing.sku,
    Quantity: change.quantity,
  };
}

/** The payload of LISTINGS_ITEM_STATUS_CHANGE 1.0. */
export function statusPayload({ seller, listing, status }: ListingStatusChange): Record<string, unknown> {
  return {
    SellerId: seller.sellerId,
    MarketplaceId: listing.marketplaceId,
    Asin: listing.asin,
    Sku: listing.sku,
    CreatedDate: new Date(listing.createdAt).toISOString(),
    Status: status,
  };
}

function fbaInventory(listing: Listing): Record<string, unknown>[] {
  const { fba } = listing;
  if (fba === null) return [];
  const { inbound, reserved } = fba;
  const FulfillmentInventory = {
    InboundQuantityBreakdown: {
      Working: inbound.working,
      Shipped: inbound.shipped,
      Receiving: inbound.receiving,
    },
    Fulfillable: listing.channels.get(marketplaceOf(listing.marketplaceId).fbaChannelCode) ?? 0,
    Unfulfillable: fba.unfulfillable,
    Researching: fba.researching,
    ReservedQuantityBreakdown: {
      WarehouseProcessing: reserved.fcProcessing,
      WarehouseTransfer: reserved.pendingTransshipment,
      PendingCustomerOrder: reserved.pendingCustomerOrder,
    },
    FutureSupplyBuyable: 0,
    PendingCustomerOrderInTransit: 0,
  };
  return [
    { MarketplaceId: listing.marketplaceId, ItemName: listing.title, FulfillmentInventory, Stores: [] },
  ];
}

/** The payload of FBA_INVENTORY_AVAILABILITY_CHANGES 1.0: a snapshot of the SKU in every store that has it. */
export function fbaPayload(
  { seller, listing }: FbaStockChange,
  sameSku: readonly Listing[],
): Record<string, unknown> {
  return {
    SellerId: seller.sellerId,
    FNSKU: listing.fba?.fnSku ?? "",
    ASIN: listing.asin,
    SKU: listing.sku,
    FulfillmentInventoryByMarketplace: sameSku.flatMap(fbaInventory),
  };
}
