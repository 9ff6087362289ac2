/** All 18 that can be registered. This simulator has something to tell of the first eight. */
export const webhookTypes = [
  "Inventory Update",
  "Inventory Change",
  "Order Allocated",
  "Order Deallocated",
  "Order Canceled",
  "Shipment Update",
  "PO Update",
  "Return Update",
  "Order Packed Out",
  "Tote Complete",
  "Tote Cleared",
  "Package Added",
  "Capture Payment",
  "Generate Label",
  "Print Barcode",
  "Automation Rules",
  "Shipment ASN",
  "Work Order Status Update",
] as const;

export type WebhookType = (typeof webhookTypes)[number];

export function isWebhookType(name: string): name is WebhookType {
  return (webhookTypes as readonly string[]).includes(name);
}
