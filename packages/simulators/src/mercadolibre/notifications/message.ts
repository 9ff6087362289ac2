import type { App, Seller } from "../seller.ts";
import { utcTime } from "../vendor/vendor-time.ts";

/** A notification on its way: a pointer to a resource, never its content. */
export interface Message {
  id: string;
  app: App;
  account: string;
  userId: number;
  topic: string;
  resource: string;
  actions: string[];
  attempts: number;
  receivedAt: number;
  sentAt: number;
  /** `id` and a user id as a string. */
  otherShape: boolean;
}

/** What happened to a resource of a seller. */
export interface Event {
  seller: Seller;
  topic: string;
  resource: string;
  actions?: string[];
}

/** The body of a push, field for field as captured. A retry misspells `recieved` and writes it in nanoseconds. */
export function messageBody(message: Message): Record<string, unknown> {
  const received = utcTime(message.receivedAt);
  return {
    [message.otherShape ? "id" : "_id"]: message.id,
    topic: message.topic,
    resource: message.resource,
    user_id: message.otherShape ? String(message.userId) : message.userId,
    application_id: message.app.id,
    attempts: message.attempts,
    actions: message.actions,
    sent: utcTime(message.sentAt),
    ...(message.attempts === 1 ? { received } : { recieved: received.replace("Z", "000000Z") }),
  };
}
