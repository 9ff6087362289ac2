import type { KeyedRandom } from "../../keyed-random.ts";
import type { WarehouseOrder } from "../../warehouse/documents.ts";
import { stateOf, waitingUnits } from "../../warehouse/documents.ts";
import type { Warehouse } from "../../warehouse/warehouse.ts";
import type { ShipHeroFaults } from "../faults.ts";
import { History } from "../history.ts";
import type { Identifiers } from "../identifiers.ts";
import { shareAmongLines } from "../line-share.ts";
import type { NewOrder, Order, OrderLine, OrderView, Shipment } from "./order.ts";

interface OrderParts {
  now: () => number;
  random: KeyedRandom;
  faults: ShipHeroFaults;
  ids: Identifiers;
  warehouse: Warehouse;
}

function sumOver(
  parts: readonly WarehouseOrder[],
  sku: string,
  count: (line: WarehouseOrder["lines"][0]) => number,
) {
  let units = 0;
  for (const { lines } of parts) for (const line of lines) if (line.item === sku) units += count(line);
  return units;
}

function statusOf(parts: readonly WarehouseOrder[]): OrderView["status"] {
  const states = parts.map(stateOf);
  if (states.some((state) => state !== "shipped" && state !== "cancelled")) return "pending";
  return states.includes("shipped") ? "fulfilled" : "canceled";
}

/** The vendor's orders: its own papers, and behind each the order that the warehouse works on. */
export class OrderBook {
  readonly #parts: OrderParts;
  readonly #orders = new Map<number, Order>();
  readonly #byWorldId = new Map<string, Order>();
  readonly #byReference = new Map<string, Order>();
  readonly #views: History<number, OrderView>;
  readonly #dirty = new Set<Order>();

  constructor(parts: OrderParts) {
    this.#parts = parts;
    this.#views = new History(parts);
  }

  /** Makes the papers; whoever calls hands the order to the warehouse under the ids of its parts. */
  open({ lines, facilities, ...papers }: NewOrder): Order {
    const { ids, now } = this.#parts;
    const legacyId = ids.next("Order");
    const at = now();
    const order: Order = {
      ...papers,
      legacyId,
      lines: lines.map((line): OrderLine => ({ ...line, legacyId: ids.next("LineItem"), createdAt: at })),
      parts: facilities.map((facility, index) => ({
        facility,
        worldId: papers.worldId ?? (index === 0 ? String(legacyId) : `${legacyId}-${index + 1}`),
      })),
      allocations: new Map(),
      shipments: [],
      createdAt: at,
      updatedAt: at,
    };
    this.#orders.set(legacyId, order);
    for (const { worldId } of order.parts) this.#byWorldId.set(worldId, order);
    this.#byReference.set(referenceKey(order), order);
    this.#dirty.add(order);
    return order;
  }

  /** The order with the same partner id (or, without one, number) at the same shop. */
  sameReference(papers: Pick<Order, "partnerOrderId" | "orderNumber" | "shopName">): Order | undefined {
    return this.#byReference.get(referenceKey(papers));
  }

  latest(legacyId: number | undefined): Order | undefined {
    return legacyId === undefined ? undefined : this.#orders.get(legacyId);
  }

  ofWorld(worldId: string): Order | undefined {
    return this.#byWorldId.get(worldId);
  }

  /** The order that people mean: by the warehouse's id, its number, or the partner's id. */
  ofReference(name: string): Order | undefined {
    const isMeant = ({ orderNumber, partnerOrderId }: Order): boolean =>
      orderNumber === name || partnerOrderId === name;
    return this.#byWorldId.get(name) ?? [...this.#orders.values()].find(isMeant);
  }

  /** Something about it has changed. */
  touch(order: Order): void {
    order.updatedAt = this.#parts.now();
    this.#dirty.add(order);
  }

  /** As it is, whatever reads show. */
  viewOf(order: Order): OrderView {
    this.#refresh();
    const view = this.#views.latest(order.legacyId);
    if (view === undefined) throw new Error(`order ${order.legacyId} was never looked at`);
    return view;
  }

  read(legacyId: number | undefined): OrderView | undefined {
    this.#refresh();
    return legacyId === undefined ? undefined : this.#views.read(legacyId);
  }

  readAll(): OrderView[] {
    this.#refresh();
    return this.#views.readAll();
  }

  /** The papers of what just left: the warehouse's lines, dealt out to the order's. */
  addShipment(order: Order, part: WarehouseOrder): Shipment {
    const left = part.shipments.at(-1);
    if (left === undefined) throw new Error(`nothing of order ${order.legacyId} has left`);
    const { ids, random, now } = this.#parts;
    const shippedBefore = this.#shippedOf(order);
    const leaving = order.lines
      .map((line) => ({
        sku: line.sku,
        quantity: line.quantity - (shippedBefore.get(line.legacyId) ?? 0),
        line,
      }))
      .filter(({ quantity }) => quantity > 0);
    const shares = shareAmongLines(leaving, (sku) => left.lines.find(({ item }) => item === sku)?.units ?? 0);
    const legacyId = ids.next("Shipment");
    const shipment: Shipment = {
      legacyId,
      facility: part.facility,
      at: now(),
      labelLegacyId: ids.next("ShippingLabel"),
      trackingNumber: `1Z${random.hex(`tracking|${legacyId}`, 16).toUpperCase()}`,
      lines: leaving
        .map((one) => ({ line: one.line, units: shares.of(one) }))
        .filter(({ units }) => units > 0)
        .map(({ line, units }) => ({ legacyId: ids.next("ShippedLineItem"), line, units })),
    };
    order.shipments.push(shipment);
    this.touch(order);
    return shipment;
  }

  #shippedOf({ shipments }: Order): Map<number, number> {
    const shipped = new Map<number, number>();
    for (const { line, units } of shipments.flatMap(({ lines }) => lines)) {
      shipped.set(line.legacyId, (shipped.get(line.legacyId) ?? 0) + units);
    }
    return shipped;
  }

  #refresh(): void {
    for (const order of this.#dirty) this.#views.put(order.legacyId, this.#draw(order), order.updatedAt);
    this.#dirty.clear();
  }

  #draw(order: Order): OrderView {
    const parts = order.parts
      .map(({ worldId }) => this.#parts.warehouse.orders.get(worldId))
      .filter((part) => part !== undefined);
    const dealt = (count: (line: WarehouseOrder["lines"][0]) => number) =>
      shareAmongLines(order.lines, (sku) => sumOver(parts, sku, count));
    const shipped = dealt((line) => line.shipped);
    const allocated = dealt((line) => line.allocated + line.toted);
    const cancelled = dealt((line) => line.cancelled);
    const waiting = dealt(waitingUnits);
    return {
      order,
      status: statusOf(parts),
      updatedAt: order.updatedAt,
      shipments: [...order.shipments],
      allocations: [...order.allocations.values()],
      lines: order.lines.map((line) => ({
        line,
        shipped: shipped.of(line),
        allocated: allocated.of(line),
        cancelled: cancelled.of(line),
        waiting: waiting.of(line),
      })),
    };
  }
}

function referenceKey({
  partnerOrderId,
  orderNumber,
  shopName,
}: Pick<Order, "partnerOrderId" | "orderNumber" | "shopName">) {
  return JSON.stringify([shopName, partnerOrderId ?? orderNumber]);
}
