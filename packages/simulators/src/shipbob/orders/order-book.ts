import type { Identifiers } from "../identifiers.ts";
import type { Order, Shipment } from "./order.ts";

/** What a new order is made of. */
export type NewOrder = Omit<Order, "shipments" | "createdAt" | "updatedAt" | "isShippedTold">;

/** All orders, by the names they are asked for. */
export class OrderBook {
  readonly #byId = new Map<number, Order>();
  readonly #byWorldId = new Map<string, Order>();
  readonly #byReference = new Map<string, Order>();
  readonly #byShipment = new Map<number, Order>();
  readonly #ids: Identifiers;
  readonly #now: () => number;

  constructor(ids: Identifiers, now: () => number) {
    this.#ids = ids;
    this.#now = now;
  }

  all(): Order[] {
    return [...this.#byId.values()];
  }

  get(id: number): Order | undefined {
    return this.#byId.get(id);
  }

  ofWorld(worldId: string): Order | undefined {
    return this.#byWorldId.get(worldId);
  }

  /** References are unique within a channel, documented. */
  ofReference(channelId: number, referenceId: string): Order | undefined {
    return this.#byReference.get(JSON.stringify([channelId, referenceId]));
  }

  /** An order and the one of its shipments that was asked for. */
  ofShipment(shipmentId: number): { order: Order; shipment: Shipment } | undefined {
    const order = this.#byShipment.get(shipmentId);
    const shipment = order?.shipments.find(({ id }) => id === shipmentId);
    return order === undefined || shipment === undefined ? undefined : { order, shipment };
  }

  add(given: NewOrder): Order {
    const now = this.#now();
    const order: Order = { ...given, createdAt: now, updatedAt: now, shipments: [], isShippedTold: false };
    this.#byId.set(order.id, order);
    this.#byWorldId.set(order.worldId, order);
    this.#byReference.set(JSON.stringify([order.channelId, order.referenceId]), order);
    this.openShipment(order);
    return order;
  }

  /** What is left of the order goes into a shipment of its own. */
  openShipment(order: Order): Shipment {
    const now = this.#now();
    const shipment: Shipment = {
      id: this.#ids.next("shipment"),
      state: "open",
      lines: [],
      createdAt: now,
      updatedAt: now,
      completedAt: null,
      deliveredAt: null,
      trackingNumber: null,
      toldStatus: "Processing",
    };
    order.shipments.push(shipment);
    this.#byShipment.set(shipment.id, order);
    return shipment;
  }
}
