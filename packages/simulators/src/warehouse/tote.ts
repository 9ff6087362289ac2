import type { OrderLine, WarehouseOrder } from "./documents.ts";
import type { EventNote } from "./journal.ts";
import type { RecordedUnits } from "./place.ts";
import { changeStock, stockAt, type Warehouse } from "./warehouse.ts";

/** Takes units out of a line's tote and says how many of which item they really were. */
function takeContents(line: OrderLine, units: number): Map<string, number> {
  const taken = new Map<string, number>();
  let left = units;
  for (const [item, inside] of line.contents) {
    const part = Math.min(inside, left);
    if (part === 0) continue;
    taken.set(item, part);
    line.contents.set(item, inside - part);
    left -= part;
  }
  if (left > 0) throw new Error(`the tote of ${line.item} holds ${left} units less than its line says`);
  return taken;
}

interface Emptying {
  order: WarehouseOrder;
  line: OrderLine;
  units: number;
  /** Out of the building, or back on the shelf. */
  to: "out" | "shelf";
  note: EventNote;
}

/** Empties a tote by so many units. The papers say it was the line's item; the shelves know better. */
export function emptyTote(warehouse: Warehouse, { order, line, units, to, note }: Emptying): void {
  const moved = (n: number): Partial<RecordedUnits> => (to === "out" ? { tote: -n } : { tote: -n, shelf: n });
  const taken = takeContents(line, units);
  const right = taken.get(line.item) ?? 0;
  const out = (n: number): { shipped: number } => ({ shipped: to === "out" ? n : 0 });
  changeStock(
    warehouse,
    stockAt(warehouse, order.facility, line.item),
    { physical: moved(right), record: moved(units), totals: out(right) },
    { ...note, units },
  );
  for (const [item, wrong] of taken) {
    if (item === line.item) continue;
    const stock = stockAt(warehouse, order.facility, item);
    changeStock(
      warehouse,
      stock,
      { physical: moved(wrong), totals: out(wrong) },
      { ...note, act: "mispicked", units: wrong, reason: `${note.act} as ${line.item}` },
    );
  }
}
