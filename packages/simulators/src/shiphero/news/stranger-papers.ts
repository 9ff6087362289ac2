import type { Inbound, WarehouseOrder } from "../../warehouse/documents.ts";
import type { NewPurchaseOrder } from "../inbound/purchase-order-book.ts";
import type { NewOrder } from "../orders/order.ts";
import type { World } from "../world.ts";

/** Papers of an order that came to the warehouse by another way than the API: its number is the warehouse's id. */
export function strangerOrder(
  { clock, catalogue }: Pick<World, "clock" | "catalogue">,
  { id, facility, lines }: WarehouseOrder,
): NewOrder {
  return {
    worldId: id,
    orderNumber: id,
    partnerOrderId: null,
    shopName: "Manual Order",
    orderDate: clock.now(),
    email: null,
    totalPrice: "0.00",
    packingNote: null,
    requiredShipDate: null,
    holdUntilDate: null,
    tags: [],
    addressHold: false,
    shippingLines: null,
    shippingAddress: {},
    billingAddress: null,
    facilities: [facility],
    lines: lines.map(({ item, ordered }, index) => ({
      sku: item,
      partnerLineItemId: `${id}-${index + 1}`,
      quantity: ordered,
      price: "0.00",
      productName: catalogue.nameProduct(item).name,
      lockedTo: null,
      facility,
    })),
  };
}

/** Papers of a delivery that somebody in the building wrote down. */
export function strangerPurchaseOrder({ id, facility, lines }: Inbound): NewPurchaseOrder {
  return {
    worldId: id,
    poNumber: id,
    facility,
    partnerOrderNumber: null,
    poDate: null,
    poNote: null,
    subtotal: "0.00",
    shippingPrice: "0.00",
    totalPrice: "0.00",
    lines: lines.map(({ item, expected }) => ({
      sku: item,
      quantity: expected,
      price: "0.00",
      partnerLineItemId: null,
      sellAhead: 0,
    })),
  };
}
