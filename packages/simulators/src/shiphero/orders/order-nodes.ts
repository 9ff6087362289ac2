import { connect } from "../graphql/connection.ts";
import { uuidOf } from "../identifiers.ts";
import { siteNode } from "../inventory/site-node.ts";
import { vendorTime } from "../vendor-time.ts";
import type { World } from "../world.ts";
import type { OrderView, Shipment } from "./order.ts";

type LineView = OrderView["lines"][0];

function statusOfLine({ line, shipped, cancelled }: LineView): string {
  if (line.quantity > shipped + cancelled) return "pending";
  return shipped > 0 ? "fulfilled" : "canceled";
}

function optionalTime(at: number | null): string | null {
  return at === null ? null : vendorTime(at);
}

export function lineItemNode({ catalogue }: World, view: OrderView, lineView: LineView) {
  const { line, shipped, allocated, cancelled, waiting } = lineView;
  return {
    id: uuidOf("LineItem", line.legacyId),
    legacy_id: line.legacyId,
    order_id: uuidOf("Order", view.order.legacyId),
    sku: line.sku,
    partner_line_item_id: line.partnerLineItemId,
    product_name: line.productName,
    price: line.price,
    fulfillment_status: statusOfLine(lineView),
    quantity: line.quantity,
    quantity_pending_fulfillment: line.quantity - shipped - cancelled,
    quantity_shipped: shipped,
    quantity_allocated: allocated,
    backorder_quantity: waiting,
    warehouse_id: catalogue.siteOf(line.facility).uuid,
    locked_to_warehouse_id: line.lockedTo === null ? null : catalogue.siteOf(line.lockedTo).uuid,
    created_at: vendorTime(line.createdAt),
    updated_at: vendorTime(view.updatedAt),
  };
}

function allocationNodes({ catalogue }: World, { order, allocations, lines }: OrderView) {
  return allocations.map(({ facility, reference, at }) => {
    const shared = {
      order_id: uuidOf("Order", order.legacyId),
      warehouse_id: catalogue.siteOf(facility).uuid,
      allocated_at: vendorTime(at),
      allocation_reference: String(reference),
    };
    const allocated = lines.filter((one) => one.line.facility === facility && one.allocated > 0);
    return {
      ...shared,
      ready_to_ship: lines.every((one) => one.line.facility !== facility || one.waiting === 0),
      line_items: allocated.map((one) => ({
        ...shared,
        line_item_id: uuidOf("LineItem", one.line.legacyId),
        sku: one.line.sku,
        quantity_allocated: one.allocated,
        is_kit_component: false,
      })),
    };
  });
}

export function shipmentNode(world: World, view: OrderView, shipment: Shipment) {
  const id = uuidOf("Shipment", shipment.legacyId);
  const site = world.catalogue.siteOf(shipment.facility);
  const labelId = uuidOf("ShippingLabel", shipment.labelLegacyId);
  const lineNode = (lineLegacyId: number) => {
    const lineView = view.lines.find(({ line }) => line.legacyId === lineLegacyId);
    return lineView === undefined ? null : lineItemNode(world, view, lineView);
  };
  return {
    id,
    legacy_id: shipment.legacyId,
    order_id: uuidOf("Order", view.order.legacyId),
    warehouse_id: site.uuid,
    created_date: vendorTime(shipment.at),
    completed: true,
    delivered: false,
    shipped_off_shiphero: false,
    dropshipment: false,
    total_packages: 1,
    order: () => orderNode(world, view),
    warehouse: siteNode(world, site),
    line_items: connect(shipment.lines, ({ legacyId, line, units }) => ({
      id: uuidOf("ShippedLineItem", legacyId),
      legacy_id: legacyId,
      shipment_id: id,
      shipping_label_id: labelId,
      line_item_id: uuidOf("LineItem", line.legacyId),
      quantity: units,
      line_item: () => lineNode(line.legacyId),
    })),
    shipping_labels: [
      {
        id: labelId,
        legacy_id: shipment.labelLegacyId,
        shipment_id: id,
        tracking_number: shipment.trackingNumber,
        tracking_url: `https://tracking.example.com/${shipment.trackingNumber}`,
        carrier: view.order.shippingLines?.carrier ?? "ups",
        shipping_method: view.order.shippingLines?.method ?? "ground",
        status: "valid",
        created_date: vendorTime(shipment.at),
      },
    ],
  };
}

export function orderNode(world: World, view: OrderView): object {
  const { order } = view;
  return {
    id: uuidOf("Order", order.legacyId),
    legacy_id: order.legacyId,
    account_id: world.account.uuid,
    order_number: order.orderNumber,
    partner_order_id: order.partnerOrderId,
    shop_name: order.shopName,
    fulfillment_status: view.status,
    order_date: vendorTime(order.orderDate),
    updated_at: vendorTime(view.updatedAt),
    email: order.email,
    total_price: order.totalPrice,
    ready_to_ship: view.lines.every(({ waiting }) => waiting === 0),
    hold_until_date: optionalTime(order.holdUntilDate),
    required_ship_date: optionalTime(order.requiredShipDate),
    packing_note: order.packingNote,
    tags: order.tags,
    holds: {
      fraud_hold: false,
      address_hold: order.addressHold,
      shipping_method_hold: false,
      operator_hold: false,
      payment_hold: false,
      client_hold: false,
    },
    shipping_lines: order.shippingLines,
    shipping_address: order.shippingAddress,
    billing_address: order.billingAddress,
    line_items: connect(view.lines, (lineView) => lineItemNode(world, view, lineView)),
    allocations: () => allocationNodes(world, view),
    shipments: () => view.shipments.map((shipment) => shipmentNode(world, view, shipment)),
  };
}
