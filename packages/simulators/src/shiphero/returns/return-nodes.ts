import { uuidOf } from "../identifiers.ts";
import { productNode } from "../inventory/inventory-nodes.ts";
import { lineItemNode, orderNode } from "../orders/order-nodes.ts";
import { vendorTime } from "../vendor-time.ts";
import type { World } from "../world.ts";
import type { ReturnView } from "./return-book.ts";

function sumOf(view: ReturnView, figure: (line: ReturnView["lines"][0]) => number): number {
  return view.lines.reduce((sum, line) => sum + figure(line), 0);
}

export function returnNode(world: World, view: ReturnView): object {
  const { account, catalogue, orders } = world;
  const { goods } = view;
  const { order } = goods;
  const id = uuidOf("Return", goods.legacyId);
  const orderView = order === null ? undefined : orders.viewOf(order);
  const orderLine = (sku: string) => orderView?.lines.find(({ line }) => line.sku === sku);
  return {
    id,
    legacy_id: goods.legacyId,
    account_id: account.uuid,
    order_id: order === null ? null : uuidOf("Order", order.legacyId),
    partner_id: null,
    reason: "",
    status: view.status,
    total_items_expected: sumOf(view, ({ quantity }) => quantity),
    total_items_received: sumOf(view, ({ received }) => received),
    total_items_restocked: sumOf(view, ({ restocked }) => restocked),
    created_at: vendorTime(goods.createdAt),
    line_items: view.lines.map(({ line, quantity, received, restocked }) => ({
      id: uuidOf("ReturnItem", line.legacyId),
      legacy_id: line.legacyId,
      account_id: account.uuid,
      return_id: id,
      line_item_id: lineItemId(orderLine(line.sku)?.line.legacyId),
      warehouse_id: catalogue.siteOf(goods.facility).uuid,
      quantity,
      quantity_received: received,
      restock: restocked,
      condition: "",
      reason: "",
      type: "return",
      is_component: false,
      created_at: vendorTime(goods.createdAt),
      updated_at: vendorTime(view.updatedAt),
      line_item: () => {
        const found = orderLine(line.sku);
        return orderView === undefined || found === undefined ? null : lineItemNode(world, orderView, found);
      },
      product: () => productNode(world, catalogue.nameProduct(line.sku)),
    })),
    order: () => (orderView === undefined ? null : orderNode(world, orderView)),
  };
}

function lineItemId(legacyId: number | undefined): string | null {
  return legacyId === undefined ? null : uuidOf("LineItem", legacyId);
}
