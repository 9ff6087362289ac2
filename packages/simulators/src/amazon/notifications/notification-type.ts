/** How a kind of notification is subscribed to. */
export interface NotificationType {
  /** The only kind of destination it goes to (official samples repository). */
  transport: "sqs" | "eventBridge";
  payloadVersion: string;
  /** Takes an `eventFilter` of its own name. */
  hasEventFilter: boolean;
}

const sqs = { transport: "sqs", payloadVersion: "1.0", hasEventFilter: false } as const;
const eventBridge = { transport: "eventBridge", payloadVersion: "1.0", hasEventFilter: false } as const;

/** Types that can be subscribed to here; only the first four are ever told. */
const types: Record<string, NotificationType> = {
  ORDER_CHANGE: { ...sqs, hasEventFilter: true },
  FBA_INVENTORY_AVAILABILITY_CHANGES: sqs,
  LISTINGS_ITEM_MFN_QUANTITY_CHANGE: eventBridge,
  LISTINGS_ITEM_STATUS_CHANGE: eventBridge,
  ACCOUNT_STATUS_CHANGED: sqs,
  ANY_OFFER_CHANGED: { ...sqs, hasEventFilter: true },
  FEED_PROCESSING_FINISHED: { ...sqs, payloadVersion: "2020-09-04" },
  FULFILLMENT_ORDER_STATUS: sqs,
  PRICING_HEALTH: sqs,
  REPORT_PROCESSING_FINISHED: { ...sqs, payloadVersion: "2020-09-04" },
  LISTINGS_ITEM_ISSUES_CHANGE: { ...eventBridge, payloadVersion: "2023-12-13" },
};

/** undefined for a type that does not exist, as the removed ORDER_STATUS_CHANGE. */
export function notificationTypeOf(name: string): NotificationType | undefined {
  return Object.hasOwn(types, name) ? types[name] : undefined;
}

/** All that exist here. */
export const notificationTypeNames = Object.keys(types);
