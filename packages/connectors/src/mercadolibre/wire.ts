// What MercadoLibre answers, as far as we read it. Unknown fields are ignored, unknown statuses and tags kept as they are.
// Shapes: real answers of 2026 (mercadolibre.md of the references, keys CAP), checked 2026-11.
import { z } from "zod";

/** ISO 8601 with an offset, as milliseconds since 1970. */
const instant = z
  .string()
  .refine((text) => !Number.isNaN(Date.parse(text)), "not a time")
  .transform((text) => Date.parse(text));

/** Order, shipment and variation ids are numbers on the wire, and safe integers in JSON. */
const numericId = z.union([z.number().int().nonnegative(), z.string().regex(/^\d{1,20}$/)]).transform(String);

export const tokenSchema = z.object({
  access_token: z.string().min(1),
  refresh_token: z.string().min(1),
  /** Seconds. */
  expires_in: z.number().positive(),
  user_id: numericId.nullish(),
});
export type WireToken = z.infer<typeof tokenSchema>;

/** With the owner's token; everybody else sees fewer tags. */
export const userSchema = z.object({
  id: numericId,
  site_id: z.string().nullish(),
  tags: z.array(z.string()).nullish(),
});

/** `id` in place of `_id`, `user_id` as a string and `recieved` (sic) were all seen. */
export const notificationSchema = z.object({
  topic: z.string().max(100),
  resource: z.string().max(1_000),
  user_id: numericId,
  sent: z.string().optional(),
  received: z.string().optional(),
  recieved: z.string().optional(),
});

const depotSchema = z.object({ store_id: numericId.nullish() });

const orderItemSchema = z.object({
  item: z.object({
    id: z.string(),
    variation_id: numericId.nullish(),
    user_product_id: z.string().nullish(),
  }),
  quantity: z.number().int().positive(),
  /** Where it leaves from: an object in real answers, a list in the documentation (CAP). No order is lost for its sake. */
  stock: z
    .union([depotSchema, z.array(depotSchema)])
    .nullish()
    .catch(null),
});

export const orderSchema = z.object({
  id: numericId,
  status: z.string(),
  cancel_detail: z
    .object({ code: z.string().nullish(), requested_by: z.string().nullish(), date: instant.nullish() })
    .nullish(),
  date_created: instant,
  date_closed: instant.nullish(),
  last_updated: instant,
  order_items: z.array(orderItemSchema).min(1),
  buyer: z.object({ id: numericId }).nullish(),
  shipping: z.object({ id: numericId.nullish() }).nullish(),
  tags: z.array(z.string()).nullish(),
});
export type WireOrder = z.infer<typeof orderSchema>;

/** With `x-format-new: true`. The old shape, which some accounts still get, has `logistic_type` at its root. */
export const shipmentSchema = z.object({
  status: z.string(),
  substatus: z.string().nullish(),
  last_updated: instant.nullish(),
  logistic: z.object({ type: z.string().nullish() }).nullish(),
  logistic_type: z.string().nullish(),
  status_history: z.record(z.string(), z.unknown()).nullish(),
  /** Of a parcel that a split made: `sibling_id` is the one that was split (DOC:envios). */
  sibling: z.object({ sibling_id: numericId.nullish() }).nullish(),
});
export type WireShipment = z.infer<typeof shipmentSchema>;

/** `related_entities` holds "return" when goods come back, whatever the claim's type (DOC:que-es-un-reclamo). */
export const claimSchema = z.object({
  id: numericId,
  resource: z.string(),
  resource_id: numericId,
  related_entities: z.array(z.string()).nullish(),
});

/** `GET /post-purchase/v2/claims/{id}/returns`: quantities are strings, `"1.0"` (DOC:gestionar-devoluciones). */
export const claimReturnSchema = z.object({
  id: numericId,
  status: z.string(),
  subtype: z.string().nullish(),
  last_updated: instant.nullish(),
  orders: z.array(
    z.object({
      order_id: numericId,
      item_id: z.string(),
      variation_id: numericId.nullish(),
      return_quantity: z.coerce.number().nonnegative(),
    }),
  ),
  related_entities: z.array(z.string()).nullish(),
});
export type WireReturn = z.infer<typeof claimReturnSchema>;

