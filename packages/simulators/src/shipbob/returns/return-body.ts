import type { ReturnLine, WarehouseReturn } from "../../warehouse/documents.ts";
import { vendorTime, vendorTimeOrNull } from "../vendor/vendor-time.ts";
import { facilityCalled, itemCalled, type World } from "../world.ts";
import { type Return, returnStatus } from "./return-book.ts";

/** The warehouse's side of a return. */
export function goodsBehind({ warehouse }: World, { worldId }: Return): WarehouseReturn {
  const goods = warehouse.returns.get(worldId);
  if (goods === undefined) throw new Error(`the warehouse has no return ${worldId}`);
  return goods;
}

/** One line may be split over several actions. What did not come is told by its absence (ASSUMED). */
function actionsTaken({ dispositions: { restock, quarantine, dispose } }: ReturnLine) {
  const taken: [action: string, units: number][] = [
    ["Restock", restock],
    ["Quarantine", quarantine],
    ["Dispose", dispose],
  ];
  return taken
    .filter(([, units]) => units > 0)
    .map(([action, units]) => ({
      action,
      action_reason: null,
      quantity_processed: units,
      image_url: null,
    }));
}

/** A return, as answers and (ASSUMED) webhooks hold it. */
export function returnBody(world: World, goods: Return) {
  const source = goodsBehind(world, goods);
  const { id, name } = facilityCalled(world, source.facility);
  const at = (status: string): string | null =>
    vendorTimeOrNull(goods.history.find((entry) => entry.status === status)?.at ?? null);
  return {
    id: goods.id,
    reference_id: goods.referenceId,
    status: returnStatus(source),
    return_type: "Regular",
    store_order_id: goods.storeOrderId,
    original_shipment_id: goods.originalShipmentId,
    tracking_number: goods.trackingNumber,
    shipment_tracking_number: null,
    customer_name: null,
    fulfillment_center: { id, name },
    channel: { id: goods.channelId, name: world.catalogue.channels.get(goods.channelId)?.name ?? null },
    insert_date: vendorTime(goods.createdAt),
    awaiting_arrival_date: at("AwaitingArrival"),
    arrived_date: at("Arrived"),
    processing_date: at("Processing"),
    completed_date: at("Completed"),
    cancelled_date: at("Cancelled"),
    status_history: goods.history.map((entry) => ({ status: entry.status, timestamp: vendorTime(entry.at) })),
    inventory: source.lines.map((line) => {
      const item = itemCalled(world, line.item);
      return {
        id: item.inventoryId,
        name: item.name,
        sku: item.sku,
        quantity: Math.max(line.expected, line.arrived),
        barcodes: [],
        lot_information: null,
        action_requested: {
          action: goods.requested.get(item.sku) ?? "Default",
          action_type: null,
          instructions: null,
        },
        action_taken: actionsTaken(line),
      };
    }),
    invoice: null,
    transactions: [],
  };
}
