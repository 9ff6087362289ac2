import type { FastifyInstance } from "fastify";
import { z } from "zod";

import type { App, Seller } from "../seller.ts";
import { sendAnswer } from "../vendor/send-answer.ts";
import { answered, conflict, invalidInput, notFound, type VendorAnswer } from "../vendor/vendor-answer.ts";
import { appBehind, sellerBehind } from "../vendor/vendor-api.ts";
import { wrongBody } from "./destination-routes.ts";
import { notificationTypeOf } from "./notification-type.ts";
import type { Notifier } from "./notifier.ts";
import type { Destination, Subscription } from "./subscription-registry.ts";
import { testPayloads } from "./test-payloads.ts";

const eventFilterSchema = z.strictObject({
  eventFilterType: z.enum(["ANY_OFFER_CHANGED", "ORDER_CHANGE", "SHIPMENT_TRACKING_MILESTONE_CHANGED"]),
  marketplaceIds: z.array(z.string()).optional(),
  orderChangeTypes: z
    .array(z.enum(["BuyerRequestedChange", "DeliveryTipChange", "OrderStatusChange"]))
    .optional(),
});

const createSchema = z.strictObject({
  payloadVersion: z.string(),
  destinationId: z.string(),
  // Expressions (`filterExpression`) and aggregation are not simulated, so they are refused.
  processingDirective: z.strictObject({ eventFilter: eventFilterSchema.optional() }).optional(),
});

type Wish = z.output<typeof createSchema>;

function described(subscription: Subscription): Record<string, unknown> {
  const { subscriptionId, payloadVersion, destinationId, processingDirective } = subscription;
  return {
    subscriptionId,
    payloadVersion,
    destinationId,
    ...(processingDirective === undefined ? {} : { processingDirective }),
  };
}

/** Why a wish cannot be had, apart from its shape. Texts are ASSUMED. */
function refusal(type: string, wish: Wish, destination: Destination | undefined): VendorAnswer | undefined {
  const kind = notificationTypeOf(type);
  if (kind === undefined) return invalidInput(`notificationType ${type} is not supported.`);
  if (wish.payloadVersion !== kind.payloadVersion) {
    return invalidInput(`payloadVersion ${wish.payloadVersion} is not supported for ${type}.`);
  }
  if (destination === undefined) return notFound(`destinationId ${wish.destinationId}`);
  if (!(kind.transport in destination.resource)) {
    return invalidInput(`${type} cannot be delivered to this kind of destination.`);
  }
  const filter = wish.processingDirective?.eventFilter;
  // Reported by integrators: ORDER_CHANGE without a directive is refused.
  if (type === "ORDER_CHANGE" && filter === undefined) return invalidInput("processingDirective is missing.");
  if (filter !== undefined && (!kind.hasEventFilter || filter.eventFilterType !== type)) {
    return invalidInput(`eventFilterType ${filter.eventFilterType} is not supported for ${type}.`);
  }
  return undefined;
}

function create(
  notifier: Notifier,
  caller: { app: App; seller: Seller },
  type: string,
  body: unknown,
): VendorAnswer {
  const parsed = createSchema.safeParse(body);
  if (!parsed.success) return wrongBody(parsed.error);
  const wish = parsed.data;
  const { app, seller } = caller;
  const refused = refusal(type, wish, notifier.registry.destination(app, wish.destinationId));
  if (refused !== undefined) return refused;
  const subscription = notifier.registry.addSubscription({
    app: app.name,
    account: seller.account,
    type,
    payloadVersion: wish.payloadVersion,
    destinationId: wish.destinationId,
    processingDirective: wish.processingDirective,
  });
  if (subscription === undefined) return conflict(`A subscription for ${type} already exists.`);
  return answered({ payload: described(subscription) });
}

interface ListQuery {
  notificationTypes?: string;
  pageSize?: string;
  nextToken?: string;
}

