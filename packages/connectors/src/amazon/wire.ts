// What Amazon answers and tells, as far as we read it. Unknown fields are ignored, unknown statuses kept as they are.
// Shapes: the official models (Orders 2026-01-01, Listings Items 2021-08-01, Sellers v1) and notification schemas as of 2026-08.
import { z } from "zod";

/** ISO 8601. */
const timeText = z.string().refine((text) => !Number.isNaN(Date.parse(text)), "not a time");

/** The same, as milliseconds since 1970. */
const instant = timeText.transform((text) => Date.parse(text));

/** Times that only serve for timing or for people: an odd one is none. */
const optionalInstant = instant.nullish().catch(null);

const count = z.number().int().nonnegative();

/** A code of the seller's or of Amazon's, as our ledger takes it: no control characters, at most 200. */
const code = z
  .string()
  .min(1)
  .max(200)
  .refine((text) => text.isWellFormed() && !/\p{Cc}/u.test(text), "not a code");

export const tokenSchema = z.object({
  access_token: z.string().min(1),
  /** Refresh tokens are not single use: most answers repeat it, some do not. */
  refresh_token: z.string().min(1).nullish(),
  /** Seconds. */
  expires_in: z.number().positive(),
});

export const participationsSchema = z.object({
  payload: z.array(
    z.object({
      marketplace: z.object({ id: z.string() }),
      participation: z.object({ isParticipating: z.boolean().nullish() }).nullish(),
    }),
  ),
});

const orderItemSchema = z.object({
  orderItemId: code,
  quantityOrdered: count,
  product: z.object({ sellerSku: code.nullish().catch(null), asin: code.nullish().catch(null) }).nullish(),
  fulfillment: z
    .object({ quantityFulfilled: count.nullish(), quantityUnfulfilled: count.nullish() })
    .nullish(),
  cancellation: z
    .object({
      cancellationRequest: z.object({ requester: z.string().nullish() }).nullish(),
      cancellationExecution: z
        .object({ cancelledBy: z.string().nullish(), cancelReason: z.string().nullish() })
        .nullish(),
    })
    .nullish(),
});
export type WireOrderItem = z.infer<typeof orderItemSchema>;

export const orderSchema = z.object({
  orderId: code,
  createdTime: instant,
  lastUpdatedTime: instant,
  salesChannel: z.object({ channelName: z.string().nullish(), marketplaceId: z.string().nullish() }),
  /** Only with `includedData=FULFILLMENT`. */
  fulfillment: z
    .object({ fulfillmentStatus: z.string().nullish(), fulfilledBy: z.string().nullish() })
    .nullish(),
  orderItems: z.array(orderItemSchema).min(1),
});
export type WireOrder = z.infer<typeof orderSchema>;

export const orderAnswerSchema = z.object({ order: orderSchema });

/** Orders are read one by one: an unreadable one is known by its id, and does not hide the others. */
export const orderSearchSchema = z.object({
  orders: z.array(z.looseObject({ orderId: code, lastUpdatedTime: timeText })),
  pagination: z.object({ nextToken: z.string().min(1).nullish() }).nullish(),
  /** Up to when everything is listed. */
  lastUpdatedBefore: optionalInstant,
});
export type WireOrderSearch = z.infer<typeof orderSearchSchema>;

const issueSchema = z.object({
  code: z.string().nullish(),
  message: z.string().nullish(),
  severity: z.string().nullish(),
  enforcements: z
    .object({ actions: z.array(z.object({ action: z.string() })).nullish() })
    .nullish()
    .catch(null),
});

export const listingSchema = z.object({
  sku: z.string(),
  summaries: z
    .array(z.object({ marketplaceId: z.string(), status: z.array(z.string()).nullish() }))
    .nullish(),
  /** What buyers can take. What was last submitted stands in `attributes`, and proves nothing. */
  fulfillmentAvailability: z
    .array(z.object({ fulfillmentChannelCode: z.string(), quantity: count.nullish() }))
    .nullish(),
  issues: z.array(issueSchema).nullish().catch(null),
});
export type WireListing = z.infer<typeof listingSchema>;

