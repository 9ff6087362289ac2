import { stateOf, totedUnits, type WarehouseOrder } from "../documents.ts";
import { cancelOrder, packOrder } from "../order-acts.ts";
import { type PickerError, pickOrder, putBackOrder } from "../pick-acts.ts";
import { shipOrder } from "../ship-acts.ts";
import type { Warehouse } from "../warehouse.ts";
import type { FloorSettings } from "./floor-settings.ts";
import type { FloorStep } from "./floor.ts";

const by = "floor";

function pickerErrors(
  warehouse: Warehouse,
  settings: FloorSettings,
  { facility, lines }: WarehouseOrder,
  key: string,
): PickerError[] {
  const { random } = warehouse;
  return lines.map(({ item }) => {
    const others = [...warehouse.items].filter((other) => other !== item);
    const other = others[random.between(`${key}|${item}|other`, 0, Math.max(0, others.length - 1))];
    const wrong = other !== undefined && random.chance(`${key}|${item}|mispick`, settings.mispick);
    const unseen = random.chance(`${key}|${item}|unseen`, settings.unseenPick) ? 1 : 0;
    return { item, facility, unseen, ...(wrong ? { mispick: { item: other, units: 1 } } : {}) };
  });
}

function ship(warehouse: Warehouse, settings: FloorSettings, order: WarehouseOrder, key: string): void {
  const { id } = order;
  const [first] = order.lines.filter(({ toted }) => toted > 0);
  const isSplit =
    order.shipments.length === 0 &&
    totedUnits(order) > 1 &&
    warehouse.random.chance(`${key}|split`, settings.splitShipment);
  if (isSplit && first !== undefined) {
    shipOrder(warehouse, { id, by, lines: [{ item: first.item, units: Math.ceil(first.toted / 2) }] });
    return;
  }
  shipOrder(warehouse, { id, by });
  if (stateOf(order) === "short") cancelOrder(warehouse, { id, by, reason: "short" });
}

/** What somebody does next with an order. */
export function orderStep(warehouse: Warehouse, settings: FloorSettings, id: string): FloorStep | undefined {
  const order = warehouse.orders.get(id);
  if (order === undefined) return undefined;
  const nth = order.shipments.length;
  if (order.lines.some(({ toPutBack }) => toPutBack > 0)) {
    return {
      name: "putBack",
      after: settings.putBackAfterMs,
      nth,
      run: () => putBackOrder(warehouse, { id, by }),
    };
  }
  if (order.lines.some(({ allocated }) => allocated > 0)) {
    const picks = order.lines.reduce((sum, line) => sum + line.short + line.toted + line.shipped, 0);
    return {
      name: "pick",
      after: settings.pickAfterMs,
      nth: picks,
      run: (key) => pickOrder(warehouse, { id, by, errors: pickerErrors(warehouse, settings, order, key) }),
    };
  }
  if (totedUnits(order) === 0 || (stateOf(order) === "short" && settings.shortOrders === "hold"))
    return undefined;
  if (!order.packed) {
    return { name: "pack", after: settings.packAfterMs, nth, run: () => packOrder(warehouse, { id, by }) };
  }
  return {
    name: "ship",
    after: settings.shipAfterMs,
    nth,
    run: (key) => ship(warehouse, settings, order, key),
  };
}
