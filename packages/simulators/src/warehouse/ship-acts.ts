import { type ActOutcome, done, namesTwice, refused } from "./act-outcome.ts";
import { type OrderShipment, totedUnits, type WarehouseOrder } from "./documents.ts";
import type { OrderAct } from "./order-acts.ts";
import { emptyTote } from "./tote.ts";
import { noteEvent, type Warehouse } from "./warehouse.ts";

/**
 * A packed order leaves: all that is packed, or the given units of it. The rest stays packed for a shipment of
 * its own.
 */
export function shipOrder(
  warehouse: Warehouse,
  act: OrderAct & { lines?: readonly { item: string; units: number }[] | undefined },
): ActOutcome<{ order: WarehouseOrder; shipment: OrderShipment }> {
  const order = warehouse.orders.get(act.id);
  if (order === undefined) return refused("unknown_order");
  if (!order.packed) return refused("not_packed");
  const asked = act.lines ?? order.lines.map(({ item, toted }) => ({ item, units: toted }));
  const leaving = asked.filter(({ units }) => units > 0);
  if (leaving.length === 0) return refused("empty");
  if (namesTwice(leaving)) return refused("duplicate");
  const totedOf = (item: string): number => order.lines.find((line) => line.item === item)?.toted ?? 0;
  if (leaving.some(({ item, units }) => units > totedOf(item))) return refused("not_enough");
  const { by = "control", reason } = act;
  const shipment: OrderShipment = {
    id: `${order.id}-${order.shipments.length + 1}`,
    at: warehouse.clock.now(),
    lines: leaving.map(({ item, units }) => ({ item, units })),
  };
  const document = { kind: "order", id: order.id, shipmentId: shipment.id } as const;
  for (const { item, units } of leaving) {
    const line = order.lines.find((known) => known.item === item);
    if (line === undefined) continue;
    line.toted -= units;
    line.shipped += units;
    emptyTote(warehouse, {
      order,
      line,
      units,
      to: "out",
      note: { act: "shipped", by, units, document, reason },
    });
  }
  order.shipments.push(shipment);
  order.packed = totedUnits(order) > 0;
  const units = leaving.reduce((sum, line) => sum + line.units, 0);
  noteEvent(warehouse, { act: "shipment_left", by, units, document, reason, facility: order.facility });
  return done({ order, shipment });
}
