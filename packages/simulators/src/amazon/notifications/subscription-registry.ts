import type { KeyedRandom } from "../../keyed-random.ts";
import type { App, Seller } from "../seller.ts";

type DestinationResource =
  | { sqs: { arn: string } }
  | { eventBridge: { name: string; region: string; accountId: string } };

/** Where an app's notifications go. */
export interface Destination {
  destinationId: string;
  app: string;
  name: string;
  resource: DestinationResource;
}

interface EventFilter {
  eventFilterType: string;
  marketplaceIds?: string[] | undefined;
  orderChangeTypes?: string[] | undefined;
}

/** What an app wants to hear about a seller. */
export interface Subscription {
  subscriptionId: string;
  app: string;
  account: string;
  type: string;
  payloadVersion: string;
  destinationId: string;
  processingDirective: { eventFilter?: EventFilter | undefined } | undefined;
}

/** What a filter looks at. */
export interface EventTraits {
  marketplaceId?: string;
  orderChangeType?: string;
}

/** A client that creates without end must not fill the memory. */
const MOST_DESTINATIONS = 1_000;

function isSameResource(a: DestinationResource, b: DestinationResource): boolean {
  if ("sqs" in a && "sqs" in b) return a.sqs.arn === b.sqs.arn;
  // One per AWS account, whatever its region (documented).
  return "eventBridge" in a && "eventBridge" in b && a.eventBridge.accountId === b.eventBridge.accountId;
}

function passes(filter: EventFilter | undefined, traits: EventTraits): boolean {
  const { marketplaceIds, orderChangeTypes } = filter ?? {};
  const isIn = (list: string[] | undefined, value: string | undefined): boolean =>
    list === undefined || list.length === 0 || value === undefined || list.includes(value);
  return isIn(marketplaceIds, traits.marketplaceId) && isIn(orderChangeTypes, traits.orderChangeType);
}

/** Destinations and subscriptions of all apps. */
export class SubscriptionRegistry {
  readonly #random: KeyedRandom;
  readonly #destinations = new Map<string, Destination>();
  readonly #subscriptions = new Map<string, Subscription>();
  #made = 0;

  constructor(random: KeyedRandom) {
    this.#random = random;
  }

  /** undefined when there is one for that resource already. */
  addDestination(app: App, name: string, resource: DestinationResource): Destination | undefined {
    const own = this.destinationsOf(app);
    if (own.length >= MOST_DESTINATIONS) return undefined;
    if (own.some((destination) => isSameResource(destination.resource, resource))) return undefined;
    const destination = { destinationId: this.#nextId("destination"), app: app.name, name, resource };
    this.#destinations.set(destination.destinationId, destination);
    return destination;
  }

  destinationsOf(app: App): Destination[] {
    return [...this.#destinations.values()].filter((destination) => destination.app === app.name);
  }

  destination(app: App, destinationId: string): Destination | undefined {
    const found = this.#destinations.get(destinationId);
    return found?.app === app.name ? found : undefined;
  }

  /** "inUse" while a subscription points at it. */
  removeDestination(app: App, destinationId: string): "removed" | "inUse" | "unknown" {
    if (this.destination(app, destinationId) === undefined) return "unknown";
    const users = [...this.#subscriptions.values()].filter((each) => each.destinationId === destinationId);
    if (users.length > 0) return "inUse";
    this.#destinations.delete(destinationId);
    return "removed";
  }

  /** undefined when the seller has one of this type with this app already. */
  addSubscription(wish: Omit<Subscription, "subscriptionId">): Subscription | undefined {
    const twin = this.#of(wish.app, wish.account).find(({ type }) => type === wish.type);
    if (twin !== undefined) return undefined;
    const subscription = { subscriptionId: this.#nextId("subscription"), ...wish };
    this.#subscriptions.set(subscription.subscriptionId, subscription);
    return subscription;
  }

  subscriptionFor(app: App, seller: Seller, type: string): Subscription | undefined {
    return this.#of(app.name, seller.account).find((each) => each.type === type);
  }

  subscription(app: App, type: string, subscriptionId: string): Subscription | undefined {
    const found = this.#subscriptions.get(subscriptionId);
    return found?.app === app.name && found.type === type ? found : undefined;
  }

  removeSubscription({ subscriptionId }: Subscription): void {
    this.#subscriptions.delete(subscriptionId);
  }

  /** Whoever is to hear of an event of this seller. */
  hearing(seller: Seller, type: string, traits: EventTraits): Subscription[] {
    return [...this.#subscriptions.values()].filter(
      (each) =>
        each.account === seller.account &&
        each.type === type &&
        passes(each.processingDirective?.eventFilter, traits),
    );
  }

  all(): Subscription[] {
    return [...this.#subscriptions.values()];
  }

  #of(app: string, account: string): Subscription[] {
    return [...this.#subscriptions.values()].filter((each) => each.app === app && each.account === account);
  }

  #nextId(kind: string): string {
    this.#made += 1;
    return this.#random.uuid(`${kind}|${this.#made}`);
  }
}
