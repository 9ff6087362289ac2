import type { RecordChange } from "./entry.ts";
import type { OrderRecord } from "./order-record.ts";
import type { AlertRecord } from "./records.ts";
import { lineSubject } from "./unmapped.ts";
import type { LedgerView } from "./view.ts";

/**
 * The alert that a buyer asks to cancel: opened while something can still be stopped, resolved once the order is cancelled or
 * gone. The request itself releases nothing: the seller may ship all the same.
 */
export function cancelRequestAlert(
  view: LedgerView,
  order: OrderRecord,
  known: OrderRecord | null,
): RecordChange[] {
  if (!order.cancelRequested) return [];
  const isOpen = isOpenOrder(order);
  const isNew = known?.cancelRequested !== true;
  if (!isNew && isOpenOrder(known) === isOpen) return [];
  const subject = lineSubject(order.channel, order.orderId, "");
  const isAlarmed = view.openAlert("cancel_requested", subject) !== null;
  if (isOpen && !isAlarmed)
    return [{ table: "alert", change: "open", alert: cancelRequested(order, subject) }];
  if (isOpen || !isAlarmed) return [];
  return [{ table: "alert", change: "resolve", kind: "cancel_requested", subject }];
}

function isOpenOrder({ status }: OrderRecord): boolean {
  return status === "pending" || status === "paid";
}

function cancelRequested({ channel, orderId, lines }: OrderRecord, subject: string): AlertRecord {
  const held = lines.filter(({ posted }) => posted.reserved + posted.committed > 0);
  const units = held.reduce((sum, { posted }) => sum + posted.reserved + posted.committed, 0);
  return {
    kind: "cancel_requested",
    subject,
    severity: "warning",
    sku: held[0]?.recipe?.[0]?.sku ?? null,
    channel,
    orderId,
    lineId: null,
    units,
    message: `The buyer asks to cancel order ${orderId} of ${channel}: do not ship it, and cancel it there. Its ${units} units stay promised until then.`,
  };
}
