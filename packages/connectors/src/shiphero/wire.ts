// What ShipHero answers and posts, as far as we read it. Unknown fields are ignored, unknown statuses kept as they are.
// Shapes: the published schema and the samples of its webhook pages, as of 2026-09. Numbers come as numbers or as texts.
import { z } from "zod";

import { isTime } from "./vendor-time.ts";

/** Without a zone, as it stands. */
const time = z.string().refine(isTime, "not a time");
const optionalTime = time.nullish().catch(null);

const numberText = z
  .string()
  .regex(/^\s*-?\d+(?:\.0+)?\s*$/)
  .transform(Number);
const units = z.union([z.number(), numberText]).pipe(z.number().int().safe());
const count = units.pipe(z.number().nonnegative());

const isCode = (text: string): boolean => text.isWellFormed() && !/\p{Cc}/u.test(text);
const id = z.string().min(1).max(150).refine(isCode, "not an id");
/** Webhooks tell numbers. */
const number = z
  .union([z.number().int().nonnegative(), z.string().min(1).max(60).refine(isCode, "not an id")])
  .transform(String);

const sku = z.string().min(1).max(200).refine(isCode, "not a code");

/** Somebody's name for a document, a line or a webhook: exactly, or not at all. */
const reference = z.string().max(200).refine(isCode, "not a code").nullish().catch(null);

/** Words for people. */
const text = z
  .string()
  .transform((words) => words.toWellFormed().replaceAll(/\p{Cc}/gu, " "))
  .nullish()
  .catch(null);

export const tokenSchema = z.object({
  access_token: z.string().min(1),
  /** Not rotated: most answers leave it out. */
  refresh_token: z.string().min(1).nullish(),
  /** Seconds. */
  expires_in: z.number().positive(),
});

const failureSchema = z.object({
  message: text,
  code: z.union([z.number(), z.string()]).nullish().catch(null),
  required_credits: z.number().nullish().catch(null),
  /** "67 seconds". */
  time_remaining: text,
});
export type WireFailure = z.infer<typeof failureSchema>;
export const envelopeSchema = z.object({
  data: z.unknown().optional(),
  errors: z.array(failureSchema).nullish(),
});

/** What stands in answers that are none of GraphQL's. */
export const doorSchema = z.object({
  message: text,
  error: text,
  error_description: text,
  errors: z
    .array(z.object({ message: text }))
    .nullish()
    .catch(null),
});

const connectionOf = <Node extends z.ZodType>(node: Node) =>
  z.object({
    pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullish() }),
    edges: z.array(z.object({ node })),
  });

export const accountSchema = z.object({
  account: z.object({
    data: z.object({
      id,
      warehouses: z.array(z.object({ id, identifier: text })),
    }),
  }),
});

export const levelSchema = z.object({
  sku,
  warehouse_id: id,
  on_hand: units,
  allocated: units.nullish(),
  non_sellable_quantity: count.nullish(),
});
export type WireLevel = z.infer<typeof levelSchema>;

const levelsPageSchema = z.object({ data: connectionOf(levelSchema) });
export const levelsSchema = z.object({ warehouse_products: levelsPageSchema });
/** By alias; null where the SKU was not found. */
export const aliasedLevelsSchema = z.record(z.string(), levelsPageSchema.nullable());

const jobSchema = z.object({
  snapshot: z.object({ snapshot_id: id, status: text, error: text, snapshot_url: text }),
});
export const startedJobSchema = z.object({ inventory_generate_snapshot: jobSchema });
export const jobStateSchema = z.object({ inventory_snapshot: jobSchema });
export type WireJob = z.infer<typeof jobSchema>["snapshot"];

const snapshotProductSchema = z.object({
  sku,
  warehouse_products: z.record(
    z.string(),
    z.object({
      warehouse_id: id,
      on_hand: units,
      allocated: units.nullish(),
      non_sellable: count.nullish(),
    }),
  ),
});
export type WireSnapshotProduct = z.infer<typeof snapshotProductSchema>;
/** SKUs under accounts; SKUs alone before 2025-04. */
export const snapshotFileSchema = z.object({
  products: z.record(
    z.string(),
    z.union([snapshotProductSchema, z.record(z.string(), snapshotProductSchema)]),
  ),
});

const changeSchema = z.object({
  warehouse_id: id,
  sku,
  previous_on_hand: units.nullish(),
  change_in_on_hand: units,
  reason: text,
  cycle_counted: z.boolean().nullish().catch(null),
  created_at: time,
  location: z.object({ name: text, sellable: z.boolean().nullish() }).nullish(),
});
export type WireChange = z.infer<typeof changeSchema>;
export const changesSchema = z.object({
  inventory_changes: z.object({ data: connectionOf(changeSchema) }),
});

