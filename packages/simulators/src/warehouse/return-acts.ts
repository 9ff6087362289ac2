import { type ActOutcome, done, namesTwice, type Refusal, refused } from "./act-outcome.ts";
import { settleAllocations } from "./allocation.ts";
import type { Disposition, ReturnLine, WarehouseReturn } from "./documents.ts";
import type { ActName } from "./journal.ts";
import { refusalOfPlace } from "./stock-acts.ts";
import { changeStock, noteEvent, seenChange, stockAt, type Warehouse } from "./warehouse.ts";

/** An act on a return the warehouse knows. */
export interface ReturnAct {
  id: string;
  by?: string | undefined;
}

/** What an inspection decides for one item, over and above what was decided before. */
export type InspectedLine = { item: string } & { [Name in Disposition]?: number | undefined };

type Acted = ActOutcome<{ goods: WarehouseReturn }>;

function noteReturn(warehouse: Warehouse, goods: WarehouseReturn, name: ActName, act: ReturnAct): void {
  const document = { kind: "return", id: goods.id } as const;
  const units = goods.lines.reduce((sum, { expected }) => sum + expected, 0);
  noteEvent(warehouse, { act: name, by: act.by ?? "control", units, document, facility: goods.facility });
}

function newLine(item: string, expected: number): ReturnLine {
  return { item, expected, arrived: 0, dispositions: { restock: 0, quarantine: 0, dispose: 0, missing: 0 } };
}

/** Somebody tells that goods come back, or (announced and arrived at once) they simply stand there. */
export function announceReturn(
  warehouse: Warehouse,
  act: ReturnAct & {
    facility: string;
    orderId?: string | null | undefined;
    lines: readonly { item: string; expected: number }[];
  },
): Acted {
  if (warehouse.returns.has(act.id)) return refused("duplicate");
  if (act.lines.length === 0) return refused("empty");
  const items = act.lines.map(({ item }) => item);
  const refusal = refusalOfPlace(warehouse, act.facility, items);
  if (refusal !== undefined) return refused(refusal);
  const goods: WarehouseReturn = {
    id: act.id,
    facility: act.facility,
    orderId: act.orderId ?? null,
    lines: act.lines.map(({ item, expected }) => newLine(item, expected)),
    state: "announced",
  };
  warehouse.returns.set(act.id, goods);
  noteReturn(warehouse, goods, "return_announced", act);
  return done({ goods });
}

/** The parcel is there: the given units, or all that was announced. Not sellable until inspected. */
export function arriveReturn(
  warehouse: Warehouse,
  act: ReturnAct & { lines?: readonly { item: string; units: number }[] | undefined },
): Acted {
  const goods = warehouse.returns.get(act.id);
  if (goods === undefined) return refused("unknown_return");
  if (goods.state === "closed" || goods.state === "cancelled") return refused("already_closed");
  const arriving =
    act.lines ?? goods.lines.map(({ item, expected, arrived }) => ({ item, units: expected - arrived }));
  const items = arriving.map(({ item }) => item);
  const refusal = refusalOfPlace(warehouse, goods.facility, items);
  if (refusal !== undefined) return refused(refusal);
  goods.state = "arrived";
  for (const { item, units } of arriving.filter((line) => line.units > 0)) {
    let line = goods.lines.find((known) => known.item === item);
    if (line === undefined) goods.lines.push((line = newLine(item, 0)));
    line.arrived += units;
    changeStock(
      warehouse,
      stockAt(warehouse, goods.facility, item),
      seenChange({ returns: units }, { returned: units }),
      { act: "return_arrived", by: act.by ?? "control", units, document: { kind: "return", id: goods.id } },
    );
  }
  return done({ goods });
}

function inHand({ arrived, dispositions }: ReturnLine): number {
  return arrived - dispositions.restock - dispositions.quarantine - dispositions.dispose;
}

function notArrived({ expected, arrived, dispositions }: ReturnLine): number {
  return Math.max(0, expected - arrived) - dispositions.missing;
}

function inspectLine(
  warehouse: Warehouse,
  goods: WarehouseReturn,
  line: ReturnLine,
  decided: InspectedLine,
): void {
  const { restock = 0, quarantine = 0, dispose = 0, missing = 0 } = decided;
  line.dispositions.restock += restock;
  line.dispositions.quarantine += quarantine;
  line.dispositions.dispose += dispose;
  line.dispositions.missing += missing;
  const units = restock + quarantine + dispose;
  const stock = stockAt(warehouse, goods.facility, line.item);
  changeStock(
    warehouse,
    stock,
    seenChange({ returns: -units, shelf: restock, quarantine }, { disposed: dispose }),
    { act: "return_inspected", by: "floor", units, document: { kind: "return", id: goods.id } },
  );
  settleAllocations(warehouse, stock);
}

function lineOf({ lines }: WarehouseReturn, item: string): ReturnLine | undefined {
  return lines.find((line) => line.item === item);
}

function refusalOfInspection(goods: WarehouseReturn, decided: InspectedLine): Refusal | undefined {
  const { item, restock = 0, quarantine = 0, dispose = 0, missing = 0 } = decided;
  const line = lineOf(goods, item);
  if (line === undefined) return "unknown_item";
  if (restock + quarantine + dispose > inHand(line)) return "not_arrived";
  return missing > notArrived(line) ? "not_enough" : undefined;
}

/** Decides on arrived units, a line split as it may be; the return closes when nothing is left to decide. */
export function inspectReturn(
  warehouse: Warehouse,
  act: ReturnAct & { lines: readonly InspectedLine[] },
): Acted {
  const goods = warehouse.returns.get(act.id);
  if (goods === undefined) return refused("unknown_return");
  if (goods.state === "closed" || goods.state === "cancelled") return refused("already_closed");
  if (namesTwice(act.lines)) return refused("duplicate");
  for (const decided of act.lines) {
    const refusal = refusalOfInspection(goods, decided);
    if (refusal !== undefined) return refused(refusal);
  }
  for (const decided of act.lines) {
    const line = lineOf(goods, decided.item);
    if (line !== undefined) inspectLine(warehouse, goods, line, decided);
  }
  if (goods.lines.every((line) => inHand(line) === 0 && notArrived(line) <= 0)) {
    goods.state = "closed";
    noteReturn(warehouse, goods, "return_closed", act);
  }
  return done({ goods });
}

/** Takes back the announcement of a return of which nothing has come. */
export function cancelReturn(warehouse: Warehouse, act: ReturnAct): Acted {
  const goods = warehouse.returns.get(act.id);
  if (goods === undefined) return refused("unknown_return");
  if (goods.state !== "announced") return refused("already_closed");
  goods.state = "cancelled";
  noteReturn(warehouse, goods, "return_cancelled", act);
  return done({ goods });
}
