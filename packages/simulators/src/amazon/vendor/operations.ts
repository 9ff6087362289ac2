import type { Bucket } from "../settings.ts";

/** How often an operation may be called, and by which kind of token. */
export interface Operation extends Bucket {
  /** Calls per second of one app for all its sellers together, where documented. */
  perApplication?: number;
  /** Takes the app's own token, with this scope, and no seller's. */
  grantless?: string;
}

export type OperationId = keyof typeof documented;

const NOTIFICATIONS = "sellingpartnerapi::notifications";
const notification: Operation = { rate: 1, burst: 5 };
const grantlessNotification: Operation = { ...notification, grantless: NOTIFICATIONS };

/** Rates (per second) and bursts of the official models' usage plans, per seller and app. */
const documented = {
  searchOrders: { rate: 0.0056, burst: 20 },
  getOrder: { rate: 0.5, burst: 30 },
  cancelOrder: { rate: 1, burst: 5 },
  confirmShipment: { rate: 2, burst: 10 },
  getListingsItem: { rate: 5, burst: 10, perApplication: 100 },
  patchListingsItem: { rate: 5, burst: 5, perApplication: 500 },
  searchListingsItems: { rate: 5, burst: 5 },
  getInventorySummaries: { rate: 2, burst: 2 },
  getMarketplaceParticipations: { rate: 0.016, burst: 15 },
  createDestination: grantlessNotification,
  getDestinations: grantlessNotification,
  getDestination: grantlessNotification,
  deleteDestination: grantlessNotification,
  getSubscriptionById: grantlessNotification,
  deleteSubscriptionById: grantlessNotification,
  sendTestNotification: grantlessNotification,
  createSubscription: notification,
  getSubscription: notification,
  getSubscriptions: notification,
} satisfies Record<string, Operation>;

/** The usage plan of an operation as documented. */
export function operationOf(id: OperationId): Operation {
  return documented[id];
}

/** Every operation answered here. */
export function isOperation(id: string): id is OperationId {
  return Object.hasOwn(documented, id);
}