const orderLineSchema = z.object({
  id,
  sku,
  partner_line_item_id: reference,
  quantity: count,
  quantity_shipped: count.nullish(),
  warehouse_id: reference,
  locked_to_warehouse_id: reference,
});

export const orderSchema = z.object({
  id,
  order_number: reference,
  partner_order_id: reference,
  fulfillment_status: text,
  order_date: optionalTime,
  updated_at: optionalTime,
  holds: z.record(z.string(), z.unknown()).nullish().catch(null),
  line_items: connectionOf(orderLineSchema),
  shipments: z
    .array(
      z.object({
        id,
        warehouse_id: id,
        created_date: optionalTime,
        line_items: connectionOf(z.object({ line_item_id: id, quantity: count })),
        shipping_labels: z
          .array(z.object({ tracking_number: reference }))
          .nullish()
          .catch(null),
      }),
    )
    .nullish(),
});
export type WireOrder = z.infer<typeof orderSchema>;
export const ordersSchema = z.object({ orders: z.object({ data: connectionOf(orderSchema) }) });
export const oneOrderSchema = z.object({ order: z.object({ data: orderSchema }) });
export const madeOrderSchema = z.object({ order_create: z.object({ order: z.object({ id }) }) });
export const cancelledOrderSchema = z.object({
  order_cancel: z.object({ order: z.object({ id, fulfillment_status: text }) }),
});

export const purchaseOrderSchema = z.object({
  id,
  warehouse_id: id,
  po_number: reference,
  fulfillment_status: text,
  po_date: optionalTime,
  created_at: time,
  date_closed: optionalTime,
  line_items: connectionOf(
    z.object({
      sku,
      quantity: count,
      quantity_received: count.nullish(),
      quantity_rejected: count.nullish(),
      updated_at: optionalTime,
    }),
  ),
});
export type WirePurchaseOrder = z.infer<typeof purchaseOrderSchema>;
export const purchaseOrdersSchema = z.object({
  purchase_orders: z.object({ data: connectionOf(purchaseOrderSchema) }),
});
export const onePurchaseOrderSchema = z.object({
  purchase_order: z.object({ data: purchaseOrderSchema }),
});
export const madePurchaseOrderSchema = z.object({
  purchase_order_create: z.object({ purchase_order: z.object({ id }) }),
});
export const cancelledPurchaseOrderSchema = z.object({
  purchase_order_cancel: z.object({ purchase_order: z.object({ id, fulfillment_status: text }) }),
});

export const returnSchema = z.object({
  id,
  status: text,
  created_at: time,
  partner_id: text,
  order: z.object({ order_number: reference, partner_order_id: reference }).nullish(),
  line_items: z.array(
    z.object({
      quantity: count,
      quantity_received: count.nullish(),
      restock: count.nullish(),
      warehouse_id: id,
      updated_at: optionalTime,
      product: z.object({ sku }),
    }),
  ),
});
export type WireReturn = z.infer<typeof returnSchema>;
export const returnsSchema = z.object({ returns: z.object({ data: connectionOf(returnSchema) }) });

const webhookSchema = z.object({
  id,
  name: z.string(),
  url: z.string(),
  shop_name: reference,
  enabled: z.boolean().nullish(),
});
export type WireWebhook = z.infer<typeof webhookSchema>;
export const webhooksSchema = z.object({ webhooks: z.object({ data: connectionOf(webhookSchema) }) });
export const madeWebhookSchema = z.object({
  webhook_create: z.object({ webhook: z.object({ id, shared_signature_secret: z.string().min(1) }) }),
});

/** What every webhook has; `test` is "1" when somebody presses the button. */
export const newsSchema = z.object({ webhook_type: z.string().min(1), test: z.unknown().optional() });

export const changeNewsSchema = z.object({
  warehouse_id: number,
  sku,
  quantity: units,
  old_quantity: units.nullish(),
  location_name: text,
  previous_on_hand: units.nullish(),
  timestamp: time,
  reason: text,
  source: text,
});
export type WireChangeNews = z.infer<typeof changeNewsSchema>;

export const updateNewsSchema = z.object({ inventory: z.array(z.object({ sku })) });

export const returnNewsSchema = z.object({
  return_id: number,
  return_uuid: reference,
  status: text,
  order_number: reference,
  partner_order_id: reference,
  items: z.array(
    z.object({
      sku,
      quantity: count,
      quantity_received: count.nullish(),
      restock: count.nullish(),
      warehouse_id: number,
    }),
  ),
});
export type WireReturnNews = z.infer<typeof returnNewsSchema>;

/** Which order news are about, where it is told. */
export const orderNewsSchema = z.object({ order_id: number.nullish(), order_uuid: reference });
export const shipmentNewsSchema = z.object({ fulfillment: orderNewsSchema });
