import type { KeyedRandom } from "../../keyed-random.ts";
import type { SimulatorClock } from "../../simulator-clock.ts";
import type { QueueService } from "../../sqs/queue-service.ts";
import type { AmazonFaults } from "../faults.ts";
import type { ListingStore } from "../listings/listing-store.ts";
import type {
  FbaStockChange,
  ListingStatusChange,
  OrderChange,
  OrderNews,
  QuantityChange,
} from "../order-news.ts";
import type { App, Seller } from "../seller.ts";
import type { Settings } from "../settings.ts";
import { fbaPayload, quantityPayload, statusPayload } from "./listing-messages.ts";
import { eventBody, type Notification, notificationBody } from "./notification-body.ts";
import { notificationTypeOf } from "./notification-type.ts";
import { orderChangePayloads } from "./order-change-message.ts";
import { letsAmazonSend, policyForNotifications } from "./queue-policy.ts";
import {
  type Destination,
  type EventTraits,
  type Subscription,
  SubscriptionRegistry,
} from "./subscription-registry.ts";
import { Tap } from "./tap.ts";

/** The queue that is there from the start, with a policy that lets Amazon send; event rules put their events there too. */
const FIRST_QUEUE = "sp-api-notifications";

interface NotifierParts {
  clock: SimulatorClock;
  random: KeyedRandom;
  faults: AmazonFaults;
  settings: () => Settings;
  queues: QueueService;
  apps: Map<string, App>;
  listings: ListingStore;
}

/** What happened, for whoever subscribed to it. */
interface News {
  seller: Seller;
  type: string;
  payload: Record<string, unknown>;
  traits: EventTraits;
  at: number;
}

