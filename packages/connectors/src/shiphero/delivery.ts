import type { KeeperFact } from "../contract/keeper/keeper-fact.ts";
import type { Delivery, DeliveryAccess, DeliveryReading, KeeperLook } from "../contract/keeper/keeper.ts";
import { type ConnectionParts, connectionOf } from "./settings.ts";
import { signatureFault } from "./signature.ts";
import { fromNews, isToldByDocument, toChange } from "./to-change.ts";
import { toReturnOfNews } from "./to-return.ts";
import { idOf } from "./vendor-id.ts";
import {
  changeNewsSchema,
  newsSchema,
  orderNewsSchema,
  returnNewsSchema,
  shipmentNewsSchema,
  updateNewsSchema,
} from "./wire.ts";

/** What ShipHero posts: there is no header for the type, and the body is signed as a whole. */
export function readDelivery(delivery: Delivery, { settings, secrets }: DeliveryAccess): DeliveryReading {
  const fault = signatureFault(delivery, secrets);
  if (fault !== null) return { kind: "unverified", reason: fault };
  const parts = connectionOf({ settings });
  if (!parts.ok) return { kind: "malformed", reason: parts.error.message };
  const payload = payloadIn(delivery.rawBody);
  const news = newsSchema.safeParse(payload);
  if (!news.success) return { kind: "malformed", reason: "its body has no webhook_type" };
  if (String(news.data.test) === "1") return { kind: "ignored", reason: "test" };
  const type = news.data.webhook_type;
  const read = Object.hasOwn(READERS, type) ? READERS[type] : undefined;
  if (read === undefined) return { kind: "ignored", reason: "not_followed" };
  const said = read(payload, { ...parts.value, receivedAt: delivery.receivedAt });
  if (said === null) return { kind: "malformed", reason: `${type} cannot be read` };
  return { kind: "facts", deliveryId: delivery.headers["x-shiphero-message-id"] ?? null, ...said };
}

interface Said {
  readonly facts: readonly KeeperFact[];
  readonly look?: KeeperLook;
}

type Reader = (payload: unknown, context: ConnectionParts & { readonly receivedAt: number }) => Said | null;

const DOCUMENTS: Said = { facts: [], look: { documents: true } };

const READERS: Readonly<Record<string, Reader>> = {
  "Inventory Change": readChange,
  /**
   * Levels without a time, retried for hours with the numbers of then: a stretch that is sure to hold their time would hold so much
   * else that nothing could be compared. The SKU is read instead, as of now.
   */
  "Inventory Update": (payload) => {
    const told = updateNewsSchema.safeParse(payload);
    if (!told.success) return null;
    const items = [...new Set(told.data.inventory.map(({ sku }) => sku))];
    return items.length === 0 ? { facts: [] } : { facts: [], look: { items } };
  },
  "Return Update": (payload, { receivedAt }) => {
    const told = returnNewsSchema.safeParse(payload);
    return told.success ? { facts: [toReturnOfNews(told.data, receivedAt)] } : DOCUMENTS;
  },
  /** One shipment, or one parcel of it; the order with all of them is read. */
  "Shipment Update": (payload) => {
    const told = shipmentNewsSchema.safeParse(payload);
    return told.success ? lookAtOrder(told.data.fulfillment) : DOCUMENTS;
  },
  /** Says nothing of what had left before. */
  "Order Canceled": (payload) => lookAtOrder(payload),
  /** Its sample names neither the warehouse nor the status. */
  "PO Update": () => DOCUMENTS,
};

/** A bin's units before and after; whether the bin is one to sell from is not told, and units may not become sellable by a guess. */
function readChange(payload: unknown, { timeZone, nonSellableBins }: ConnectionParts): Said | null {
  const told = changeNewsSchema.safeParse(payload);
  if (!told.success) return null;
  const change = fromNews(told.data, timeZone);
  if (isToldByDocument(change)) return DOCUMENTS;
  const isTold = typeof told.data.old_quantity === "number" && change.bin !== "";
  if (nonSellableBins === undefined || !isTold) return { facts: [], look: { movements: true } };
  const fact = toChange(change, nonSellableBins.includes(change.bin));
  return { facts: fact === null ? [] : [fact] };
}

function lookAtOrder(payload: unknown): Said {
  const told = orderNewsSchema.safeParse(payload);
  const { order_uuid: uuid, order_id: number } = told.data ?? {};
  if (uuid) return { facts: [], look: { keeperOrderIds: [uuid] } };
  if (number === null || number === undefined) return DOCUMENTS;
  return { facts: [], look: { keeperOrderIds: [idOf("Order", number)] } };
}

function payloadIn(rawBody: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(rawBody).toString("utf8"));
  } catch {
    return null;
  }
}
