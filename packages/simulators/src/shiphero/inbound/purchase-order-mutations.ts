import { announceInbound, cancelInbound, closeInbound } from "../../warehouse/inbound-acts.ts";
import { answered, type FieldInfo, type RequestContext } from "../graphql/request-context.ts";
import { conflict, invalid, notFound, type VendorRefusal } from "../graphql/vendor-refusal.ts";
import { legacyIdOf } from "../identifiers.ts";
import { refusalOfCustomer } from "../own-account.ts";
import type { World } from "../world.ts";
import { purchaseOrderNode } from "./inbound-nodes.ts";
import type { PurchaseOrder } from "./purchase-order-book.ts";

interface CreateInput {
  customer_account_id?: string | null;
  po_number: string;
  warehouse_id: string;
  subtotal: string;
  shipping_price: string;
  total_price: string;
  po_date?: number | null;
  po_note?: string | null;
  partner_order_number?: string | null;
  line_items: ({
    sku: string;
    quantity: number;
    price: string;
    partner_line_item_id?: string | null;
    sell_ahead?: number | null;
  } | null)[];
}

interface PoInput {
  customer_account_id?: string | null;
  po_id: string;
}

interface UpdateInput extends PoInput {
  po_date?: number | null;
  clear_po_date?: boolean | null;
  po_note?: string | null;
  partner_order_number?: string | null;
  line_items?: ({ sku: string; sell_ahead?: number | null } | null)[] | null;
}

function present<Row>(rows: readonly (Row | null)[] | null | undefined): Row[] {
  return (rows ?? []).filter((row): row is Row => row !== null);
}

function ownPurchaseOrder(world: World, data: PoInput): PurchaseOrder | VendorRefusal {
  const refusal = refusalOfCustomer(world, data.customer_account_id);
  const found = world.purchaseOrders.latest(legacyIdOf("PurchaseOrder", data.po_id));
  return refusal ?? found ?? notFound("Purchase order");
}

function withPurchaseOrder(context: RequestContext, info: FieldInfo, found: PurchaseOrder | VendorRefusal) {
  if (found instanceof Error) return found;
  const { world } = context;
  const node = purchaseOrderNode(world, world.purchaseOrders.viewOf(found));
  return answered(context, info, { purchase_order: node });
}

function refusalOfNew(world: World, data: CreateInput): VendorRefusal | undefined {
  const customer = refusalOfCustomer(world, data.customer_account_id);
  if (customer !== undefined) return customer;
  const lines = present(data.line_items);
  if (lines.length === 0) return invalid("line_items must not be empty");
  if (lines.some(({ quantity }) => quantity < 1)) return invalid("Quantity must be greater than 0");
  const stranger = lines.find(({ sku }) => world.catalogue.product(sku) === undefined);
  if (stranger !== undefined) return notFound(`Product with sku ${stranger.sku}`);
  const isTaken = world.purchaseOrders.numbered(data.po_number) !== undefined;
  return isTaken ? conflict(`Purchase order ${data.po_number} already exists`) : undefined;
}

function create(world: World, data: CreateInput): PurchaseOrder | VendorRefusal {
  const refusal = refusalOfNew(world, data);
  if (refusal !== undefined) return refusal;
  const site = world.catalogue.siteById(data.warehouse_id);
  if (site === undefined) return notFound("Warehouse");
  const lines = present(data.line_items);
  const { facility } = site;
  const purchaseOrder = world.purchaseOrders.open({
    poNumber: data.po_number,
    facility,
    partnerOrderNumber: data.partner_order_number ?? null,
    poDate: data.po_date ?? null,
    poNote: data.po_note ?? null,
    subtotal: data.subtotal,
    shippingPrice: data.shipping_price,
    totalPrice: data.total_price,
    lines: lines.map((line) => ({
      sku: line.sku,
      quantity: line.quantity,
      price: line.price,
      partnerLineItemId: line.partner_line_item_id ?? null,
      sellAhead: line.sell_ahead ?? 0,
    })),
  });
  const expected = new Map<string, number>();
  for (const { sku, quantity } of lines) expected.set(sku, (expected.get(sku) ?? 0) + quantity);
  const outcome = announceInbound(world.warehouse, {
    id: purchaseOrder.worldId,
    facility,
    by: "api",
    lines: [...expected].map(([item, units]) => ({ item, expected: units })),
  });
  if (!outcome.done) throw new Error(`the warehouse refused ${data.po_number}: ${outcome.reason}`);
  for (const sku of expected.keys()) world.news.levelMayHaveChanged(facility, sku);
  return purchaseOrder;
}

function update(world: World, data: UpdateInput): PurchaseOrder | VendorRefusal {
  const found = ownPurchaseOrder(world, data);
  if (found instanceof Error) return found;
  const lines = present(data.line_items);
  const stranger = lines.find(({ sku }) => found.lines.every((line) => line.sku !== sku));
  if (stranger !== undefined) return notFound(`Line item with sku ${stranger.sku}`);
  found.poDate = data.clear_po_date === true ? null : (data.po_date ?? found.poDate);
  found.poNote = data.po_note ?? found.poNote;
  found.partnerOrderNumber = data.partner_order_number ?? found.partnerOrderNumber;
  for (const { sku, sell_ahead: sellAhead } of lines) {
    const line = found.lines.find((one) => one.sku === sku);
    if (line !== undefined) line.sellAhead = sellAhead ?? line.sellAhead;
  }
  world.purchaseOrders.touch(found);
  world.news.purchaseOrderChanged(found);
  for (const { sku } of lines) world.news.levelMayHaveChanged(found.facility, sku);
  return found;
}

function end(run: typeof cancelInbound, refusal: string) {
  return ({ data }: { data: PoInput }, context: RequestContext, info: FieldInfo) => {
    const { world } = context;
    const found = ownPurchaseOrder(world, data);
    if (found instanceof Error) return found;
    const outcome = run(world.warehouse, { id: found.worldId, by: "api" });
    if (!outcome.done) return conflict(refusal);
    for (const { sku } of found.lines) world.news.levelMayHaveChanged(found.facility, sku);
    return withPurchaseOrder(context, info, found);
  };
}

/** Mutations of purchase orders. */
export const purchaseOrderMutations = {
  purchase_order_create({ data }: { data: CreateInput }, context: RequestContext, info: FieldInfo) {
    return withPurchaseOrder(context, info, create(context.world, data));
  },

  purchase_order_update({ data }: { data: UpdateInput }, context: RequestContext, info: FieldInfo) {
    return withPurchaseOrder(context, info, update(context.world, data));
  },

  purchase_order_cancel: end(cancelInbound, "Purchase order can no longer be canceled"),
  purchase_order_close: end(closeInbound, "Purchase order can not be closed"),
};
