import type { ConnectorError } from "../contract/connector-error.ts";
import type { ShipmentFact } from "../contract/keeper/keeper-fact.ts";
import type { FulfilmentOrder } from "../contract/keeper/keeper.ts";
import { failed, type Outcome, succeeded } from "../contract/outcome.ts";
import type { ShipHeroClient } from "./client.ts";
import { CANCEL_ORDER, CREATE_ORDER, ORDER, ORDERS_OF_REFERENCE } from "./queries.ts";
import { type OrderDefaults, toOrder } from "./to-order.ts";
import { isCutOff, toShipment } from "./to-shipment.ts";
import { idOf } from "./vendor-id.ts";
import {
  cancelledOrderSchema,
  madeOrderSchema,
  oneOrderSchema,
  ordersSchema,
  type WireOrder,
} from "./wire.ts";

export type OrderName = { readonly reference: string } | { readonly keeperOrderId: string };

type Ending = Outcome<"cancelled" | "too_late" | "unknown">;

/** Reads, gives and cancels orders. */
export class OrderDesk {
  private readonly client: ShipHeroClient;
  private readonly defaults: OrderDefaults;

  constructor(client: ShipHeroClient, defaults: OrderDefaults) {
    this.client = client;
    this.defaults = defaults;
  }

  async read(name: OrderName): Promise<Outcome<ShipmentFact | null>> {
    const order = "reference" in name ? await this.find(name.reference) : await this.get(name.keeperOrderId);
    if (!order.ok) return order;
    return order.value === null ? succeeded(null) : this.factOf(order.value);
  }

  /** What an order as listed comes to; one whose lines were cut off is read again by itself. */
  async factOf(order: WireOrder): Promise<Outcome<ShipmentFact>> {
    if (!isCutOff(order)) return succeeded(toShipment(order, this.defaults.timeZone));
    const whole = await this.get(order.id);
    if (!whole.ok) return whole;
    if (whole.value !== null && !isCutOff(whole.value))
      return succeeded(toShipment(whole.value, this.defaults.timeZone));
    return failed({ kind: "bug", message: `ShipHero's order ${order.id} has more lines than can be read.` });
  }

  /**
   * One order per reference. ShipHero has no idempotency: the order is looked for before it is made, and again after any failure that
   * may have made it.
   */
  async create(order: FulfilmentOrder): Promise<Outcome<{ readonly keeperOrderId: string }>> {
    const data = toOrder(order, this.defaults);
    if (!data.ok) return data;
    const found = await this.find(order.reference);
    if (!found.ok) return found;
    if (found.value !== null) return succeeded({ keeperOrderId: found.value.id });
    const operation = { query: CREATE_ORDER, variables: { data: data.value }, budget: "writes" } as const;
    const made = await this.client.call(madeOrderSchema, operation);
    if (made.ok) return succeeded({ keeperOrderId: made.value.order_create.order.id });
    if (!mayBeThere(made.error)) return made;
    const there = await this.find(order.reference);
    return there.ok && there.value !== null ? succeeded({ keeperOrderId: there.value.id }) : made;
  }

  async cancel(order: {
    readonly reference: string;
    readonly keeperOrderId: string | null;
  }): Promise<Ending> {
    const orderId = await this.idOf(order);
    if (!orderId.ok) return orderId;
    if (orderId.value === null) return succeeded("unknown");
    const data = { order_id: orderId.value, reason: "Cancelled by the seller" };
    const operation = { query: CANCEL_ORDER, variables: { data }, budget: "writes" } as const;
    const cancelled = await this.client.call(cancelledOrderSchema, operation);
    const isRefused = cancelled.ok || ["rejected", "not_found"].includes(cancelled.error.kind);
    // What was answered is not taken for what stands: a part may have left before.
    return isRefused ? this.standing(orderId.value) : cancelled;
  }

  private async standing(orderId: string): Promise<Ending> {
    const order = await this.read({ keeperOrderId: orderId });
    if (!order.ok) return order;
    if (order.value === null) return succeeded("unknown");
    return succeeded(order.value.status === "cancelled" ? "cancelled" : "too_late");
  }

  private async idOf({
    reference,
    keeperOrderId,
  }: {
    readonly reference: string;
    readonly keeperOrderId: string | null;
  }): Promise<Outcome<string | null>> {
    if (keeperOrderId !== null) return succeeded(idOf("Order", keeperOrderId));
    const found = await this.find(reference);
    return found.ok ? succeeded(found.value?.id ?? null) : found;
  }

  private async get(orderId: string): Promise<Outcome<WireOrder | null>> {
    const variables = { id: idOf("Order", orderId) };
    const order = await this.client.call(oneOrderSchema, { query: ORDER, variables, budget: "reads" });
    if (order.ok) return succeeded(order.value.order.data);
    return order.error.kind === "not_found" ? succeeded(null) : order;
  }

  private async find(reference: string): Promise<Outcome<WireOrder | null>> {
    const operation = { query: ORDERS_OF_REFERENCE, variables: { reference }, budget: "writes" } as const;
    const orders = await this.client.call(ordersSchema, operation);
    if (!orders.ok) return orders.error.kind === "not_found" ? succeeded(null) : orders;
    const nodes = orders.value.orders.data.edges.map(({ node }) => node);
    return succeeded(nodes.find(({ partner_order_id: id }) => id === reference) ?? null);
  }
}

/** A refusal may be because it is there already; the others may have made it before they failed. */
function mayBeThere({ kind, mayHaveApplied }: ConnectorError): boolean {
  return kind === "rejected" || kind === "conflict" || mayHaveApplied === true;
}
