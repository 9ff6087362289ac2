import type { KeyedRandom } from "../../keyed-random.ts";

/** Topics of version 2026-01, documented. None tells of inventory levels. */
export const webhookTopics = [
  "order.shipped",
  "order.shipment.delivered",
  "order.shipment.exception",
  "order.shipment.on_hold",
  "order.shipment.cancelled",
  "return.created",
  "return.updated",
  "return.completed",
  "billing.charge.created",
  "billing.refund.created",
  "billing.credit.created",
] as const;

/** Somebody's wish to be told. */
export interface Subscription {
  id: string;
  url: string;
  topics: string[];
  secret: string;
  description: string | null;
  createdAt: number;
  /** Switched off after having failed for too long. */
  enabled: boolean;
  /** Since when nothing but failures; null after a success. */
  failingSince: number | null;
}

/** All subscriptions, in the order they were made. */
export class Subscriptions {
  readonly #byId = new Map<string, Subscription>();
  readonly #random: KeyedRandom;
  readonly #now: () => number;
  #made = 0;

  constructor(random: KeyedRandom, now: () => number) {
    this.#random = random;
    this.#now = now;
  }

  all(): Subscription[] {
    return [...this.#byId.values()];
  }

  isLive({ id, enabled }: Subscription): boolean {
    return enabled && this.#byId.has(id);
  }

  add(given: {
    url: string;
    topics: string[];
    secret: string | null;
    description: string | null;
  }): Subscription {
    this.#made += 1;
    const key = `subscription|${this.#made}`;
    const made = `whsec_${Buffer.from(this.#random.hex(`${key}|secret`, 48), "hex").toString("base64")}`;
    const subscription: Subscription = {
      ...given,
      id: `ep_${this.#random.hex(key, 24)}`,
      secret: given.secret ?? made,
      createdAt: this.#now(),
      enabled: true,
      failingSince: null,
    };
    this.#byId.set(subscription.id, subscription);
    return subscription;
  }

  remove(id: string): void {
    this.#byId.delete(id);
  }

  /** Takes down how a delivery went. */
  note(subscription: Subscription, isDelivered: boolean, disableAfterMs: number): void {
    const now = this.#now();
    subscription.failingSince = isDelivered ? null : (subscription.failingSince ?? now);
    if (subscription.failingSince !== null && now - subscription.failingSince >= disableAfterMs) {
      subscription.enabled = false;
    }
  }
}
