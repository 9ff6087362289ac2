import { connect } from "../graphql/connection.ts";
import { uuidOf } from "../identifiers.ts";
import type { Level } from "../inventory/level-book.ts";
import { siteNode } from "../inventory/site-node.ts";
import { vendorTime } from "../vendor-time.ts";
import type { World } from "../world.ts";
import type { PurchaseOrderView } from "./purchase-order-book.ts";

function optionalTime(at: number | null): string | null {
  return at === null ? null : vendorTime(at);
}

function lineStatus(view: PurchaseOrderView, received: number, quantity: number): string {
  return view.status === "pending" && received >= quantity ? "closed" : view.status;
}

export function purchaseOrderNode(world: World, view: PurchaseOrderView) {
  const { account, catalogue } = world;
  const { purchaseOrder } = view;
  const site = catalogue.siteOf(purchaseOrder.facility);
  const id = uuidOf("PurchaseOrder", purchaseOrder.legacyId);
  return {
    id,
    legacy_id: purchaseOrder.legacyId,
    account_id: account.uuid,
    warehouse_id: site.uuid,
    po_number: purchaseOrder.poNumber,
    partner_order_number: purchaseOrder.partnerOrderNumber,
    po_date: optionalTime(view.poDate),
    po_note: purchaseOrder.poNote,
    fulfillment_status: view.status,
    created_at: vendorTime(purchaseOrder.createdAt),
    arrived_at: optionalTime(view.arrivedAt),
    date_closed: optionalTime(view.closedAt),
    subtotal: purchaseOrder.subtotal,
    shipping_price: purchaseOrder.shippingPrice,
    total_price: purchaseOrder.totalPrice,
    warehouse: siteNode(world, site),
    line_items: connect(view.lines, ({ line, received, rejected, sellAhead }) => ({
      id: uuidOf("PurchaseOrderLineItem", line.legacyId),
      legacy_id: line.legacyId,
      account_id: account.uuid,
      po_id: id,
      po_number: purchaseOrder.poNumber,
      warehouse_id: site.uuid,
      sku: line.sku,
      product_name: catalogue.nameProduct(line.sku).name,
      price: line.price,
      quantity: line.quantity,
      quantity_received: received,
      quantity_rejected: rejected,
      sell_ahead: sellAhead,
      fulfillment_status: lineStatus(view, received, line.quantity),
      partner_line_item_id: line.partnerLineItemId,
      created_at: vendorTime(purchaseOrder.createdAt),
      updated_at: vendorTime(view.updatedAt),
    })),
  };
}

/** What is to come of one SKU to one building. */
export function inboundNodes({ catalogue, purchaseOrders }: World, { facility, sku }: Level) {
  return purchaseOrders
    .readAll()
    .filter(({ purchaseOrder }) => purchaseOrder.facility === facility)
    .flatMap((view) => view.lines.filter(({ line }) => line.sku === sku).map((found) => ({ view, found })))
    .map(({ view, found: { line, received, rejected, sellAhead } }) => ({
      id: uuidOf("PurchaseOrderLineItem", line.legacyId),
      legacy_id: line.legacyId,
      po_id: uuidOf("PurchaseOrder", view.purchaseOrder.legacyId),
      po_date: optionalTime(view.poDate),
      purchase_order_line_item_id: uuidOf("PurchaseOrderLineItem", line.legacyId),
      warehouse_id: catalogue.siteOf(facility).uuid,
      sku,
      quantity: line.quantity,
      quantity_received: received,
      quantity_rejected: rejected,
      sell_ahead: sellAhead,
      status: lineStatus(view, received, line.quantity),
    }));
}
