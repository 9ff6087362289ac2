import { type ActOutcome, done, refused } from "./act-outcome.ts";
import { allocateOrder, markShort, settleAllocations } from "./allocation.ts";
import { type OrderLine, stateOf, totedUnits, waitingUnits, type WarehouseOrder } from "./documents.ts";
import type { ActName } from "./journal.ts";
import { refusalOfPlace } from "./stock-acts.ts";
import { changeStock, noteEvent, stockAt, type Warehouse } from "./warehouse.ts";

interface AskedLine {
  item: string;
  units: number;
}

/** An act on an order the warehouse knows; `by` is who does it. */
export interface OrderAct {
  id: string;
  by?: string | undefined;
  reason?: string | undefined;
}

type Acted = ActOutcome<{ order: WarehouseOrder }>;

function noteOrder(
  warehouse: Warehouse,
  order: WarehouseOrder,
  act: ActName,
  { by, reason }: OrderAct,
): void {
  const document = { kind: "order", id: order.id } as const;
  const units = order.lines.reduce((sum, { ordered }) => sum + ordered, 0);
  noteEvent(warehouse, { act, by: by ?? "control", units, reason, document, facility: order.facility });
}

function newLine(item: string): OrderLine {
  const nothing = { ordered: 0, cancelled: 0, allocated: 0, toted: 0, shipped: 0, toPutBack: 0, short: 0 };
  return { item, ...nothing, contents: new Map() };
}

/** Lines of one item become one. */
function mergeLines(asked: readonly AskedLine[]): OrderLine[] {
  const lines = new Map<string, OrderLine>();
  for (const { item, units } of asked) {
    const line = lines.get(item) ?? newLine(item);
    line.ordered += units;
    lines.set(item, line);
  }
  return [...lines.values()];
}

/** Takes an order in and promises it what the record has free; the rest waits as `short`. */
export function acceptOrder(
  warehouse: Warehouse,
  act: OrderAct & { facility: string; lines: readonly AskedLine[] },
): Acted {
  if (warehouse.orders.has(act.id)) return refused("duplicate");
  if (act.lines.length === 0 || act.lines.some(({ units }) => units < 1)) return refused("empty");
  const items = act.lines.map(({ item }) => item);
  const refusal = refusalOfPlace(warehouse, act.facility, items);
  if (refusal !== undefined) return refused(refusal);
  const order: WarehouseOrder = {
    id: act.id,
    facility: act.facility,
    lines: mergeLines(act.lines),
    packed: false,
    shipments: [],
    acceptedAt: warehouse.clock.now(),
  };
  warehouse.orders.set(order.id, order);
  noteOrder(warehouse, order, "order_accepted", act);
  allocateOrder(warehouse, order);
  return done({ order });
}

/** Puts what is in the tote into boxes. */
export function packOrder(warehouse: Warehouse, act: OrderAct): Acted {
  const order = warehouse.orders.get(act.id);
  if (order === undefined) return refused("unknown_order");
  if (totedUnits(order) === 0) return refused("nothing_picked");
  order.packed = true;
  noteOrder(warehouse, order, "packed", act);
  return done({ order });
}

/** What is not promised goes first, then what is not picked, then what lies in the tote. */
function cancelLine(warehouse: Warehouse, order: WarehouseOrder, line: OrderLine, asked: number): void {
  const open = line.ordered - line.cancelled - line.shipped;
  const units = Math.min(asked, open);
  const waiting = Math.min(units, waitingUnits(line));
  const allocated = Math.min(units - waiting, line.allocated);
  const toted = units - waiting - allocated;
  line.cancelled += units;
  line.allocated -= allocated;
  line.toted -= toted;
  line.toPutBack += toted;
  if (units === 0) return;
  const stock = stockAt(warehouse, order.facility, line.item);
  changeStock(
    warehouse,
    stock,
    { allocated: -allocated },
    { act: "cancelled", by: "keeper", units, document: { kind: "order", id: order.id } },
  );
}

/**
 * Cancels what has not left: all of it, or the given units. What was picked already lies in the tote until
 * `putBackOrder`.
 */
export function cancelOrder(warehouse: Warehouse, act: OrderAct & { lines?: readonly AskedLine[] }): Acted {
  const order = warehouse.orders.get(act.id);
  if (order === undefined) return refused("unknown_order");
  const state = stateOf(order);
  if (state === "shipped") return refused("already_shipped");
  if (state === "cancelled") return refused("already_cancelled");
  for (const line of order.lines) {
    const asked = act.lines?.find(({ item }) => item === line.item)?.units ?? 0;
    cancelLine(warehouse, order, line, act.lines === undefined ? Infinity : asked);
  }
  order.packed &&= totedUnits(order) > 0;
  markShort(warehouse, order);
  noteOrder(warehouse, order, "order_cancelled", act);
  for (const { item } of order.lines) settleAllocations(warehouse, stockAt(warehouse, order.facility, item));
  return done({ order });
}
