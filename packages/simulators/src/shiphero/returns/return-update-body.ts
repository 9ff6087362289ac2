import { uuidOf } from "../identifiers.ts";
import { spacedVendorTime } from "../vendor-time.ts";
import type { World } from "../world.ts";
import type { ReturnView } from "./return-book.ts";

/** "Return Update": the return as it stands, told again at every change. */
export function returnUpdateBody(
  { account, catalogue }: Pick<World, "account" | "catalogue">,
  view: ReturnView,
): object {
  const { goods } = view;
  const { order } = goods;
  const site = catalogue.siteOf(goods.facility);
  const orderLine = (sku: string) => order?.lines.find((line) => line.sku === sku);
  return {
    test: "0",
    webhook_type: "Return Update",
    account_id: account.legacyId,
    account_uuid: account.uuid,
    return_id: goods.legacyId,
    return_uuid: uuidOf("Return", goods.legacyId),
    status: view.status,
    reason: "",
    items: view.lines.map(({ line, quantity, received, restocked }) => ({
      id: line.legacyId,
      uuid: uuidOf("ReturnItem", line.legacyId),
      quantity,
      quantity_received: received,
      sku: line.sku,
      item_reason: "",
      restock: restocked,
      partner_line_item_id: orderLine(line.sku)?.partnerLineItemId ?? null,
      warehouse_id: site.legacyId,
    })),
    order_id: order?.legacyId ?? null,
    order_uuid: order === null ? null : uuidOf("Order", order.legacyId),
    partner_order_id: order?.partnerOrderId ?? null,
    order_number: order?.orderNumber ?? null,
    shop_name: order?.shopName ?? null,
    created_at: spacedVendorTime(goods.createdAt),
    label_type: "Self Return",
    label_cost: "0.00",
    picked_up: false,
    tracking_number: null,
    date_used: null,
  };
}