/** Tells subscribers what happens: late, twice, out of order or not at all, into a queue and to a callback. */
export class Notifier implements OrderNews {
  readonly registry: SubscriptionRegistry;
  readonly tap: Tap;
  readonly #parts: NotifierParts;
  readonly #counts = {
    created: 0,
    queued: 0,
    lost: 0,
    duplicated: 0,
    silenced: 0,
    unsubscribed: 0,
    undeliverable: 0,
  };
  readonly #publishedByAccount = new Map<string, number>();
  #scheduled = 0;
  #closed = false;

  constructor(parts: NotifierParts) {
    this.#parts = parts;
    this.registry = new SubscriptionRegistry(parts.random);
    this.tap = new Tap({ ...parts, timeoutWallMs: () => parts.settings().deliveryTimeoutWallMs });
    const arn = parts.queues.arnOf(FIRST_QUEUE);
    parts.queues.create(FIRST_QUEUE, { policy: policyForNotifications(arn) });
  }

  orderChanged(change: OrderChange): void {
    const { order, orderChangeType } = change;
    const settings = this.#parts.settings();
    const isPending = order.status === "PENDING" || order.status === "PENDING_AVAILABILITY";
    if (isPending && !settings.notifications.pending) return;
    const traits = { marketplaceId: order.marketplaceId, orderChangeType };
    for (const payload of orderChangePayloads(change, settings)) {
      this.#tell({ seller: change.seller, type: "ORDER_CHANGE", payload, traits, at: change.at });
    }
  }

  quantityChanged(change: QuantityChange): void {
    const type = "LISTINGS_ITEM_MFN_QUANTITY_CHANGE";
    this.#tell({ ...change, type, payload: quantityPayload(change), traits: {} });
  }

  listingStatusChanged(change: ListingStatusChange): void {
    const type = "LISTINGS_ITEM_STATUS_CHANGE";
    this.#tell({ ...change, type, payload: statusPayload(change), traits: {} });
  }

  fbaStockChanged(change: FbaStockChange): void {
    const { account, sku } = change.listing;
    const sameSku = this.#parts.listings.of(account).filter((listing) => listing.sku === sku);
    const type = "FBA_INVENTORY_AVAILABILITY_CHANGES";
    this.#tell({ ...change, type, payload: fbaPayload(change, sameSku), traits: {} });
  }

  /** Subscribes the app of a seller as its operator would have: destinations of the first queue, no filters. */
  subscribe(seller: Seller, types: readonly string[]): void {
    const app = this.#app(seller.app);
    for (const type of types) {
      const kind = notificationTypeOf(type);
      if (kind === undefined) throw new Error(`no notification type ${type}`);
      const { destinationId } = this.#firstDestination(app, kind.transport);
      this.registry.addSubscription({
        app: app.name,
        account: seller.account,
        type,
        payloadVersion: kind.payloadVersion,
        destinationId,
        processingDirective: kind.hasEventFilter ? { eventFilter: { eventFilterType: type } } : undefined,
      });
    }
  }

  /** Sends one payload to a destination, outside any subscription. */
  sendTest(app: App, destination: Destination, type: string, payload: Record<string, unknown>): void {
    const key = this.#nextKey(`test|${app.name}`);
    const now = this.#parts.clock.now();
    this.#deliver(app, destination, {
      notificationId: this.#parts.random.uuid(`notification|${key}`),
      type,
      payloadVersion: notificationTypeOf(type)?.payloadVersion ?? "1.0",
      payload,
      applicationId: app.applicationId,
      subscriptionId: this.#parts.random.uuid(`testSubscription|${key}`),
      eventAt: now,
      publishedAt: now,
    });
  }

  report() {
    const { pending, ...tap } = this.tap.report();
    return {
      pending: this.#scheduled + pending,
      inFlight: tap.inFlight,
      counts: { ...this.#counts },
      tap,
      queues: this.#parts.queues
        .all()
        .map((queue) => ({ name: queue.name, ...queue.sizes(), counts: { ...queue.counts } })),
      subscriptions: this.registry.all(),
    };
  }

  close(): void {
    this.#closed = true;
    this.tap.close();
  }

  #app(name: string): App {
    const app = this.#parts.apps.get(name);
    if (app === undefined) throw new Error(`no app ${name}`);
    return app;
  }

  #firstDestination(app: App, transport: "sqs" | "eventBridge"): Destination {
    const { queues } = this.#parts;
    const found = this.registry.destinationsOf(app).find(({ resource }) => transport in resource);
    if (found !== undefined) return found;
    const { region, accountId } = queues;
    const resource =
      transport === "sqs"
        ? { sqs: { arn: queues.arnOf(FIRST_QUEUE) } }
        : { eventBridge: { name: eventSourceName(app, accountId), region, accountId } };
    const made = this.registry.addDestination(app, `${app.name}-${transport}`, resource);
    if (made === undefined) throw new Error(`${app.name} has no room for a destination`);
    return made;
  }

  #tell(news: News): void {
    const { seller, type, traits } = news;
    const hearing = this.registry.hearing(seller, type, traits);
    if (hearing.length === 0) this.#counts.unsubscribed += 1;
    for (const subscription of hearing) this.#publish(subscription, news);
  }

  #publish(subscription: Subscription, news: News): void {
    const { random, faults } = this.#parts;
    const { silent, loss, duplicate, duplicateNewId } = faults.current().notifications;
    if (silent.includes(subscription.account)) {
      this.#counts.silenced += 1;
      return;
    }
    this.#counts.created += 1;
    const key = this.#nextKey(subscription.account);
    if (random.chance(`loss|${key}`, loss)) {
      this.#counts.lost += 1;
      return;
    }
    const notificationId = random.uuid(`notification|${key}`);
    this.#dispatch(subscription, news, { key, notificationId });
    if (random.chance(`duplicate|${key}`, duplicate)) {
      this.#counts.duplicated += 1;
      this.#dispatch(subscription, news, { key: `${key}|again`, notificationId });
    }
    if (random.chance(`duplicateNewId|${key}`, duplicateNewId)) {
      this.#counts.duplicated += 1;
      const otherId = random.uuid(`notification|${key}|other`);
      this.#dispatch(subscription, news, { key: `${key}|other`, notificationId: otherId });
    }
  }

  /** Draws are keyed per account, so that the accounts' order of arrival does not change each other's delays. */
  #nextKey(account: string): string {
    const nth = (this.#publishedByAccount.get(account) ?? 0) + 1;
    this.#publishedByAccount.set(account, nth);
    return `${account}|${nth}`;
  }

  /** Sends one instance, with whatever holds it back. */
  #dispatch(subscription: Subscription, news: News, one: { key: string; notificationId: string }): void {
    const { clock, random, faults, settings } = this.#parts;
    const { key, notificationId } = one;
    const app = this.#app(subscription.app);
    const destination = this.registry.destination(app, subscription.destinationId);
    if (destination === undefined)
      throw new Error(`subscription ${subscription.subscriptionId} leads nowhere`);
    const { latencyMs, reorder, reorderMs, slow, slowMs } = faults.current().notifications;
    const range = latencyMs ?? settings().notificationLatencyMs;
    const latency = range.min + random.uniform(`latency|${key}`) * (range.max - range.min);
    const heldBack =
      (random.chance(`reorder|${key}`, reorder) ? random.uniform(`reorderBy|${key}`) * reorderMs : 0) +
      (random.chance(`slow|${key}`, slow) ? slowMs : 0);
    const notification: Notification = {
      notificationId,
      type: news.type,
      payloadVersion: subscription.payloadVersion,
      payload: news.payload,
      applicationId: app.applicationId,
      subscriptionId: subscription.subscriptionId,
      eventAt: news.at,
      // Published in the middle of an ordinary delay: what holds it back comes after.
      publishedAt: Math.round(news.at + latency / 2),
    };
    this.#scheduled += 1;
    clock.schedule(latency + heldBack, () => {
      this.#scheduled -= 1;
      if (!this.#closed) this.#deliver(app, destination, notification);
    });
  }

  #deliver(app: App, { resource }: Destination, notification: Notification): void {
    const { queues } = this.#parts;
    const isEvent = "eventBridge" in resource;
    const isOurs = !isEvent || resource.eventBridge.accountId === queues.accountId;
    const queue = queues.byArn(isEvent ? queues.arnOf(FIRST_QUEUE) : resource.sqs.arn);
    const document = isEvent ? eventBody(notification, resource.eventBridge) : notificationBody(notification);
    const body = JSON.stringify(document);
    if (app.callbackUrl !== null) this.tap.post(app.callbackUrl, notification.notificationId, body);
    // Documented: a queue whose policy says nothing of Amazon gets nothing, and nobody is told.
    if (queue === undefined || !isOurs || !letsAmazonSend(queue.settings.policy)) {
      this.#counts.undeliverable += 1;
      return;
    }
    this.#counts.queued += 1;
    queue.send({ body, attributes: {}, systemAttributes: {}, delaySeconds: null });
  }
}

/** The partner event source that an EventBridge destination makes; its exact form is ASSUMED. */
export function eventSourceName(app: App, accountId: string): string {
  return `aws.partner/sellingpartnerapi.amazon.com/${accountId}/${app.applicationId}`;
}
