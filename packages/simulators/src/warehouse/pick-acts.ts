import { type ActOutcome, done, refused } from "./act-outcome.ts";
import { markShort, settleAllocations } from "./allocation.ts";
import type { OrderLine, WarehouseOrder } from "./documents.ts";
import type { OrderAct } from "./order-acts.ts";
import { refusalOfPlace } from "./stock-acts.ts";
import { emptyTote } from "./tote.ts";
import { changeStock, stockAt, type Warehouse } from "./warehouse.ts";

/** How a picker errs on one line. */
export interface PickerError {
  /** The line's item. */
  item: string;
  /** Units that stand there and are not seen. */
  unseen?: number | undefined;
  /** Another item taken in its place. */
  mispick?: { item: string; units: number } | undefined;
}

interface PickedLine {
  order: WarehouseOrder;
  line: OrderLine;
  error: PickerError | undefined;
  by: string;
}

/** Units of another item that the picker takes for this one: never more than really stand there. */
function mispickedUnits(warehouse: Warehouse, { order, line, error }: PickedLine): number {
  if (error?.mispick === undefined || error.mispick.item === line.item) return 0;
  const { physical } = stockAt(warehouse, order.facility, error.mispick.item);
  return Math.min(error.mispick.units, line.allocated, physical.shelf);
}

function takeWrongItem(warehouse: Warehouse, picked: PickedLine, units: number): void {
  const { order, line, error, by } = picked;
  if (units === 0 || error?.mispick === undefined) return;
  const { item } = error.mispick;
  line.contents.set(item, (line.contents.get(item) ?? 0) + units);
  changeStock(
    warehouse,
    stockAt(warehouse, order.facility, item),
    { physical: { shelf: -units, tote: units } },
    {
      act: "mispicked",
      by,
      units,
      document: { kind: "order", id: order.id },
      reason: `picked as ${line.item}`,
    },
  );
}

function pickLine(warehouse: Warehouse, picked: PickedLine): void {
  const { order, line, error, by } = picked;
  const stock = stockAt(warehouse, order.facility, line.item);
  const wanted = line.allocated;
  const wrong = mispickedUnits(warehouse, picked);
  const seen = Math.max(0, stock.physical.shelf - (error?.unseen ?? 0));
  const right = Math.min(wanted - wrong, seen);
  const units = wrong + right;
  const short = wanted - units;
  const document = { kind: "order", id: order.id } as const;
  line.allocated = 0;
  line.toted += units;
  line.short += short;
  line.contents.set(line.item, (line.contents.get(line.item) ?? 0) + right);
  if (units > 0) {
    changeStock(
      warehouse,
      stock,
      {
        physical: { shelf: -right, tote: right },
        record: { shelf: -units, tote: units },
        allocated: -units,
      },
      { act: "picked", by, units, document },
    );
  }
  takeWrongItem(warehouse, picked, wrong);
  if (short === 0) return;
  changeStock(
    warehouse,
    stock,
    {
      record: { shelf: -short, investigation: short },
      allocated: -short,
      totals: { recordCorrections: -short },
    },
    { act: "short_picked", by, units: short, document },
  );
}

/**
 * Picks all that is promised to the order. What is not found stands under `investigation` in the record from
 * then on, and the order is short unless the record has more.
 */
export function pickOrder(
  warehouse: Warehouse,
  act: OrderAct & { errors?: readonly PickerError[] | undefined },
): ActOutcome<{ order: WarehouseOrder; short: number }> {
  const order = warehouse.orders.get(act.id);
  if (order === undefined) return refused("unknown_order");
  const lines = order.lines.filter(({ allocated }) => allocated > 0);
  if (lines.length === 0) return refused("nothing_to_pick");
  const others = (act.errors ?? []).flatMap(({ mispick }) => (mispick === undefined ? [] : [mispick.item]));
  const refusal = refusalOfPlace(warehouse, order.facility, others);
  if (refusal !== undefined) return refused(refusal);
  const shortBefore = order.lines.reduce((sum, { short }) => sum + short, 0);
  for (const line of lines) {
    const error = act.errors?.find(({ item }) => item === line.item);
    pickLine(warehouse, { order, line, error, by: act.by ?? "control" });
  }
  order.packed = false;
  markShort(warehouse, order);
  for (const { item } of lines) settleAllocations(warehouse, stockAt(warehouse, order.facility, item));
  return done({ order, short: order.lines.reduce((sum, { short }) => sum + short, 0) - shortBefore });
}

/** Puts back on the shelf what was cancelled after it had been picked. */
export function putBackOrder(warehouse: Warehouse, act: OrderAct): ActOutcome<{ order: WarehouseOrder }> {
  const order = warehouse.orders.get(act.id);
  if (order === undefined) return refused("unknown_order");
  const lines = order.lines.filter(({ toPutBack }) => toPutBack > 0);
  if (lines.length === 0) return refused("nothing_picked");
  for (const line of lines) {
    const units = line.toPutBack;
    line.toPutBack = 0;
    const document = { kind: "order", id: order.id } as const;
    const note = { act: "put_back", by: act.by ?? "control", units, document } as const;
    emptyTote(warehouse, { order, line, units, to: "shelf", note });
  }
  for (const { item } of lines) settleAllocations(warehouse, stockAt(warehouse, order.facility, item));
  return done({ order });
}
