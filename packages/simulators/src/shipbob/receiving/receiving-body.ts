import type { Inbound } from "../../warehouse/documents.ts";
import { vendorTime } from "../vendor/vendor-time.ts";
import { facilityCalled, itemCalled, type World } from "../world.ts";
import { type ReceivingOrder, receivingStatus } from "./receiving-book.ts";

/** The warehouse's side of a receiving order. */
export function inboundBehind(world: World, { worldId }: ReceivingOrder): Inbound {
  const inbound = world.warehouse.inbounds.get(worldId);
  if (inbound === undefined) throw new Error(`the warehouse has no inbound ${worldId}`);
  return inbound;
}

/** A receiving order, as it stands. */
export function receivingBody(world: World, order: ReceivingOrder) {
  const inbound = inboundBehind(world, order);
  const { id, name, timezone } = facilityCalled(world, inbound.facility);
  return {
    id: order.id,
    purchase_order_number: order.purchaseOrderNumber,
    status: receivingStatus(inbound),
    status_history: order.history.map(({ status, at }, index) => ({
      id: index + 1,
      status,
      timestamp: vendorTime(at),
    })),
    package_type: order.packageType,
    box_packaging_type: order.boxPackagingType,
    box_labels_uri: null,
    expected_arrival_date: vendorTime(order.expectedAt),
    insert_date: vendorTime(order.createdAt),
    last_updated_date: vendorTime(order.updatedAt),
    external_sync_timestamp: null,
    fulfillment_center: {
      id,
      name,
      timezone,
      address1: null,
      address2: null,
      city: null,
      state: null,
      zip_code: null,
      country: null,
      email: null,
      phone_number: null,
    },
    // Damaged units are received and never stowed (ASSUMED).
    inventory_quantities: inbound.lines.map(({ item, expected, received, stowed }) => {
      const { inventoryId, sku } = itemCalled(world, item);
      return {
        inventory_id: inventoryId,
        sku,
        expected_quantity: expected,
        received_quantity: received,
        stowed_quantity: stowed,
      };
    }),
  };
}
