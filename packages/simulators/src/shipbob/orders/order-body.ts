import type { WarehouseOrder } from "../../warehouse/documents.ts";
import { vendorTime, vendorTimeOrNull } from "../vendor/vendor-time.ts";
import { facilityCalled, itemCalled, type World } from "../world.ts";
import { openLines, type Order, orderStatus, type Shipment, shipmentStatus } from "./order.ts";

/** The warehouse's side of an order. */
export function behind({ warehouse }: World, order: Order): WarehouseOrder {
  const found = warehouse.orders.get(order.worldId);
  if (found === undefined) throw new Error(`the warehouse has no order ${order.worldId}`);
  return found;
}

function productBody(world: World, order: Order, line: { item: string; units: number }, committed: number) {
  const { inventoryId, name, productId, sku } = itemCalled(world, line.item);
  const ordered = order.products.find((product) => product.sku === sku);
  return {
    id: productId,
    reference_id: ordered?.referenceId ?? sku,
    name,
    sku,
    inventory_items: [
      {
        id: inventoryId,
        name,
        quantity: line.units,
        quantity_committed: committed,
        lot: null,
        expiration_date: null,
        serial_numbers: null,
        is_dangerous_goods: false,
      },
    ],
  };
}

function productsOf(world: World, order: Order, shipment: Shipment): object[] {
  const source = behind(world, order);
  if (shipment.state !== "open") return shipment.lines.map((line) => productBody(world, order, line, 0));
  return openLines(source).map((line) => {
    const held = source.lines.find(({ item }) => item === line.item);
    return productBody(world, order, line, held?.allocated ?? 0);
  });
}

function fulfilmentDateStatus(status: string): string {
  if (status === "Completed") return "FulfilledOnTime";
  return status === "Exception" ? "AwaitingInventoryAllocation" : "PendingOnTime";
}

/** A shipment, as answers and (ASSUMED, their payloads are not published) webhooks hold it. */
export function shipmentBody(world: World, order: Order, shipment: Shipment) {
  const source = behind(world, order);
  const { status, detail } = shipmentStatus(shipment, source);
  const facility = facilityCalled(world, source.facility);
  const shortItem = source.lines.find(({ short, allocated }) => short > 0 || allocated === 0)?.item;
  const isException = status === "Exception";
  return {
    id: shipment.id,
    order_id: order.id,
    reference_id: order.referenceId,
    status,
    status_details:
      detail === null
        ? []
        : [
            {
              ...detail,
              inventory_id:
                isException && shortItem !== undefined ? itemCalled(world, shortItem).inventoryId : null,
              exception_fulfillment_center_id: isException ? facility.id : null,
              extra_information: null,
            },
          ],
    location: { id: facility.id, name: facility.name },
    created_date: vendorTime(shipment.createdAt),
    last_update_at: vendorTime(shipment.updatedAt),
    last_tracking_update_at: vendorTimeOrNull(shipment.deliveredAt ?? shipment.completedAt),
    actual_fulfillment_date: vendorTimeOrNull(shipment.completedAt),
    estimated_fulfillment_date: vendorTime(shipment.createdAt + 86_400_000),
    estimated_fulfillment_date_status: fulfilmentDateStatus(status),
    delivery_date: vendorTimeOrNull(shipment.deliveredAt),
    is_tracking_uploaded: false,
    require_signature: false,
    ship_option: order.shippingMethod,
    recipient: order.recipient,
    products: productsOf(world, order, shipment),
    tracking:
      shipment.trackingNumber === null
        ? null
        : {
            carrier: "USPS",
            carrier_service: "Ground Advantage",
            tracking_number: shipment.trackingNumber,
            tracking_url: `https://example.com/track/${shipment.trackingNumber}`,
            shipping_date: vendorTimeOrNull(shipment.completedAt),
          },
    measurements: null,
    invoice_amount: null,
    insurance_value: null,
    gift_message: null,
  };
}

/** Statuses of an order's shipments, in their order. */
export function statusesOf(world: World, order: Order) {
  const source = behind(world, order);
  return order.shipments.map((shipment) => shipmentStatus(shipment, source).status);
}

/** The whole order. */
export function orderBody(world: World, order: Order) {
  const channel = world.catalogue.channels.get(order.channelId);
  return {
    id: order.id,
    created_date: vendorTime(order.createdAt),
    purchase_date: vendorTimeOrNull(order.purchasedAt),
    reference_id: order.referenceId,
    order_number: order.orderNumber,
    status: orderStatus(statusesOf(world, order)),
    type: order.type,
    channel: { id: order.channelId, name: channel?.name ?? "Manual" },
    shipping_method: order.shippingMethod,
    recipient: order.recipient,
    products: order.products.map(({ productId, referenceId, sku, quantity, externalLineId }) => ({
      id: productId,
      reference_id: referenceId,
      sku,
      quantity,
      quantity_unit_of_measure_code: null,
      external_line_id: externalLineId,
      unit_price: null,
      gtin: null,
      upc: null,
    })),
    tags: order.tags,
    shipments: order.shipments.map((shipment) => shipmentBody(world, order, shipment)),
    gift_message: null,
    shipping_terms: null,
    financials: null,
  };
}
