import type { InboundAnnouncement } from "../contract/keeper/keeper.ts";
import { failed, type Outcome, succeeded } from "../contract/outcome.ts";
import type { ShipBobClient } from "./client.ts";
import type { InventoryDirectory } from "./inventory-directory.ts";
import { toReceivingOrder } from "./to-order.ts";
import { receivingOrderSchema, receivingOrdersSchema, type WireReceivingOrder } from "./wire.ts";

export interface InboundDeskOptions {
  readonly client: ShipBobClient;
  readonly directory: InventoryDirectory;
  readonly clock: { now(): number };
  /** The channel that our writes name. */
  readonly readChannelId: () => Promise<Outcome<string>>;
}

/** Announces and cancels deliveries: warehouse receiving orders (WRO), under our reference as their purchase order's number. */
export class InboundDesk {
  private readonly client: ShipBobClient;
  private readonly directory: InventoryDirectory;
  private readonly clock: { now(): number };
  private readonly readChannelId: () => Promise<Outcome<string>>;

  constructor({ client, directory, clock, readChannelId }: InboundDeskOptions) {
    this.client = client;
    this.directory = directory;
    this.clock = clock;
    this.readChannelId = readChannelId;
  }

  /** ShipBob would take the same number twice: it is looked for first, which also finds what got no answer. */
  async announce(inbound: InboundAnnouncement): Promise<Outcome<{ readonly keeperInboundId: string }>> {
    if (!/^\d+$/.test(inbound.facility)) {
      const message = `${inbound.facility} is no facility of ShipBob.`;
      return failed({ kind: "rejected", code: "unknown_facility", message });
    }
    const found = await this.find(inbound.reference);
    if (!found.ok) return found;
    if (found.value !== null) return succeeded({ keeperInboundId: found.value.id });
    const inventoryIdOf = await this.directory.numbersOfAll(inbound.lines.map(({ item }) => item));
    if (!inventoryIdOf.ok) return inventoryIdOf;
    const channelId = await this.readChannelId();
    if (!channelId.ok) return channelId;
    const made = await this.client.call(receivingOrderSchema, {
      method: "POST",
      path: "/receiving",
      json: toReceivingOrder(inbound, inventoryIdOf.value, this.clock.now()),
      channelId: channelId.value,
    });
    return made.ok ? succeeded({ keeperInboundId: made.value.id }) : made;
  }

  async cancel(inbound: {
    readonly reference: string;
    readonly keeperInboundId: string | null;
  }): Promise<Outcome<"cancelled" | "too_late" | "unknown">> {
    const id = await this.idOf(inbound);
    if (!id.ok) return id;
    if (id.value === null) return succeeded("unknown");
    const channelId = await this.readChannelId();
    if (!channelId.ok) return channelId;
    const path = `/receiving/${encodeURIComponent(id.value)}`;
    const cancelled = await this.client.call(receivingOrderSchema, {
      method: "POST",
      path: `${path}:cancel`,
      channelId: channelId.value,
    });
    // Refused: it may have been cancelled before, or be unloaded already.
    const isRefused = !cancelled.ok && cancelled.error.kind === "rejected";
    const standing = isRefused
      ? await this.client.call(receivingOrderSchema, { method: "GET", path })
      : cancelled;
    if (standing.ok) return succeeded(standing.value.status === "Cancelled" ? "cancelled" : "too_late");
    return standing.error.kind === "not_found" ? succeeded("unknown") : standing;
  }

  private async idOf({
    reference,
    keeperInboundId,
  }: {
    readonly reference: string;
    readonly keeperInboundId: string | null;
  }): Promise<Outcome<string | null>> {
    if (keeperInboundId !== null) return succeeded(keeperInboundId);
    const found = await this.find(reference);
    return found.ok ? succeeded(found.value?.id ?? null) : found;
  }

  private async find(reference: string): Promise<Outcome<WireReceivingOrder | null>> {
    const query = { PurchaseOrderNumbers: reference };
    const call = { method: "GET", path: "/receiving", query } as const;
    const orders = await this.client.call(receivingOrdersSchema, call);
    // 404 is documented beside 200: an empty list or none.
    if (!orders.ok) return orders.error.kind === "not_found" ? succeeded(null) : orders;
    return succeeded(orders.value.find(({ purchase_order_number: number }) => number === reference) ?? null);
  }
}
