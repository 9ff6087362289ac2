import { type ActOutcome, done, refused } from "./act-outcome.ts";
import { settleAllocations } from "./allocation.ts";
import type { Transfer } from "./documents.ts";
import { canTake, refusalOfPlace, type StockAct } from "./stock-acts.ts";
import { changeStock, seenChange, stockAt, type Warehouse } from "./warehouse.ts";

/** Units leave one facility for another. */
export function sendTransfer(
  warehouse: Warehouse,
  act: StockAct & { id: string; to: string },
): ActOutcome<{ transfer: Transfer }> {
  const refusal =
    refusalOfPlace(warehouse, act.facility, [act.item]) ?? refusalOfPlace(warehouse, act.to, [act.item]);
  if (refusal !== undefined) return refused(refusal);
  if (warehouse.transfers.has(act.id)) return refused("duplicate");
  const stock = stockAt(warehouse, act.facility, act.item);
  const { id, units, to, item, by = "control", reason } = act;
  if (!canTake(stock, units)) return refused("not_enough");
  const transfer: Transfer = { id, from: act.facility, to, item, sent: units, arrived: null };
  warehouse.transfers.set(id, transfer);
  changeStock(warehouse, stock, seenChange({ shelf: -units }, { transferredOut: units }), {
    act: "transfer_sent",
    by,
    units,
    reason,
    document: { kind: "transfer", id },
  });
  return done({ transfer });
}

/** They arrive and are put on the shelf; what is missing was lost on the way. */
export function receiveTransfer(
  warehouse: Warehouse,
  act: { id: string; arrived?: number | undefined; by?: string | undefined },
): ActOutcome<{ transfer: Transfer }> {
  const transfer = warehouse.transfers.get(act.id);
  if (transfer === undefined) return refused("unknown_transfer");
  if (transfer.arrived !== null) return refused("already_closed");
  const { to, item, sent } = transfer;
  const units = act.arrived ?? sent;
  if (units < 0 || units > sent) return refused("not_enough");
  transfer.arrived = units;
  const stock = stockAt(warehouse, to, item);
  changeStock(warehouse, stock, seenChange({ shelf: units }, { transferredIn: sent, lost: sent - units }), {
    act: "transfer_arrived",
    by: act.by ?? "control",
    units,
    document: { kind: "transfer", id: act.id },
  });
  settleAllocations(warehouse, stock);
  return done({ transfer });
}
