import type { ReceiptFact } from "../contract/keeper/keeper-fact.ts";
import type { InboundAnnouncement } from "../contract/keeper/keeper.ts";
import { failed, type Outcome, succeeded } from "../contract/outcome.ts";
import type { ShipHeroClient } from "./client.ts";
import {
  CANCEL_PURCHASE_ORDER,
  CREATE_PURCHASE_ORDER,
  PURCHASE_ORDER,
  PURCHASE_ORDER_BY_ID,
} from "./queries.ts";
import { toPurchaseOrder } from "./to-order.ts";
import { isCutOff, statusOf, toReceipt } from "./to-receipt.ts";
import { idOf } from "./vendor-id.ts";
import {
  cancelledPurchaseOrderSchema,
  madePurchaseOrderSchema,
  onePurchaseOrderSchema,
  type WirePurchaseOrder,
} from "./wire.ts";

type Ending = Outcome<"cancelled" | "too_late" | "unknown">;

/** Announces and cancels deliveries: purchase orders, numbered by our reference. */
export class InboundDesk {
  private readonly client: ShipHeroClient;
  private readonly timeZone: string;

  constructor(client: ShipHeroClient, timeZone: string) {
    this.client = client;
    this.timeZone = timeZone;
  }

  /** Looked for before it is made, and again after a failure that may have made it. */
  async announce(inbound: InboundAnnouncement): Promise<Outcome<{ readonly keeperInboundId: string }>> {
    const found = await this.find(inbound.reference);
    if (!found.ok) return found;
    if (found.value !== null) return succeeded({ keeperInboundId: found.value.id });
    const data = toPurchaseOrder(inbound, this.timeZone);
    const operation = { query: CREATE_PURCHASE_ORDER, variables: { data }, budget: "writes" } as const;
    const made = await this.client.call(madePurchaseOrderSchema, operation);
    if (made.ok) return succeeded({ keeperInboundId: made.value.purchase_order_create.purchase_order.id });
    if (made.error.kind !== "rejected" && made.error.mayHaveApplied !== true) return made;
    const there = await this.find(inbound.reference);
    return there.ok && there.value !== null ? succeeded({ keeperInboundId: there.value.id }) : made;
  }

  async cancel({
    reference,
    keeperInboundId,
  }: {
    readonly reference: string;
    readonly keeperInboundId: string | null;
  }): Promise<Ending> {
    const standing = keeperInboundId === null ? await this.find(reference) : await this.get(keeperInboundId);
    if (!standing.ok) return standing;
    if (standing.value === null) return succeeded("unknown");
    const order = standing.value;
    if (statusOf(order.fulfillment_status ?? "") === "cancelled") return succeeded("cancelled");
    // ShipHero would cancel what is half unloaded too: the rest of it still comes.
    if (order.line_items.edges.some(({ node }) => (node.quantity_received ?? 0) > 0))
      return succeeded("too_late");
    const operation = { query: CANCEL_PURCHASE_ORDER, variables: { data: { po_id: order.id } } };
    const cancelled = await this.client.call(cancelledPurchaseOrderSchema, {
      ...operation,
      budget: "writes",
    });
    if (cancelled.ok) {
      const { fulfillment_status: status } = cancelled.value.purchase_order_cancel.purchase_order;
      return succeeded(statusOf(status ?? "") === "cancelled" ? "cancelled" : "too_late");
    }
    if (cancelled.error.kind === "not_found") return succeeded("unknown");
    return cancelled.error.kind === "rejected" ? succeeded("too_late") : cancelled;
  }

  /** What a purchase order as listed comes to; one whose lines were cut off is read again by itself. */
  async factOf(order: WirePurchaseOrder): Promise<Outcome<ReceiptFact>> {
    if (!isCutOff(order)) return succeeded(toReceipt(order, this.timeZone));
    const whole = await this.get(order.id);
    if (!whole.ok) return whole;
    if (whole.value !== null && !isCutOff(whole.value))
      return succeeded(toReceipt(whole.value, this.timeZone));
    return failed({
      kind: "bug",
      message: `ShipHero's purchase order ${order.id} has more lines than can be read.`,
    });
  }

  private find(number: string): Promise<Outcome<WirePurchaseOrder | null>> {
    return this.one(PURCHASE_ORDER, { number });
  }

  private get(id: string): Promise<Outcome<WirePurchaseOrder | null>> {
    return this.one(PURCHASE_ORDER_BY_ID, { id: idOf("PurchaseOrder", id) });
  }

  private async one(
    query: string,
    variables: Readonly<Record<string, string>>,
  ): Promise<Outcome<WirePurchaseOrder | null>> {
    const order = await this.client.call(onePurchaseOrderSchema, { query, variables, budget: "writes" });
    if (order.ok) return succeeded(order.value.purchase_order.data);
    return order.error.kind === "not_found" ? succeeded(null) : order;
  }
}
