import type { ShipmentFact } from "../contract/keeper/keeper-fact.ts";
import type { FulfilmentOrder } from "../contract/keeper/keeper.ts";
import { failed, type Outcome, succeeded } from "../contract/outcome.ts";
import type { ShipBobClient } from "./client.ts";
import type { InventoryDirectory } from "./inventory-directory.ts";
import { toOrder } from "./to-order.ts";
import { inventoryIdsIn, toShipment } from "./to-shipment.ts";
import { cancellationSchema, createdSchema, orderSchema, ordersSchema, type WireOrder } from "./wire.ts";

export interface OrderDeskOptions {
  readonly client: ShipBobClient;
  readonly directory: InventoryDirectory;
  readonly shippingMethod: string;
  /** The channel that our orders stand in. */
  readonly readChannelId: () => Promise<Outcome<string>>;
}

export type OrderName = { readonly reference: string } | { readonly keeperOrderId: string };

/** Reads, gives and cancels orders. */
export class OrderDesk {
  private readonly options: OrderDeskOptions;

  constructor(options: OrderDeskOptions) {
    this.options = options;
  }

  async read(name: OrderName): Promise<Outcome<ShipmentFact | null>> {
    const order = "reference" in name ? await this.find(name.reference) : await this.get(name.keeperOrderId);
    if (!order.ok) return order;
    if (order.value === null) return succeeded(null);
    const itemOf = await this.options.directory.itemsOf(inventoryIdsIn(order.value));
    return itemOf.ok ? succeeded(toShipment(order.value, itemOf.value)) : itemOf;
  }

  /**
   * One order per reference: it is looked for before it is made, and again when ShipBob says that it is there (422, documented for a
   * reference that was used). What got no answer is asked again by the caller, and found.
   */
  async create(order: FulfilmentOrder): Promise<Outcome<{ readonly keeperOrderId: string }>> {
    const body = toOrder(order, this.options.shippingMethod);
    if (!body.ok) return body;
    const found = await this.find(order.reference);
    if (!found.ok) return found;
    if (found.value !== null) return succeeded({ keeperOrderId: found.value.id });
    const channelId = await this.options.readChannelId();
    if (!channelId.ok) return channelId;
    const made = await this.options.client.call(createdSchema, {
      method: "POST",
      path: "/order",
      json: body.value,
      channelId: channelId.value,
    });
    if (made.ok) return succeeded({ keeperOrderId: made.value.id });
    if (made.error.kind !== "rejected") return made;
    const rival = await this.find(order.reference);
    return rival.ok && rival.value !== null ? succeeded({ keeperOrderId: rival.value.id }) : made;
  }

  async cancel(order: {
    readonly reference: string;
    readonly keeperOrderId: string | null;
  }): Promise<Outcome<"cancelled" | "too_late" | "unknown">> {
    const orderId = await this.idOf(order);
    if (!orderId.ok) return orderId;
    if (orderId.value === null) return succeeded("unknown");
    const channelId = await this.options.readChannelId();
    if (!channelId.ok) return channelId;
    const cancelled = await this.options.client.call(cancellationSchema, {
      method: "POST",
      path: `/order/${encodeURIComponent(orderId.value)}:cancel`,
      channelId: channelId.value,
    });
    if (cancelled.ok && cancelled.value.status === "Success") return succeeded("cancelled");
    const isRefused = cancelled.ok || ["rejected", "not_found"].includes(cancelled.error.kind);
    return isRefused ? this.afterRefusal(orderId.value) : cancelled;
  }

  /** Refused, or done only in part: it may have been cancelled before, be on its way out, or never have been there. */
  private async afterRefusal(orderId: string): Promise<Outcome<"cancelled" | "too_late" | "unknown">> {
    const standing = await this.read({ keeperOrderId: orderId });
    if (!standing.ok) return standing;
    if (standing.value === null) return succeeded("unknown");
    return succeeded(standing.value.status === "cancelled" ? "cancelled" : "too_late");
  }

  private async idOf({
    reference,
    keeperOrderId,
  }: {
    readonly reference: string;
    readonly keeperOrderId: string | null;
  }): Promise<Outcome<string | null>> {
    if (keeperOrderId !== null) return succeeded(keeperOrderId);
    const found = await this.find(reference);
    return found.ok ? succeeded(found.value?.id ?? null) : found;
  }

  private async get(orderId: string): Promise<Outcome<WireOrder | null>> {
    const path = `/order/${encodeURIComponent(orderId)}`;
    const order = await this.options.client.call(orderSchema, { method: "GET", path });
    return !order.ok && order.error.kind === "not_found" ? succeeded(null) : order;
  }

  private async find(reference: string): Promise<Outcome<WireOrder | null>> {
    // The filter is a list joined by commas.
    if (reference.includes(","))
      return failed({ kind: "bug", message: "A reference for ShipBob has no comma." });
    const query = { ReferenceIds: reference };
    const orders = await this.options.client.call(ordersSchema, { method: "GET", path: "/order", query });
    if (!orders.ok) return orders;
    return succeeded(orders.value.find(({ reference_id: id }) => id === reference) ?? null);
  }
}
