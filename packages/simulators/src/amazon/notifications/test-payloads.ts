/** What `sendTestNotification` delivers: made-up content in the shape of the type. */
export const testPayloads: Record<string, Record<string, unknown>> = {
  ORDER_CHANGE: {
    OrderChangeNotification: {
      NotificationLevel: "OrderLevel",
      SellerId: "AXXXXXXXXXXXXX",
      AmazonOrderId: "000-0000000-0000000",
      OrderChangeType: "OrderStatusChange",
      OrderChangeTrigger: { TimeOfOrderChange: null, ChangeReason: "Test notification" },
      Summary: {
        MarketplaceId: "ATVPDKIKX0DER",
        OrderStatus: "Unshipped",
        PurchaseDate: null,
        DestinationPostalCode: null,
        FulfillmentType: "MFN",
        OrderType: "StandardOrder",
        OrderItems: [{ OrderItemId: "0", SellerSKU: "TEST-SKU", SupplySourceId: null, Quantity: 1 }],
      },
    },
  },
  LISTINGS_ITEM_MFN_QUANTITY_CHANGE: {
    SellerId: "AXXXXXXXXXXXXX",
    FulfillmentChannelCode: "DEFAULT",
    Sku: "TEST-SKU",
    Quantity: 1,
  },
  LISTINGS_ITEM_STATUS_CHANGE: { SellerId: "AXXXXXXXXXXXXX", Sku: "TEST-SKU", Status: ["DISCOVERABLE"] },
  FBA_INVENTORY_AVAILABILITY_CHANGES: {
    SellerId: "AXXXXXXXXXXXXX",
    FNSKU: "X000000000",
    ASIN: "B000000000",
    SKU: "TEST-SKU",
    FulfillmentInventoryByMarketplace: [],
  },
};