/** Items are read one by one: an unreadable one does not hide the others. */
export const listingSearchSchema = z.object({ items: z.array(z.unknown()) });

export const submissionSchema = z.object({
  status: z.string(),
  issues: z.array(issueSchema).nullish().catch(null),
});
export type WireSubmission = z.infer<typeof submissionSchema>;

const destinationSchema = z.object({
  destinationId: z.string().min(1),
  resource: z.object({ sqs: z.object({ arn: z.string() }).nullish() }).nullish(),
});

export const destinationAnswerSchema = z.object({ payload: destinationSchema });
export const destinationsSchema = z.object({ payload: z.array(destinationSchema).nullish() });

/** The filter is not told by every answer. */
export const subscriptionAnswerSchema = z.object({
  payload: z.object({
    subscriptionId: z.string().min(1),
    payloadVersion: z.string(),
    destinationId: z.string(),
    processingDirective: z
      .object({
        filterExpression: z.string().nullish(),
        eventFilter: z
          .object({
            marketplaceIds: z.array(z.string()).nullish(),
            orderChangeTypes: z.array(z.string()).nullish(),
          })
          .nullish(),
      })
      .nullish(),
  }),
});
export type WireSubscription = z.infer<typeof subscriptionAnswerSchema>["payload"];

const accountPart = z.string().min(1).max(50);

/** Nearly all APIs wrap their errors this way; the token endpoint answers as OAuth 2 does. */
export const errorSchema = z.object({
  errors: z
    .array(
      z.object({ code: z.string().nullish(), message: z.string().nullish(), details: z.string().nullish() }),
    )
    .nullish(),
  error: z.string().nullish(),
  error_description: z.string().nullish(),
});

/** The envelope of the notifications that we follow. */
export const envelopeSchema = z.object({
  NotificationType: z.string().min(1).max(100),
  EventTime: optionalInstant,
  Payload: z.record(z.string(), z.unknown()),
});

/** Some that are not followed are written in camelCase. */
export const otherEnvelopeSchema = z.object({ notificationType: z.string().min(1) });

/** Whose a notification is that is not followed, as far as it says so. */
export const ownerSchema = z.object({
  SellerId: accountPart.nullish().catch(null),
  MarketplaceId: accountPart.nullish().catch(null),
});

/** Amazon EventBridge puts the same body into `detail`. */
export const eventSchema = z.object({ detail: z.record(z.string(), z.unknown()) });

const noticedItemSchema = z.object({
  OrderItemId: code,
  SellerSKU: code,
  Quantity: count,
  QuantityShipped: count.nullish().catch(null),
  IsBuyerRequestedCancel: z.boolean().nullish().catch(null),
});
export type WireNoticedItem = z.infer<typeof noticedItemSchema>;

/** An item that is not told in full is left to the reading of the order. */
const noticedItemOrNull = noticedItemSchema.nullable().catch(null);

export const orderChangeSchema = z.object({
  OrderChangeNotification: z.object({
    NotificationLevel: z.string().nullish(),
    SellerId: accountPart,
    AmazonOrderId: z.string().max(100),
    OrderChangeType: z.string().nullish(),
    OrderChangeTrigger: z
      .object({ TimeOfOrderChange: optionalInstant, ChangeReason: z.string().nullish().catch(null) })
      .nullish(),
    Summary: z.object({
      MarketplaceId: accountPart,
      OrderStatus: z.string(),
      PurchaseDate: optionalInstant,
      FulfillmentType: z.string().nullish(),
      OrderItems: z.array(noticedItemOrNull).nullish(),
    }),
  }),
});
export type WireOrderChange = z.infer<typeof orderChangeSchema>["OrderChangeNotification"];

/** Listing notifications; some name no marketplace. */
export const listingChangeSchema = z.object({
  SellerId: accountPart,
  MarketplaceId: accountPart.nullish(),
  Sku: code,
});
