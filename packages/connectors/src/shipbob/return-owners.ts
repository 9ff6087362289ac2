import { type Outcome, succeeded } from "../contract/outcome.ts";
import type { ShipBobClient } from "./client.ts";
import { shipmentOwnerSchema, type WireReturn } from "./wire.ts";

/** Remembered answers; beyond that many the oldest is asked for again. */
const KEPT = 10_000;

/** Which order a return belongs to that only names the shipment it comes from. */
export class ReturnOwners {
  private readonly client: ShipBobClient;
  private readonly references = new Map<string, string | null>();

  constructor(client: ShipBobClient) {
    this.client = client;
  }

  async orderReferenceOf({
    store_order_id: named,
    original_shipment_id: shipmentId,
  }: WireReturn): Promise<Outcome<string | null>> {
    if (named) return succeeded(named);
    if (shipmentId === null || shipmentId === undefined) return succeeded(null);
    const known = this.references.get(shipmentId);
    if (known !== undefined) return succeeded(known);
    const path = `/shipment/${encodeURIComponent(shipmentId)}`;
    const shipment = await this.client.call(shipmentOwnerSchema, { method: "GET", path });
    // A shipment that is gone belongs to nobody that could be named; the return counts all the same.
    if (!shipment.ok && shipment.error.kind !== "not_found") return shipment;
    const reference = shipment.ok ? shipment.value.reference_id || null : null;
    this.keep(shipmentId, reference);
    return succeeded(reference);
  }

  private keep(shipmentId: string, reference: string | null): void {
    const oldest = this.references.size >= KEPT ? this.references.keys().next().value : undefined;
    if (oldest !== undefined) this.references.delete(oldest);
    this.references.set(shipmentId, reference);
  }
}
