import { connect } from "../graphql/connection.ts";
import { answered, type FieldInfo, isAnalysis, type RequestContext } from "../graphql/request-context.ts";
import { isWithin } from "../graphql/time-filter.ts";
import { invalid, notFound } from "../graphql/vendor-refusal.ts";
import { legacyIdOf } from "../identifiers.ts";
import { facilityFilter } from "../inventory/inventory-queries.ts";
import { refusalOfCustomer } from "../own-account.ts";
import { purchaseOrderNode } from "./inbound-nodes.ts";
import type { PurchaseOrderView } from "./purchase-order-book.ts";

interface PurchaseOrderFilter {
  warehouse_id?: string | null;
  sku?: string | null;
  created_from?: number | null;
  created_to?: number | null;
  po_date_from?: number | null;
  po_date_to?: number | null;
  date_closed_from?: number | null;
  date_closed_to?: number | null;
  customer_account_id?: string | null;
}

/** A time that is not there lies within no bounds, and without bounds it does not matter. */
function isOptionalWithin(at: number | null, from?: number | null, to?: number | null): boolean {
  return at === null ? typeof from !== "number" && typeof to !== "number" : isWithin(at, from, to);
}

function fits(view: PurchaseOrderView, filter: PurchaseOrderFilter, facility: string | undefined): boolean {
  const { purchaseOrder } = view;
  return [
    facility === undefined || purchaseOrder.facility === facility,
    typeof filter.sku !== "string" || purchaseOrder.lines.some(({ sku }) => sku === filter.sku),
    isWithin(purchaseOrder.createdAt, filter.created_from, filter.created_to),
    isOptionalWithin(view.poDate, filter.po_date_from, filter.po_date_to),
    isOptionalWithin(view.closedAt, filter.date_closed_from, filter.date_closed_to),
  ].every(Boolean);
}

/** Queries on purchase orders. They have no filter by update time: documented, and a nuisance. */
export const purchaseOrderQueries = {
  purchase_order(
    args: { id?: string | null; po_number?: string | null },
    context: RequestContext,
    info: FieldInfo,
  ) {
    const { world } = context;
    if (isAnalysis(context, info)) return answered(context, info, { data: null });
    const { id, po_number: poNumber } = args;
    if (typeof id !== "string" && typeof poNumber !== "string") return invalid("id or po_number is required");
    const legacyId =
      typeof id === "string"
        ? legacyIdOf("PurchaseOrder", id)
        : world.purchaseOrders.numbered(poNumber ?? "")?.legacyId;
    const view = world.purchaseOrders.read(legacyId);
    if (view === undefined) return notFound("Purchase order");
    return answered(context, info, { data: purchaseOrderNode(world, view) });
  },

  purchase_orders(args: PurchaseOrderFilter, context: RequestContext, info: FieldInfo) {
    const { world } = context;
    if (isAnalysis(context, info)) return answered(context, info, { data: null });
    const facility =
      refusalOfCustomer(world, args.customer_account_id) ?? facilityFilter(world, args.warehouse_id);
    if (facility instanceof Error) return facility;
    const rows = world.purchaseOrders.readAll().filter((view) => fits(view, args, facility));
    return answered(context, info, { data: connect(rows, (view) => purchaseOrderNode(world, view)) });
  },
};
