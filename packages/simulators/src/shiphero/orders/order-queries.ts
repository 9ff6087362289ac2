import { connect } from "../graphql/connection.ts";
import { answered, type FieldInfo, isAnalysis, type RequestContext } from "../graphql/request-context.ts";
import { isWithin } from "../graphql/time-filter.ts";
import { notFound } from "../graphql/vendor-refusal.ts";
import { legacyIdOf, uuidOf } from "../identifiers.ts";
import { facilityFilter } from "../inventory/inventory-queries.ts";
import { refusalOfCustomer } from "../own-account.ts";
import type { World } from "../world.ts";
import { orderNode, shipmentNode } from "./order-nodes.ts";
import type { OrderView, Shipment } from "./order.ts";

interface OrderFilter {
  shop_name?: string | null;
  partner_order_id?: string | null;
  order_number?: string | null;
  warehouse_id?: string | null;
  allocated_warehouse_id?: string | null;
  email?: string | null;
  sku?: string | null;
  fulfillment_status?: string | null;
  order_date_from?: number | null;
  order_date_to?: number | null;
  updated_from?: number | null;
  updated_to?: number | null;
  customer_account_id?: string | null;
}

interface ShipmentFilter {
  order_id?: string | null;
  date_from?: number | null;
  date_to?: number | null;
  order_date_from?: number | null;
  order_date_to?: number | null;
  tracking_number?: string | null;
}

interface ShipmentRow {
  view: OrderView;
  shipment: Shipment;
}

function fitsOrder(view: OrderView, filter: OrderFilter, facility: string | undefined): boolean {
  const { order, status, updatedAt } = view;
  return [
    (filter.shop_name ?? order.shopName) === order.shopName,
    (filter.partner_order_id ?? order.partnerOrderId) === order.partnerOrderId,
    (filter.order_number ?? order.orderNumber) === order.orderNumber,
    (filter.email ?? order.email) === order.email,
    (filter.fulfillment_status ?? status) === status,
    facility === undefined || order.parts.some((part) => part.facility === facility),
    typeof filter.sku !== "string" || order.lines.some(({ sku }) => sku === filter.sku),
    isWithin(order.orderDate, filter.order_date_from, filter.order_date_to),
    isWithin(updatedAt, filter.updated_from, filter.updated_to),
  ].every(Boolean);
}

function fitsShipment({ view, shipment }: ShipmentRow, filter: ShipmentFilter): boolean {
  const { order } = view;
  const id = uuidOf("Order", order.legacyId);
  return [
    (filter.order_id ?? id) === id,
    (filter.tracking_number ?? shipment.trackingNumber) === shipment.trackingNumber,
    isWithin(shipment.at, filter.date_from, filter.date_to),
    isWithin(order.orderDate, filter.order_date_from, filter.order_date_to),
  ].every(Boolean);
}

function shipmentsOf(world: World): ShipmentRow[] {
  return world.orders
    .readAll()
    .flatMap((view) => view.shipments.map((shipment) => ({ view, shipment })))
    .toSorted((a, b) => a.shipment.at - b.shipment.at);
}

/** Queries on orders and shipments. */
export const orderQueries = {
  order({ id }: { id: string }, context: RequestContext, info: FieldInfo) {
    if (isAnalysis(context, info)) return answered(context, info, { data: null });
    const view = context.world.orders.read(legacyIdOf("Order", id));
    if (view === undefined) return notFound("Order");
    return answered(context, info, { data: orderNode(context.world, view) });
  },

  orders(args: OrderFilter, context: RequestContext, info: FieldInfo) {
    const { world } = context;
    if (isAnalysis(context, info)) return answered(context, info, { data: null });
    const wanted = args.warehouse_id ?? args.allocated_warehouse_id;
    const facility = refusalOfCustomer(world, args.customer_account_id) ?? facilityFilter(world, wanted);
    if (facility instanceof Error) return facility;
    const rows = world.orders.readAll().filter((view) => fitsOrder(view, args, facility));
    return answered(context, info, { data: connect(rows, (view) => orderNode(world, view)) });
  },

  shipment({ id }: { id: string }, context: RequestContext, info: FieldInfo) {
    if (isAnalysis(context, info)) return answered(context, info, { data: null });
    const legacyId = legacyIdOf("Shipment", id);
    const row = shipmentsOf(context.world).find(({ shipment }) => shipment.legacyId === legacyId);
    if (row === undefined) return notFound("Shipment");
    return answered(context, info, { data: shipmentNode(context.world, row.view, row.shipment) });
  },

  shipments(args: ShipmentFilter, context: RequestContext, info: FieldInfo) {
    const { world } = context;
    if (isAnalysis(context, info)) return answered(context, info, { data: null });
    const rows = shipmentsOf(world).filter((row) => fitsShipment(row, args));
    const data = connect(rows, ({ view, shipment }) => shipmentNode(world, view, shipment));
    return answered(context, info, { data });
  },
};
