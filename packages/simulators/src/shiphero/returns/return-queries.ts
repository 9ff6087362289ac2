import { connect } from "../graphql/connection.ts";
import { answered, type FieldInfo, isAnalysis, type RequestContext } from "../graphql/request-context.ts";
import { isWithin } from "../graphql/time-filter.ts";
import { notFound } from "../graphql/vendor-refusal.ts";
import { legacyIdOf, uuidOf } from "../identifiers.ts";
import { facilityFilter } from "../inventory/inventory-queries.ts";
import { refusalOfCustomer } from "../own-account.ts";
import type { ReturnView } from "./return-book.ts";
import { returnNode } from "./return-nodes.ts";

interface ReturnFilter {
  order_id?: string | null;
  warehouse_id?: string | null;
  date_from?: number | null;
  date_to?: number | null;
  customer_account_id?: string | null;
}

function fits({ goods }: ReturnView, filter: ReturnFilter, facility: string | undefined): boolean {
  const orderId = goods.order === null ? null : uuidOf("Order", goods.order.legacyId);
  return [
    facility === undefined || goods.facility === facility,
    (filter.order_id ?? orderId) === orderId,
    isWithin(goods.createdAt, filter.date_from, filter.date_to),
  ].every(Boolean);
}

/** Queries on returns. They have no filter by update time. */
export const returnQueries = {
  return({ id }: { id: string }, context: RequestContext, info: FieldInfo) {
    if (isAnalysis(context, info)) return answered(context, info, { data: null });
    const view = context.world.returns.read(legacyIdOf("Return", id));
    if (view === undefined) return notFound("Return");
    return answered(context, info, { data: returnNode(context.world, view) });
  },

  returns(args: ReturnFilter, context: RequestContext, info: FieldInfo) {
    const { world } = context;
    if (isAnalysis(context, info)) return answered(context, info, { data: null });
    const facility =
      refusalOfCustomer(world, args.customer_account_id) ?? facilityFilter(world, args.warehouse_id);
    if (facility instanceof Error) return facility;
    const rows = world.returns.readAll().filter((view) => fits(view, args, facility));
    return answered(context, info, { data: connect(rows, (view) => returnNode(world, view)) });
  },
};