/** What somebody found when they looked at what came back. */
export const returnReviewsSchema = z.object({
  reviews: z.array(
    z.object({
      resource_reviews: z.array(
        z.object({ product_destination: z.string().nullish(), missing_quantity: z.number().nullish() }),
      ),
    }),
  ),
});
export type WireReviews = z.infer<typeof returnReviewsSchema>;

/** Which order each thing in a parcel belongs to. */
export const shipmentItemsSchema = z.array(z.object({ order_id: numericId }));

/** What the search and the order itself both tell of a state. */
const orderStateShape = {
  status: z.string(),
  last_updated: instant,
  tags: z.array(z.string()).nullish(),
  shipping: z.object({ id: numericId.nullish() }).nullish(),
};
export type WireOrderState = z.infer<z.ZodObject<typeof orderStateShape>>;

/** A row of the search: its `last_updated` is the one that the order itself tells, `date_last_updated` is another. */
export const orderSearchSchema = z.object({
  results: z.array(
    z.object({
      id: numericId,
      ...orderStateShape,
      buyer: z.object({ id: numericId }).nullish(),
      order_items: z.array(orderItemSchema).nullish(),
    }),
  ),
  paging: z.object({ total: z.number().int().nonnegative() }),
});
export type WireOrderSearch = z.infer<typeof orderSearchSchema>;

const quantity = z.number().int().nonnegative();

const variationSchema = z.object({
  id: numericId,
  available_quantity: quantity,
  user_product_id: z.string().nullish(),
});

export const itemSchema = z.object({
  id: z.string(),
  seller_id: numericId,
  status: z.string(),
  sub_status: z.array(z.string()).nullish(),
  available_quantity: quantity,
  variations: z.array(variationSchema).nullish(),
  user_product_id: z.string().nullish(),
  tags: z.array(z.string()).nullish(),
  shipping: z.object({ logistic_type: z.string().nullish(), tags: z.array(z.string()).nullish() }).nullish(),
});
export type WireItem = z.infer<typeof itemSchema>;

/** Rows of items that do not exist have neither `id` nor `body`: a row's place says which one it is. */
export const itemsBulkSchema = z.array(
  z.object({ status_code: z.number().int(), body: z.unknown().optional() }),
);

/** The fields of an item that we read, as the bulk call wants them named: without `body.` a field is silently lost. */
export const ITEM_FIELDS = [
  "status_code",
  ...Object.keys(itemSchema.shape).map((field) => `body.${field}`),
].join(",");

/** A seller's own items, by what they share. */
export const itemSearchSchema = z.object({
  results: z.array(z.string()),
  paging: z.object({ total: z.number().int().nonnegative() }),
});

/** The stock that the items of a user product share, by where it lies. */
export const userProductStockSchema = z.object({
  id: z.string(),
  user_id: numericId.nullish(),
  locations: z.array(
    z.object({
      type: z.string(),
      quantity,
      store_id: numericId.nullish(),
      network_node_id: z.union([z.string(), z.number()]).transform(String).nullish(),
    }),
  ),
});
export type WireUserProductStock = z.infer<typeof userProductStockSchema>;

/** What a write of an item or a variation answers: the item, or all variations of it. Only the number is read. */
export const itemWrittenSchema = z.union([
  z.array(variationSchema),
  z.object({ available_quantity: quantity }),
]);

/** What a write of a user product answers: its stock, or 204 and nothing. */
export const sharedWrittenSchema = z.union([
  z.object({ available_quantity: quantity }),
  userProductStockSchema,
  z.null(),
]);
export type WireWritten = z.infer<typeof itemWrittenSchema> | z.infer<typeof sharedWrittenSchema>;

/** A list without rows is null; rows are bodies of notifications with more around them. */
export const missedFeedsSchema = z.object({
  messages: z.array(z.looseObject({ _id: z.unknown().optional(), user_id: numericId.nullish() })).nullable(),
});

/** Error bodies differ by service, and some are no JSON at all. */
export const errorSchema = z.object({
  message: z.string().optional(),
  error: z.string().optional(),
  error_description: z.string().optional(),
  code: z.union([z.string(), z.number()]).optional(),
  cause: z
    .array(z.object({ code: z.union([z.string(), z.number()]).optional(), message: z.string().optional() }))
    .nullish(),
});