/** A seller has one subscription of a type at most, so there is one page. */
function list(notifier: Notifier, app: App, seller: Seller, query: ListQuery): VendorAnswer {
  const { notificationTypes: type, pageSize = "30", nextToken } = query;
  if (type === undefined || notificationTypeOf(type) === undefined) {
    return invalidInput("notificationTypes: one supported type is required.");
  }
  const isPageSize = /^\d+$/.test(pageSize) && Number(pageSize) >= 30 && Number(pageSize) <= 100;
  if (!isPageSize) return invalidInput("pageSize must be between 30 and 100.");
  if (nextToken !== undefined) return invalidInput("nextToken is invalid.");
  const found = notifier.registry.subscriptionFor(app, seller, type);
  return answered({ payload: { subscriptions: found === undefined ? [] : [described(found)] } });
}

const testSchema = z.strictObject({
  destinationId: z.string(),
  testNotification: z.strictObject({ payloadVersion: z.string(), testScenario: z.string().optional() }),
});

function sendTest(notifier: Notifier, app: App, type: string, body: unknown): VendorAnswer {
  const parsed = testSchema.safeParse(body);
  if (!parsed.success) return wrongBody(parsed.error);
  const { destinationId, testNotification } = parsed.data;
  // Documented: an empty scenario is answered with 400.
  if ((testNotification.testScenario ?? "") === "") return invalidInput("testScenario is empty.");
  const payload = testPayloads[type];
  if (payload === undefined) return invalidInput(`notificationType ${type} has no test notification.`);
  const destination = notifier.registry.destination(app, destinationId);
  if (destination === undefined) return notFound(`destinationId ${destinationId}`);
  notifier.sendTest(app, destination, type, payload);
  return answered({ payload: {} });
}

interface TypePath {
  Params: { type: string };
}
interface IdPath {
  Params: { type: string; subscriptionId: string };
}

/** `/notifications/v1/subscriptions`. */
export function registerSubscriptionRoutes(server: FastifyInstance, notifier: Notifier): void {
  const path = "/notifications/v1/subscriptions";
  const { registry } = notifier;

  server.get<{ Querystring: ListQuery }>(
    path,
    { config: { operation: "getSubscriptions" } },
    (request, reply) =>
      sendAnswer(reply, list(notifier, appBehind(request), sellerBehind(request), request.query)),
  );
  server.post<TypePath>(
    `${path}/:type`,
    { config: { operation: "createSubscription" } },
    (request, reply) => {
      const caller = { app: appBehind(request), seller: sellerBehind(request) };
      return sendAnswer(reply, create(notifier, caller, request.params.type, request.body));
    },
  );
  server.get<TypePath>(`${path}/:type`, { config: { operation: "getSubscription" } }, (request, reply) => {
    const { type } = request.params;
    const found = registry.subscriptionFor(appBehind(request), sellerBehind(request), type);
    if (found === undefined) return sendAnswer(reply, notFound(`notificationType ${type}`));
    return sendAnswer(reply, answered({ payload: described(found) }));
  });
  server.get<IdPath>(
    `${path}/:type/:subscriptionId`,
    { config: { operation: "getSubscriptionById" } },
    (request, reply) => {
      const { type, subscriptionId } = request.params;
      const found = registry.subscription(appBehind(request), type, subscriptionId);
      if (found === undefined) return sendAnswer(reply, notFound(`subscriptionId ${subscriptionId}`));
      return sendAnswer(reply, answered({ payload: described(found) }));
    },
  );
  server.delete<IdPath>(
    `${path}/:type/:subscriptionId`,
    { config: { operation: "deleteSubscriptionById" } },
    (request, reply) => {
      const { type, subscriptionId } = request.params;
      const found = registry.subscription(appBehind(request), type, subscriptionId);
      if (found === undefined) return sendAnswer(reply, notFound(`subscriptionId ${subscriptionId}`));
      registry.removeSubscription(found);
      return sendAnswer(reply, answered({}));
    },
  );
  server.post<TypePath>(
    `${path}/:type/testNotification`,
    { config: { operation: "sendTestNotification" } },
    (request, reply) =>
      sendAnswer(reply, sendTest(notifier, appBehind(request), request.params.type, request.body)),
  );
}
