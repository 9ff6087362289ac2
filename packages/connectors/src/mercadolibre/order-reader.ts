import type { ConnectorError } from "../contract/connector-error.ts";
import type { OrderReading } from "../contract/connector.ts";
import { failed, type Outcome, succeeded } from "../contract/outcome.ts";
import { readClaim } from "./claim-reader.ts";
import type { OrderReturn } from "./claim-return.ts";
import type { MercadoLibreClient } from "./client.ts";
import type { SellerAccountReader } from "./seller-account.ts";
import { type SplitHeir, takenOverBy } from "./split-pack.ts";
import { toSearch } from "./to-changed-orders.ts";
import { isSplit, listingOf, type OrderHome, type OrderView, toOrderReading } from "./to-inbound.ts";
import { claimIdOf, parcelIdOf } from "./to-notice.ts";
import {
  orderSchema,
  orderSearchSchema,
  shipmentItemsSchema,
  shipmentSchema,
  type WireOrder,
  type WireOrderSearch,
} from "./wire.ts";

/** A shipment that stays away this long after its order's last change is none, in milliseconds: propagation takes seconds. */
const SHIPMENT_PATIENCE_MS = 15 * 60_000;

/** A split whose new orders were not found by then has none that we can see: their own notices bring them. In milliseconds. */
const SPLIT_PATIENCE_MS = 3_600_000;

/** Pages of changed orders looked through for those of a split, and orders of the same buyer tried. */
const SPLIT_PAGES = 4;
const SPLIT_CANDIDATES = 10;

/** Orders of one parcel that are read: a cart of more is not expected. */
const PARCEL_ORDERS = 50;

/** Orders and shipments are numbers. */
const NUMBER = /^\d{1,20}$/;

type Shipment = OrderView["shipment"];
type SearchRow = WireOrderSearch["results"][number];

export interface OrderReaderOptions {
  readonly home: OrderHome;
  readonly client: MercadoLibreClient;
  readonly account: SellerAccountReader;
  readonly clock: { now(): number };
}

/** Reads orders with what belongs to them: their parcel, and the orders that take over those of a split pack. */
export class OrderReader {
  private readonly options: OrderReaderOptions;

  constructor(options: OrderReaderOptions) {
    this.options = options;
  }

  async read(orderId: string): Promise<Outcome<OrderReading>> {
    const parcelId = parcelIdOf(orderId);
    const claimId = claimIdOf(orderId);
    // Dots would lead to another place of the API, encoded or not.
    if (!NUMBER.test(parcelId ?? claimId ?? orderId)) return failed(notAnOrder(orderId));
    if (parcelId !== null) return this.readParcel(parcelId);
    if (claimId !== null) return this.readClaim(claimId);
    const order = await this.readOrder(orderId);
    return order.ok ? succeeded(await this.toReading(order.value)) : order;
  }

  /** The orders of a parcel: one, or those of a cart. */
  private async readParcel(parcelId: string): Promise<Outcome<OrderReading>> {
    const path = `/shipments/${parcelId}/items`;
    const headers = { "x-format-new": "true" };
    const items = await this.options.client.call(shipmentItemsSchema, { method: "GET", path, headers });
    if (!items.ok) return items;
    const orderIds = items.value.map(({ order_id: orderId }) => orderId);
    return this.readTogether(orderIds, `The shipment ${parcelId} names no order yet.`);
  }

  /** The orders that a claim is about, with what of them is on its way back. */
  private async readClaim(claimId: string): Promise<Outcome<OrderReading>> {
    const claim = await readClaim(this.options.client, claimId);
    if (!claim.ok) return claim;
    const { orderIds, parcelId, returnOf } = claim.value;
    if (parcelId !== null) return this.readParcel(parcelId);
    return this.readTogether(orderIds, `The claim ${claimId} names no order.`, returnOf);
  }

  private async readTogether(
    orderIds: readonly string[],
    none: string,
    returnOf: (orderId: string) => OrderReturn | null = () => null,
  ): Promise<Outcome<OrderReading>> {
    const readings: OrderReading[] = [];
    for (const orderId of [...new Set(orderIds)].slice(0, PARCEL_ORDERS)) {
      const order = await this.readOrder(orderId);
      if (!order.ok) return order;
      readings.push(await this.toReading(order.value, returnOf(orderId)));
    }
    const last = readings.pop();
    if (last === undefined) return failed({ kind: "not_found", message: none });
    // What was read beside one of them goes before all of them.
    const alongside = [...readings.flatMap(withAlongside), ...(last.alongside ?? [])];
    return succeeded({ ...last, alongside });
  }

