import { uuidOf } from "../identifiers.ts";
import { spacedVendorTime } from "../vendor-time.ts";
import type { World } from "../world.ts";
import type { PurchaseOrderView } from "./purchase-order-book.ts";

/** "PO Update": the purchase order as it stands, cumulative. */
export function poUpdateBody(
  { account, catalogue }: Pick<World, "account" | "catalogue">,
  view: PurchaseOrderView,
): object {
  const { purchaseOrder } = view;
  const site = catalogue.siteOf(purchaseOrder.facility);
  return {
    test: "0",
    webhook_type: "PO Update",
    account_id: account.legacyId,
    account_uuid: account.uuid,
    purchase_order: {
      id: purchaseOrder.legacyId,
      po_number: purchaseOrder.poNumber,
      po_id: purchaseOrder.legacyId,
      po_uuid: uuidOf("PurchaseOrder", purchaseOrder.legacyId),
      status: view.status,
      warehouse_id: site.legacyId,
      warehouse_uuid: site.uuid,
      created_at: spacedVendorTime(purchaseOrder.createdAt),
      line_items: view.lines.map(({ line, received, rejected }) => ({
        id: line.partnerLineItemId ?? String(line.legacyId),
        quantity: line.quantity,
        quantity_received: received,
        quantity_rejected: rejected,
        sku: line.sku,
        vendor_id: null,
        vendor_uuid: null,
        vendor_account_number: null,
        vendor_sku: "",
      })),
    },
  };
}
