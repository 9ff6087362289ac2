import { stateOf } from "../../warehouse/documents.ts";
import type { WarehouseEvent } from "../../warehouse/journal.ts";
import { stockAt } from "../../warehouse/warehouse.ts";
import { poUpdateBody } from "../inbound/po-update-body.ts";
import type { PurchaseOrder } from "../inbound/purchase-order-book.ts";
import { inventoryChangeBody, inventoryUpdateBody } from "../inventory/inventory-bodies.ts";
import type { Level } from "../inventory/level-book.ts";
import { orderAllocatedBody, orderCanceledBody, shipmentUpdateBody } from "../orders/order-bodies.ts";
import type { Order } from "../orders/order.ts";
import { returnUpdateBody } from "../returns/return-update-body.ts";
import type { World } from "../world.ts";
import { strangerOrder, strangerPurchaseOrder } from "./stranger-papers.ts";

/** "Inventory Update" fires on these four, documented. */
function isWorthTelling(before: Level | undefined, after: Level): boolean {
  if (before === undefined) return true;
  return (
    before.onHand !== after.onHand ||
    before.allocated !== after.allocated ||
    before.sellAhead !== after.sellAhead ||
    before.reserve !== after.reserve
  );
}

/** The world without what watches over it. */
type WatchedWorld = Omit<World, "news">;

/** Watches the building, keeps the vendor's books up to date and tells who registered for it. */
export class WarehouseNews {
  readonly #world: WatchedWorld;
  /** What is to be told of a document once the act under way is over. */
  readonly #announced = new Set<string>();

  constructor(world: WatchedWorld) {
    this.#world = world;
  }

  /** Takes in what lies there already, and listens from now on. */
  start(): void {
    const { warehouse, levels, catalogue } = this.#world;
    for (const facility of warehouse.facilities) catalogue.siteOf(facility);
    for (const item of warehouse.items) catalogue.nameProduct(item);
    for (const stock of warehouse.stocks.values()) levels.refresh(stock);
    warehouse.journal.subscribe((event) => this.#hear(event));
  }

  /** Something outside the building changed a level: a reserve, units that may be sold ahead. */
  levelMayHaveChanged(facility: string, sku: string): void {
    this.#noteLevel(stockAt(this.#world.warehouse, facility, sku));
  }

  purchaseOrderChanged(purchaseOrder: PurchaseOrder): void {
    const { purchaseOrders, webhooks } = this.#world;
    this.#announce(`po|${purchaseOrder.legacyId}`, () =>
      webhooks.publish("PO Update", poUpdateBody(this.#world, purchaseOrders.viewOf(purchaseOrder))),
    );
  }

  #hear(event: WarehouseEvent): void {
    this.#world.catalogue.siteOf(event.facility);
    if (event.item !== null) this.#world.catalogue.nameProduct(event.item);
    const number = this.#hearDocument(event);
    const { item, before, after, facility } = event;
    if (item === null || before === null || after === null) return;
    for (const change of this.#world.changes.note({ ...event, item }, number)) {
      this.#world.webhooks.publish("Inventory Change", inventoryChangeBody(this.#world, change));
    }
    this.#noteLevel({ facility, item, record: after.record, allocated: after.allocated });
  }

  #noteLevel(stock: Parameters<WatchedWorld["levels"]["refresh"]>[0]): void {
    const { levels, webhooks } = this.#world;
    const { before, after } = levels.refresh(stock);
    if (isWorthTelling(before, after)) {
      webhooks.publish("Inventory Update", inventoryUpdateBody(this.#world, after));
    }
  }

  /** Notes what happened to a document; answers what people call it. */
  #hearDocument(event: WarehouseEvent): string {
    switch (event.document?.kind) {
      case "order":
        return this.#hearOrder(event, event.document.id);
      case "inbound":
        return this.#hearInbound(event, event.document.id);
      case "return":
        return this.#hearReturn(event, event.document.id);
      case "transfer":
        return event.document.id;
      default:
        return "";
    }
  }

  #hearOrder(event: WarehouseEvent, worldId: string): string {
    const { orders, warehouse, webhooks } = this.#world;
    const part = warehouse.orders.get(worldId);
    if (part === undefined) return worldId;
    const order = orders.ofWorld(worldId) ?? orders.open(strangerOrder(this.#world, part));
    orders.touch(order);
    if (event.act === "allocated") this.#noteAllocation(order, event.facility);
    if (event.act === "shipment_left") {
      const shipment = orders.addShipment(order, part);
      webhooks.publish("Shipment Update", shipmentUpdateBody(this.#world, order, shipment));
    }
    if (event.act === "order_cancelled" && stateOf(part) === "cancelled") this.#announceCancelled(order);
    return order.orderNumber;
  }

  /** An allocation that goes on after a while is another one, with a reference of its own. */
  #noteAllocation(order: Order, facility: string): void {
    const { clock, random, orders, webhooks } = this.#world;
    const key = `allocated|${order.legacyId}|${facility}`;
    if (this.#announced.has(key)) return;
    const at = clock.now();
    const reference = random.between(`${key}|${at}`, 100_000_000, 999_999_999);
    order.allocations.set(facility, { facility, reference, at });
    this.#announce(key, () =>
      webhooks.publish("Order Allocated", orderAllocatedBody(this.#world, orders.viewOf(order), facility)),
    );
  }

  #announceCancelled(order: Order): void {
    const { orders, webhooks } = this.#world;
    this.#announce(`canceled|${order.legacyId}`, () => {
      const view = orders.viewOf(order);
      if (view.status === "canceled")
        webhooks.publish("Order Canceled", orderCanceledBody(this.#world, view));
    });
  }

  #hearInbound({ act, at }: WarehouseEvent, worldId: string): string {
    const { purchaseOrders, warehouse } = this.#world;
    const inbound = warehouse.inbounds.get(worldId);
    if (inbound === undefined) return worldId;
    const found = purchaseOrders.ofWorld(worldId) ?? purchaseOrders.open(strangerPurchaseOrder(inbound));
    if (act === "inbound_arrived" || act === "received") found.arrivedAt ??= at;
    if (act === "inbound_closed") found.closedAt = at;
    purchaseOrders.touch(found);
    this.purchaseOrderChanged(found);
    return found.poNumber;
  }

  #hearReturn({ facility }: WarehouseEvent, worldId: string): string {
    const { returns, orders, warehouse, webhooks } = this.#world;
    const source = warehouse.returns.get(worldId);
    if (source === undefined) return worldId;
    const order = source.orderId === null ? null : (orders.ofReference(source.orderId) ?? null);
    const goods = returns.ofWorld(worldId) ?? returns.open(worldId, facility, order);
    returns.touch(goods);
    this.#announce(`return|${goods.legacyId}`, () =>
      webhooks.publish("Return Update", returnUpdateBody(this.#world, returns.viewOf(goods))),
    );
    return String(goods.legacyId);
  }

  /** Told once the act is over, since its figures are on the move until then; once, however much of it there was. */
  #announce(key: string, tell: () => void): void {
    if (this.#announced.has(key)) return;
    this.#announced.add(key);
    this.#world.clock.schedule(0, () => {
      this.#announced.delete(key);
      tell();
    });
  }
}