  private async toReading(order: WireOrder, back: OrderReturn | null = null): Promise<OrderReading> {
    const { home, clock } = this.options;
    const shipment = await this.readShipment(order);
    const returned = back === null ? {} : { returned: back };
    if (!isSplit(order))
      return toOrderReading(home, { order, shipment, split: "no", ...returned }, clock.now());
    const heirs = await this.findHeirs(order, shipment);
    const isOver = heirs !== null && clock.now() - order.last_updated > SPLIT_PATIENCE_MS;
    const isDone = isOver || (heirs !== null && takenOverBy(order, heirs));
    const now = clock.now();
    const reading = toOrderReading(home, { order, shipment, split: isDone ? "done" : "waiting" }, now);
    const alongside = (heirs ?? []).map((heir) => toOrderReading(home, { ...heir, split: "no" }, now));
    return alongside.length === 0 ? reading : { ...reading, alongside };
  }

  private readOrder(orderId: string): Promise<Outcome<WireOrder>> {
    const path = `/orders/${encodeURIComponent(orderId)}`;
    return this.options.client.call(orderSchema, { method: "GET", path });
  }

  private async readShipment(order: WireOrder): Promise<Shipment> {
    const { client, clock } = this.options;
    const id = order.shipping?.id ?? null;
    if (id === null) return "none";
    // Without the header the old shape comes (FUSION).
    const call = { method: "GET", path: `/shipments/${id}`, headers: { "x-format-new": "true" } } as const;
    const shipment = await client.call(shipmentSchema.nullable(), call);
    if (shipment.ok && shipment.value !== null) return shipment.value;
    const isAway = shipment.ok || shipment.error.kind === "not_found";
    return isAway && clock.now() - order.last_updated > SHIPMENT_PATIENCE_MS ? "none" : "unread";
  }

  /**
   * The orders that took over those of a split pack: the same buyer's, in a parcel whose sibling is the split one (DOC:envios).
   * Null when that could not be found out.
   */
  private async findHeirs(order: WireOrder, shipment: Shipment): Promise<readonly SplitHeir[] | null> {
    const candidates = await this.ordersLike(order);
    if (candidates === null) return null;
    const heirs: SplitHeir[] = [];
    for (const { id } of candidates.slice(0, SPLIT_CANDIDATES)) {
      const candidate = await this.readOrder(id);
      if (!candidate.ok) return null;
      const parcel = await this.readShipment(candidate.value);
      if (isSiblingOf(order, shipment, { order: candidate.value, shipment: parcel }))
        heirs.push({ order: candidate.value, shipment: parcel });
    }
    return heirs;
  }

  private async ordersLike(order: WireOrder): Promise<readonly SearchRow[] | null> {
    const { client, account } = this.options;
    const accountId = await account.readId();
    if (!accountId.ok) return null;
    const from = order.cancel_detail?.date ?? order.last_updated;
    const found: SearchRow[] = [];
    for (let page = 0; page < SPLIT_PAGES; page++) {
      const place = { part: "all", offset: page * 50, total: null } as const;
      const search = toSearch(accountId.value, { from }, place);
      const buyer = order.buyer?.id;
      const query = { ...search.query, ...(buyer === undefined ? {} : { buyer }), sort: "date_desc" };
      const rows = await client.call(orderSearchSchema, { ...search, query });
      if (!rows.ok) return null;
      found.push(...rows.value.results.filter((row) => isLike(row, order)));
      if (place.offset + rows.value.results.length >= rows.value.paging.total) break;
    }
    return found;
  }
}

function notAnOrder(orderId: string): ConnectorError {
  const message = `${orderId.slice(0, 100)} is no MercadoLibre order: their ids are numbers.`;
  return { kind: "rejected", code: "unknown_order_id", message };
}

function withAlongside(reading: OrderReading): OrderReading[] {
  const { alongside, ...rest } = reading;
  return [...(alongside ?? []), rest];
}

/** The same buyer's other order of the same thing. */
function isLike(row: SearchRow, order: WireOrder): boolean {
  if (row.id === order.id || row.buyer?.id !== order.buyer?.id) return false;
  const listings = new Set(order.order_items.map(({ item }) => listingOf(item)));
  return row.order_items?.some(({ item }) => listings.has(listingOf(item))) ?? true;
}

/** The new parcel names the split one; the other way round is understood as well. */
function isSiblingOf(order: WireOrder, shipment: Shipment, heir: SplitHeir): boolean {
  const parcelId = order.shipping?.id ?? null;
  const heirParcelId = heir.order.shipping?.id ?? null;
  const namedByHeir = siblingOf(heir.shipment);
  return (
    (parcelId !== null && namedByHeir === parcelId) ||
    (heirParcelId !== null && siblingOf(shipment) === heirParcelId)
  );
}

function siblingOf(shipment: Shipment): string | null {
  return typeof shipment === "string" ? null : (shipment.sibling?.sibling_id ?? null);
}
