/** One notification instance. */
export interface Notification {
  notificationId: string;
  type: string;
  payloadVersion: string;
  payload: Record<string, unknown>;
  applicationId: string;
  subscriptionId: string;
  /** When it happened. */
  eventAt: number;
  publishedAt: number;
}

/** The whole document, spelled as the types with a capital letter are. */
export function notificationBody(notification: Notification): Record<string, unknown> {
  return {
    NotificationVersion: "1.0",
    NotificationType: notification.type,
    PayloadVersion: notification.payloadVersion,
    EventTime: new Date(notification.eventAt).toISOString(),
    Payload: notification.payload,
    NotificationMetadata: {
      ApplicationId: notification.applicationId,
      SubscriptionId: notification.subscriptionId,
      PublishTime: new Date(notification.publishedAt).toISOString(),
      NotificationId: notification.notificationId,
    },
  };
}

/** The same as an event of Amazon EventBridge; what `source` and `detail-type` hold is ASSUMED. */
export function eventBody(
  notification: Notification,
  bus: { name: string; region: string; accountId: string },
): Record<string, unknown> {
  return {
    version: "0",
    id: notification.notificationId,
    "detail-type": notification.type,
    source: bus.name,
    account: bus.accountId,
    time: `${new Date(notification.publishedAt).toISOString().slice(0, 19)}Z`,
    region: bus.region,
    resources: [],
    detail: notificationBody(notification),
  };
}
