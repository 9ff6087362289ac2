import { z } from "zod";

import type { KeeperFact } from "../contract/keeper/keeper-fact.ts";
import type { Delivery, DeliveryAccess, DeliveryReading, KeeperLook } from "../contract/keeper/keeper.ts";
import { signatureFault } from "./signature.ts";
import { toReceipt } from "./to-receipt.ts";
import { toReturn } from "./to-return.ts";
import { receivingOrderSchema, returnSchema, shipmentNewsSchema } from "./wire.ts";

/**
 * What ShipBob posts. Its payloads are not published: what reads as the resource is taken for it, anything else is a reason to look.
 * A shipment is a part of its order, and names inventory items by number alone: the order is read again, whole.
 */
export function readDelivery(delivery: Delivery, { secrets }: DeliveryAccess): DeliveryReading {
  const fault = signatureFault(delivery, secrets);
  if (fault !== null) return { kind: "unverified", reason: fault };
  const payload = payloadIn(delivery.rawBody);
  if (payload === null) return { kind: "malformed", reason: "its body is no JSON object" };
  const topic = delivery.headers["x-webhook-topic"] ?? delivery.headers["shipbob-topic"] ?? "";
  const said = saidBy(topic, payload);
  if (said === null) return { kind: "ignored", reason: topic === "" ? "no_topic" : "not_followed" };
  return { kind: "facts", deliveryId: delivery.headers["webhook-id"] ?? null, ...said };
}

interface Said {
  readonly facts: readonly KeeperFact[];
  readonly look?: KeeperLook;
}

const LOOK: Said = { facts: [], look: { documents: true } };

/** Null where the topic says nothing of stock. Underscores are those of older subscriptions. */
function saidBy(topic: string, payload: object): Said | null {
  if (/^(?:order|shipment)[._]/.test(topic)) return aboutOrder(payload);
  if (topic.startsWith("return.")) {
    const told = returnSchema.safeParse(payload);
    return told.success ? { facts: [toReturn(told.data, null)] } : LOOK;
  }
  if (topic.startsWith("wro.")) {
    const told = receivingOrderSchema.safeParse(payload);
    return told.success ? { facts: [toReceipt(told.data)] } : LOOK;
  }
  return null;
}

const orderNewsSchema = z.object({ id: shipmentNewsSchema.shape.order_id, shipments: z.array(z.unknown()) });

function aboutOrder(payload: object): Said {
  const shipment = shipmentNewsSchema.safeParse(payload);
  if (shipment.success) return lookAt(shipment.data.order_id);
  const order = orderNewsSchema.safeParse(payload);
  return order.success ? lookAt(order.data.id) : LOOK;
}

function lookAt(keeperOrderId: string): Said {
  return { facts: [], look: { keeperOrderIds: [keeperOrderId] } };
}

/** The body, or what it wraps: an envelope is as likely as none. */
function payloadIn(rawBody: Uint8Array): object | null {
  try {
    const body: unknown = JSON.parse(Buffer.from(rawBody).toString("utf8"));
    if (!isObject(body)) return null;
    return "data" in body && isObject(body.data) ? body.data : body;
  } catch {
    return null;
  }
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
