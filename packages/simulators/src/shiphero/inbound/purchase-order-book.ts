import type { KeyedRandom } from "../../keyed-random.ts";
import type { Inbound, InboundLine } from "../../warehouse/documents.ts";
import type { Warehouse } from "../../warehouse/warehouse.ts";
import type { ShipHeroFaults } from "../faults.ts";
import { History } from "../history.ts";
import type { Identifiers } from "../identifiers.ts";
import { shareAmongLines } from "../line-share.ts";

interface NewPurchaseOrderLine {
  sku: string;
  quantity: number;
  price: string;
  partnerLineItemId: string | null;
  sellAhead: number;
}

export interface PurchaseOrderLine extends NewPurchaseOrderLine {
  legacyId: number;
}

interface Papers {
  poNumber: string;
  facility: string;
  partnerOrderNumber: string | null;
  poDate: number | null;
  poNote: string | null;
  subtotal: string;
  shippingPrice: string;
  totalPrice: string;
}

export interface NewPurchaseOrder extends Papers {
  /** The warehouse's own id of a delivery that came to it by another way than the API. */
  worldId?: string;
  lines: NewPurchaseOrderLine[];
}

export interface PurchaseOrder extends Papers {
  legacyId: number;
  worldId: string;
  lines: PurchaseOrderLine[];
  createdAt: number;
  arrivedAt: number | null;
  closedAt: number | null;
  updatedAt: number;
}

/** A purchase order as it stood at some time. */
export interface PurchaseOrderView {
  purchaseOrder: PurchaseOrder;
  status: "pending" | "closed" | "canceled";
  arrivedAt: number | null;
  closedAt: number | null;
  poDate: number | null;
  updatedAt: number;
  lines: { line: PurchaseOrderLine; received: number; rejected: number; sellAhead: number }[];
}

interface PurchaseOrderParts {
  now: () => number;
  random: KeyedRandom;
  faults: ShipHeroFaults;
  ids: Identifiers;
  warehouse: Warehouse;
}

function statusOf(inbound: Inbound | undefined): PurchaseOrderView["status"] {
  if (inbound?.state === "cancelled") return "canceled";
  return inbound?.state === "closed" ? "closed" : "pending";
}

/** The vendor's purchase orders: what is to come, and how much of it has been put away. */
export class PurchaseOrderBook {
  readonly #parts: PurchaseOrderParts;
  readonly #orders = new Map<number, PurchaseOrder>();
  readonly #byWorldId = new Map<string, PurchaseOrder>();
  readonly #views: History<number, PurchaseOrderView>;
  readonly #dirty = new Set<PurchaseOrder>();

  constructor(parts: PurchaseOrderParts) {
    this.#parts = parts;
    this.#views = new History(parts);
  }

  /** Makes the papers; whoever calls announces the delivery to the warehouse under `worldId`. */
  open({ lines, worldId, ...papers }: NewPurchaseOrder): PurchaseOrder {
    const { ids, now } = this.#parts;
    const legacyId = ids.next("PurchaseOrder");
    const at = now();
    const purchaseOrder: PurchaseOrder = {
      ...papers,
      legacyId,
      worldId: worldId ?? String(legacyId),
      lines: lines.map((line) => ({ ...line, legacyId: ids.next("PurchaseOrderLineItem") })),
      createdAt: at,
      arrivedAt: null,
      closedAt: null,
      updatedAt: at,
    };
    this.#orders.set(legacyId, purchaseOrder);
    this.#byWorldId.set(purchaseOrder.worldId, purchaseOrder);
    this.#dirty.add(purchaseOrder);
    return purchaseOrder;
  }

  latest(legacyId: number | undefined): PurchaseOrder | undefined {
    return legacyId === undefined ? undefined : this.#orders.get(legacyId);
  }

  ofWorld(worldId: string): PurchaseOrder | undefined {
    return this.#byWorldId.get(worldId);
  }

  numbered(poNumber: string): PurchaseOrder | undefined {
    return [...this.#orders.values()].find((one) => one.poNumber === poNumber);
  }

  touch(purchaseOrder: PurchaseOrder): void {
    purchaseOrder.updatedAt = this.#parts.now();
    this.#dirty.add(purchaseOrder);
  }

  viewOf({ legacyId }: PurchaseOrder): PurchaseOrderView {
    this.#refresh();
    const view = this.#views.latest(legacyId);
    if (view === undefined) throw new Error(`purchase order ${legacyId} was never looked at`);
    return view;
  }

  read(legacyId: number | undefined): PurchaseOrderView | undefined {
    this.#refresh();
    return legacyId === undefined ? undefined : this.#views.read(legacyId);
  }

  readAll(): PurchaseOrderView[] {
    this.#refresh();
    return this.#views.readAll();
  }

  /** Units that may be sold before they are put away. */
  sellAheadOf(facility: string, sku: string): number {
    let units = 0;
    for (const purchaseOrder of this.#orders.values()) {
      const { lines } = purchaseOrder;
      const isSoldAhead = lines.some((line) => line.sku === sku && line.sellAhead > 0);
      if (purchaseOrder.facility !== facility || !isSoldAhead) continue;
      const view = this.#draw(purchaseOrder);
      if (view.status !== "pending") continue;
      for (const { line, received, sellAhead } of view.lines) {
        if (line.sku === sku) units += Math.max(0, sellAhead - received);
      }
    }
    return units;
  }

  #refresh(): void {
    for (const one of this.#dirty) this.#views.put(one.legacyId, this.#draw(one), one.updatedAt);
    this.#dirty.clear();
  }

  /** Lines that nobody announced are added when goods of them come. */
  #addUnannounced(purchaseOrder: PurchaseOrder, inbound: Inbound): void {
    for (const { item } of inbound.lines) {
      if (purchaseOrder.lines.some(({ sku }) => sku === item)) continue;
      const legacyId = this.#parts.ids.next("PurchaseOrderLineItem");
      const nothing = { quantity: 0, price: "0.00", partnerLineItemId: null, sellAhead: 0 };
      purchaseOrder.lines.push({ sku: item, legacyId, ...nothing });
    }
  }

  #draw(purchaseOrder: PurchaseOrder): PurchaseOrderView {
    const inbound = this.#parts.warehouse.inbounds.get(purchaseOrder.worldId);
    if (inbound !== undefined) this.#addUnannounced(purchaseOrder, inbound);
    const { lines, arrivedAt, closedAt, poDate, updatedAt } = purchaseOrder;
    const dealt = (count: (line: InboundLine) => number) =>
      shareAmongLines(lines, (sku) => {
        const line = inbound?.lines.find(({ item }) => item === sku);
        return line === undefined ? 0 : count(line);
      });
    // Received into a bin is received: what waits at the dock is not counted yet. ASSUMED.
    const received = dealt(({ stowed }) => stowed);
    const rejected = dealt(({ damaged }) => damaged);
    return {
      purchaseOrder,
      status: statusOf(inbound),
      arrivedAt,
      closedAt,
      poDate,
      updatedAt,
      lines: lines.map((line) => ({
        line,
        received: received.of(line),
        rejected: rejected.of(line),
        sellAhead: line.sellAhead,
      })),
    };
  }
}
