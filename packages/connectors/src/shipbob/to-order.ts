import type { FulfilmentOrder, InboundAnnouncement, ShipTo } from "../contract/keeper/keeper.ts";
import { failed, type Outcome, succeeded } from "../contract/outcome.ts";
import { numberIn } from "./to-item.ts";

/** A new order's body. */
export function toOrder(order: FulfilmentOrder, shippingMethod: string): Outcome<object> {
  if (order.shipTo === null) return refused("no_address", "ShipBob takes no order without an address.");
  const nameless = order.lines.find(({ item }) => numberIn(item) !== null);
  if (nameless !== undefined)
    return refused("no_sku", `ShipBob's ${nameless.item} has no SKU that an order could name.`);
  if (!/^\d+$/.test(order.facility))
    return refused("unknown_facility", `${order.facility} is no facility of ShipBob.`);
  return succeeded({
    reference_id: order.reference,
    order_number: order.orderNumber,
    type: "DTC",
    shipping_method: order.shippingMethod ?? shippingMethod,
    location_id: Number(order.facility),
    purchase_date: new Date(order.placedAt).toISOString(),
    recipient: toRecipient(order.shipTo),
    products: order.lines.map(({ item, units }, index) => ({
      reference_id: item,
      // With a name ShipBob makes a new, empty product of a SKU that it does not know; without one it refuses the order (documented).
      name: null,
      quantity: units,
      external_line_id: index + 1,
    })),
  });
}

function toRecipient(to: ShipTo): object {
  return {
    name: to.name,
    ...(to.email === undefined ? {} : { email: to.email }),
    ...(to.phone === undefined ? {} : { phone_number: to.phone }),
    address: {
      address1: to.address1,
      ...(to.address2 === undefined ? {} : { address2: to.address2 }),
      city: to.city,
      ...(to.region === undefined ? {} : { state: to.region }),
      zip_code: to.postalCode,
      country: to.country,
    },
  };
}

/** Expected this long after it was announced where nobody says when, in milliseconds: ShipBob wants a date. */
const EXPECTED_WITHIN_MS = 7 * 86_400_000;

/** A new receiving order's body: one parcel with everything, since nobody knows the boxes yet. */
export function toReceivingOrder(
  inbound: InboundAnnouncement,
  inventoryIdOf: (item: string) => string,
  now: number,
): object {
  return {
    purchase_order_number: inbound.reference,
    fulfillment_center: { id: Number(inbound.facility) },
    package_type: "Package",
    box_packaging_type: "EverythingInOneBox",
    expected_arrival_date: new Date(inbound.expectedAt ?? now + EXPECTED_WITHIN_MS).toISOString(),
    boxes: [
      {
        tracking_number: null,
        box_items: inbound.lines.map(({ item, units }) => ({
          inventory_id: Number(inventoryIdOf(item)),
          quantity: units,
        })),
      },
    ],
  };
}

function refused(code: string, message: string) {
  return failed({ kind: "rejected", code, message });
}
