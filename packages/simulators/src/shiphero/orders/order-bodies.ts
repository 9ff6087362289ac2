import { uuidOf } from "../identifiers.ts";
import { spacedVendorTime, vendorTime } from "../vendor-time.ts";
import type { World } from "../world.ts";
import type { Order, OrderView, Shipment } from "./order.ts";

type PapersOf = Pick<World, "account" | "catalogue">;

function orderFields({ orderNumber, partnerOrderId, legacyId }: Order) {
  return {
    order_number: orderNumber,
    order_id: legacyId,
    order_uuid: uuidOf("Order", legacyId),
    partner_order_id: partnerOrderId ?? orderNumber,
  };
}

/** "Order Allocated": what one building has set aside for the order by now. */
export function orderAllocatedBody(world: PapersOf, view: OrderView, facility: string): object {
  const { account, catalogue } = world;
  const site = catalogue.siteOf(facility);
  const allocation = view.order.allocations.get(facility);
  const own = view.lines.filter(({ line }) => line.facility === facility);
  return {
    webhook_type: "Order Allocated",
    allocation_reference: allocation?.reference,
    account_id: account.legacyId,
    account_uuid: account.uuid,
    warehouse_id: site.legacyId,
    warehouse_uuid: site.uuid,
    allocated_at: allocation === undefined ? null : vendorTime(allocation.at),
    ...orderFields(view.order),
    line_items: own
      .filter(({ allocated }) => allocated > 0)
      .map(({ line, allocated }) => ({
        id: line.legacyId,
        item_uuid: uuidOf("LineItem", line.legacyId),
        partner_line_item_id: line.partnerLineItemId,
        quantity: allocated,
        sku: line.sku,
        is_kit_component: false,
        created_at: vendorTime(line.createdAt),
      })),
    ready_to_ship: own.every(({ waiting }) => waiting === 0) ? 1 : 0,
  };
}

/** "Order Canceled": mind the hyphen in the documented `fulfillment-status`. */
export function orderCanceledBody({ account }: PapersOf, { order }: OrderView): object {
  return {
    account_id: account.legacyId,
    account_uuid: account.uuid,
    ...orderFields(order),
    "fulfillment-status": "canceled",
    shop_name: order.shopName,
    shop_order_number: order.orderNumber,
    webhook_type: "Order Canceled",
  };
}

/** "Shipment Update": one shipment, with what is in it. */
export function shipmentUpdateBody(
  { account, catalogue }: PapersOf,
  order: Order,
  shipment: Shipment,
): object {
  const site = catalogue.siteOf(shipment.facility);
  const carrier = order.shippingLines?.carrier ?? "ups";
  const method = order.shippingLines?.method ?? "ground";
  const lines = shipment.lines.map(({ line, units }) => ({
    id: line.partnerLineItemId,
    shiphero_id: line.legacyId,
    quantity: units,
    sku: line.sku,
    serial_numbers: [],
    customs_description: "",
    package: "Package #1",
    lot_id: null,
    lot_name: null,
    lot_expiration: null,
  }));
  return {
    test: "0",
    webhook_type: "Shipment Update",
    account_id: account.legacyId,
    account_uuid: account.uuid,
    fulfillment: {
      shipment_id: shipment.legacyId,
      shipment_uuid: uuidOf("Shipment", shipment.legacyId),
      warehouse: site.identifier,
      warehouse_id: site.legacyId,
      warehouse_uuid: site.uuid,
      webhook_type: "Shipment Update",
      ...orderFields(order),
      tracking_number: shipment.trackingNumber,
      line_items: lines,
      custom_tracking_url: "",
      shipping_method: method,
      shipping_carrier: carrier,
      completed: true,
      created_at: spacedVendorTime(shipment.at),
      order_gift_note: "",
    },
    total_packages: 1,
    packages: [
      {
        name: "Package #1",
        line_items: lines,
        tracking_number: shipment.trackingNumber,
        shipping_carrier: carrier,
        shipping_method: method,
      },
    ],
  };
}
