import { type OrderLine, waitingUnits, type WarehouseOrder } from "./documents.ts";
import { recordedFree, type Stock } from "./stock.ts";
import { changeStock, stockAt, type Warehouse } from "./warehouse.ts";

function allocateLine(warehouse: Warehouse, order: WarehouseOrder, line: OrderLine): void {
  const stock = stockAt(warehouse, order.facility, line.item);
  const units = Math.min(waitingUnits(line), recordedFree(stock));
  if (units <= 0) return;
  line.allocated += units;
  changeStock(
    warehouse,
    stock,
    { allocated: units },
    { act: "allocated", by: "keeper", units, document: { kind: "order", id: order.id } },
  );
}

/** Keeps an order among the short ones exactly as long as it is. */
export function markShort(warehouse: Warehouse, order: WarehouseOrder): void {
  if (order.lines.some((line) => waitingUnits(line) > 0)) warehouse.shortOrders.add(order);
  else warehouse.shortOrders.delete(order);
}

/** Promises the order what the record has free. */
export function allocateOrder(warehouse: Warehouse, order: WarehouseOrder): void {
  for (const line of order.lines) allocateLine(warehouse, order, line);
  markShort(warehouse, order);
}

/** The youngest orders lose first what the record no longer has. */
function takeBackExcess(warehouse: Warehouse, stock: Stock): void {
  const orders = [...warehouse.orders.values()].toReversed();
  for (const order of orders) {
    if (recordedFree(stock) >= 0) return;
    if (order.facility !== stock.facility) continue;
    for (const line of order.lines.filter(({ item }) => item === stock.item)) {
      const units = Math.min(line.allocated, -recordedFree(stock));
      if (units <= 0) continue;
      line.allocated -= units;
      changeStock(
        warehouse,
        stock,
        { allocated: -units },
        { act: "deallocated", by: "keeper", units, document: { kind: "order", id: order.id } },
      );
    }
    markShort(warehouse, order);
  }
}

/** After the record's shelf has changed: promises what came free, takes back what is not there. */
export function settleAllocations(warehouse: Warehouse, stock: Stock): void {
  if (recordedFree(stock) < 0) takeBackExcess(warehouse, stock);
  for (const order of warehouse.shortOrders) {
    if (recordedFree(stock) <= 0) return;
    if (order.facility === stock.facility) allocateOrder(warehouse, order);
  }
}
