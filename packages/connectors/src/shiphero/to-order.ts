import type { FulfilmentOrder, InboundAnnouncement, ShipTo } from "../contract/keeper/keeper.ts";
import { failed, type Outcome, succeeded } from "../contract/outcome.ts";
import { idOf } from "./vendor-id.ts";
import { writeTime } from "./vendor-time.ts";

export interface OrderDefaults {
  readonly shopName: string;
  readonly shippingMethod: string;
  readonly timeZone: string;
}

/** `CreateOrderInput`. Prices are required and say nothing here. */
export function toOrder(order: FulfilmentOrder, defaults: OrderDefaults): Outcome<object> {
  if (order.shipTo === null) {
    const message = "ShipHero takes no order without an address.";
    return failed({ kind: "rejected", code: "no_address", message });
  }
  const method = order.shippingMethod ?? defaults.shippingMethod;
  return succeeded({
    partner_order_id: order.reference,
    // What people see and search for.
    order_number: order.orderNumber,
    shop_name: defaults.shopName,
    fulfillment_status: "pending",
    order_date: writeTime(order.placedAt, defaults.timeZone),
    total_price: "0.00",
    shipping_lines: { title: method, price: "0.00", method },
    shipping_address: toAddress(order.shipTo),
    line_items: order.lines.map(({ lineId, item, units }, index) => ({
      sku: item,
      partner_line_item_id: `${lineId}~${index + 1}`,
      quantity: units,
      price: "0.00",
      warehouse_id: idOf("Warehouse", order.facility),
    })),
  });
}

/** Our id of a line: it has to be unique within the order, and one line of ours may be several of theirs. */
export function lineIdIn(partnerLineItemId: string): string {
  return partnerLineItemId.replace(/~\d+$/, "").slice(0, 200);
}

function toAddress(to: ShipTo): object {
  const [first = "", ...others] = to.name.trim().split(/\s+/);
  return {
    first_name: first,
    last_name: others.join(" "),
    address1: to.address1,
    ...(to.address2 === undefined ? {} : { address2: to.address2 }),
    city: to.city,
    ...(to.region === undefined ? {} : { state: to.region }),
    zip: to.postalCode,
    country: to.country,
    country_code: to.country,
    ...(to.email === undefined ? {} : { email: to.email }),
    ...(to.phone === undefined ? {} : { phone: to.phone }),
  };
}

/** `CreatePurchaseOrderInput`. Prices and weights are required and say nothing here. */
export function toPurchaseOrder(inbound: InboundAnnouncement, timeZone: string): object {
  return {
    po_number: inbound.reference,
    warehouse_id: idOf("Warehouse", inbound.facility),
    subtotal: "0.00",
    shipping_price: "0.00",
    total_price: "0.00",
    ...(inbound.expectedAt === null ? {} : { po_date: writeTime(inbound.expectedAt, timeZone) }),
    line_items: inbound.lines.map(({ item, units }) => ({
      sku: item,
      quantity: units,
      expected_weight_in_lbs: "0",
      price: "0.00",
    })),
  };
}
