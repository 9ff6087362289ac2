import type { Notice, NoticeReading } from "../contract/notice.ts";
import { notificationSchema } from "./wire.ts";

interface FollowedTopic {
  /** The one shape of resource that it may point at. */
  readonly shape: RegExp;
  resourceOf(id: string): string;
  about(id: string): Notice["about"];
}

/** A parcel and a claim are news of the orders in them: which ones, only a reading tells. */
const PARCEL_PREFIX = "shipment:";
const CLAIM_PREFIX = "claim:";

const TOPICS: Readonly<Record<string, FollowedTopic>> = {
  orders_v2: {
    shape: /^\/orders\/(\d{1,20})$/,
    resourceOf: (id) => `/orders/${id}`,
    about: (orderId) => ({ kind: "order", orderId }),
  },
  shipments: {
    shape: /^\/shipments\/(\d{1,20})$/,
    resourceOf: (id) => `/shipments/${id}`,
    about: (id) => ({ kind: "order", orderId: `${PARCEL_PREFIX}${id}` }),
  },
  // Claims, and with them returns.
  post_purchase: {
    shape: /^\/post-purchase\/v\d\/claims\/(\d{1,20})$/,
    resourceOf: (id) => `/post-purchase/v1/claims/${id}`,
    about: (id) => ({ kind: "order", orderId: `${CLAIM_PREFIX}${id}` }),
  },
  items: {
    shape: /^\/items\/([A-Z]{3}\d{1,15})$/,
    resourceOf: (id) => `/items/${id}`,
    about: (externalId) => ({ kind: "listing", externalId }),
  },
  "stock-locations": {
    shape: /^\/user-products\/([A-Z]{3}U\d{1,15})\/stock$/,
    resourceOf: (id) => `/user-products/${id}/stock`,
    about: (externalId) => ({ kind: "listing", externalId }),
  },
};

/** As the documentation prints a topic, where the live one is another (CAP). */
const LIVE_TOPICS: Readonly<Record<string, string>> = { "stock-location": "stock-locations" };

/** The topics whose missed notifications are asked for: those that arrive live. */
export const MISSED_TOPICS = ["orders_v2", "shipments", "post_purchase", "items", "stock-locations"] as const;

/** The notice under a topic and a resource; the resource is rebuilt from its id, so that nothing else can ride along. */
export function noticeOf(said: string, resource: string): Notice | null {
  const topic = Object.hasOwn(LIVE_TOPICS, said) ? (LIVE_TOPICS[said] ?? said) : said;
  const followed = Object.hasOwn(TOPICS, topic) ? TOPICS[topic] : undefined;
  const id = followed?.shape.exec(resource)?.[1];
  if (followed === undefined || id === undefined) return null;
  return { topic, resource: followed.resourceOf(id), about: followed.about(id) };
}

export function noticeOfOrder(orderId: string): Notice {
  return { topic: "orders_v2", resource: `/orders/${orderId}`, about: { kind: "order", orderId } };
}

/** The parcel whose orders a notice is about; null for a notice of an order itself. */
export function parcelIdOf(orderId: string): string | null {
  return orderId.startsWith(PARCEL_PREFIX) ? orderId.slice(PARCEL_PREFIX.length) : null;
}

/** The claim whose orders a notice is about; null for other notices. */
export function claimIdOf(orderId: string): string | null {
  return orderId.startsWith(CLAIM_PREFIX) ? orderId.slice(CLAIM_PREFIX.length) : null;
}

/** Notifications are unsigned: what one says is only where to look. */
export function readNotification(body: unknown): NoticeReading {
  const parsed = notificationSchema.safeParse(body);
  if (!parsed.success) return { kind: "malformed", reason: parsed.error.issues[0]?.path.join(".") ?? "" };
  const { topic, resource, user_id: accountId, received, recieved, sent } = parsed.data;
  const notice = noticeOf(topic, resource);
  if (notice === null) return { kind: "ignored", accountId, reason: "not_followed" };
  const happenedAt = Date.parse(received ?? recieved ?? sent ?? "");
  return { kind: "notice", accountId, notice, happenedAt: Number.isNaN(happenedAt) ? null : happenedAt };
}
