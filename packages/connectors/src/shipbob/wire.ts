// What ShipBob answers and posts, as far as we read it. Unknown fields are ignored, unknown statuses kept as they are.
// Shapes: the OpenAPI description of 2026-01. What webhooks carry is not published: they are read as the resource they are about.
import { z } from "zod";

/** The log's documented example has no zone: taken for UTC (assumed), never for this machine's. */
const instant = z
  .string()
  .transform((text) => Date.parse(/T[^Z+-]*$/.test(text) ? `${text}Z` : text))
  .refine((at) => !Number.isNaN(at), "not a time");

/** Times that are often absent; an odd one is none. */
const optionalInstant = instant.nullish().catch(null);

const units = z.number().int().safe();
const count = units.nonnegative();

function isCode(text: string): boolean {
  return text.isWellFormed() && !/\p{Cc}/u.test(text);
}

/** Numbers in the description; in webhooks nobody knows. */
const id = z
  .union([z.number().int().nonnegative(), z.string().min(1).max(60).refine(isCode, "not an id")])
  .transform(String);

/** A code of the seller's, as our ledger takes it: no control characters, at most 200. One that cannot be a SKU is none. */
const sku = z.string().min(1).max(200).refine(isCode, "not a code").nullish().catch(null);

/** Somebody's name for a document: exactly, or not at all. */
const reference = z.string().max(200).refine(isCode, "not a code").nullish().catch(null);

/** Words for people. */
const text = z
  .string()
  .transform((words) => words.toWellFormed().replaceAll(/\p{Cc}/gu, " "))
  .nullish()
  .catch(null);

const pageOf = <Item extends z.ZodType>(item: Item) =>
  z.object({ items: z.array(item), next: z.string().nullish().catch(null) });

const channelSchema = z.object({ id, name: text, scopes: z.array(z.string()).nullish().catch(null) });
export const channelsSchema = pageOf(channelSchema);

export const locationsSchema = z.array(z.object({ id, name: text, is_active: z.boolean().nullish() }));

/** Quantities per facility. `awaiting` is expected there, `committed` promised to orders. */
const levelSchema = z.object({
  inventory_id: id,
  sku,
  locations: z
    .array(
      z.object({
        location_id: id,
        on_hand_quantity: units,
        committed_quantity: units.nullish(),
        awaiting_quantity: units.nullish(),
      }),
    )
    .nullish(),
});
export type WireLevel = z.infer<typeof levelSchema>;
export const levelsSchema = pageOf(levelSchema);

export const inventorySchema = pageOf(z.object({ inventory_id: id, sku }));

/** One side of an event. */
const sideSchema = z.object({
  quantity_change: units,
  facility_id: id.nullish(),
  inventory_status: text,
  sku,
});
export type WireSide = z.infer<typeof sideSchema>;

const eventSchema = z.object({
  inventory_audit_event_id: z.number().int().safe(),
  event_datetime: instant,
  event_category: z.string(),
  inventory_id: id,
  shipbob_order_id: id.nullish(),
  decrement: sideSchema.nullish(),
  increment: sideSchema.nullish(),
  additional_reference: z
    .array(z.object({ key: text, value: text }))
    .nullish()
    .catch(null),
});
export type WireEvent = z.infer<typeof eventSchema>;
export const historySchema = z.object({
  data: z.array(eventSchema),
  next: z.string().nullish().catch(null),
});

const shipmentSchema = z.object({
  id,
  order_id: id,
  reference_id: reference,
  status: z.string(),
  location: z.object({ id }).nullish(),
  created_date: optionalInstant,
  last_update_at: optionalInstant,
  /** Picked, packed, and the label printed. */
  actual_fulfillment_date: optionalInstant,
  products: z
    .array(
      z.object({
        sku,
        inventory_items: z.array(z.object({ id, quantity: count })).nullish(),
      }),
    )
    .nullish(),
  status_details: z
    .array(z.object({ name: text, description: text }))
    .nullish()
    .catch(null),
  tracking: z.object({ tracking_number: reference }).nullish().catch(null),
});
export type WireShipment = z.infer<typeof shipmentSchema>;

export const orderSchema = z.object({
  id,
  reference_id: reference,
  status: z.string().nullish(),
  created_date: instant,
  shipments: z.array(shipmentSchema),
});
export type WireOrder = z.infer<typeof orderSchema>;
export const ordersSchema = z.array(orderSchema);

/** What a new order answers: it may have no shipments yet. */
export const createdSchema = z.object({ id });

/** Whose a shipment is. */
export const shipmentOwnerSchema = z.object({ order_id: id, reference_id: reference });

/** A webhook about a shipment, told from one about its order by what it belongs to. */
export const shipmentNewsSchema = z.object({ order_id: id });

export const cancellationSchema = z.object({
  status: z.string().nullish(),
  canceled_shipment_results: z
    .array(z.object({ is_success: z.boolean().nullish() }))
    .nullish()
    .catch(null),
});

export const receivingOrderSchema = z.object({
  id,
  status: z.string(),
  purchase_order_number: reference,
  expected_arrival_date: optionalInstant,
  insert_date: instant,
  last_updated_date: optionalInstant,
  fulfillment_center: z.object({ id }),
  inventory_quantities: z.array(
    z.object({
      inventory_id: id,
      sku,
      expected_quantity: count,
      received_quantity: count.nullish(),
      stowed_quantity: count,
    }),
  ),
});
export type WireReceivingOrder = z.infer<typeof receivingOrderSchema>;
export const receivingOrdersSchema = z.array(receivingOrderSchema);

export const returnSchema = z.object({
  id,
  reference_id: reference,
  store_order_id: reference,
  original_shipment_id: id.nullish(),
  status: z.string(),
  insert_date: instant,
  arrived_date: optionalInstant,
  processing_date: optionalInstant,
  completed_date: optionalInstant,
  cancelled_date: optionalInstant,
  fulfillment_center: z.object({ id }),
  inventory: z.array(
    z.object({
      id,
      sku,
      quantity: count,
      action_requested: z.object({ action: text }).nullish(),
      action_taken: z.array(z.object({ action: text, quantity_processed: count })).nullish(),
    }),
  ),
});
export type WireReturn = z.infer<typeof returnSchema>;
export const returnsSchema = pageOf(returnSchema);

const webhookSchema = z.object({
  id: z.string().min(1),
  url: z.string(),
  enabled: z.boolean().nullish(),
  topics: z.array(z.string()),
  description: text,
});
export type WireWebhook = z.infer<typeof webhookSchema>;
export const webhooksSchema = pageOf(webhookSchema);
export const madeWebhookSchema = z.object({ id: z.string().min(1), secret: z.string().min(1) });

/** Several APIs, several envelopes: a problem (RFC 9457), the rate limit's own, or messages by field. */
export const errorSchema = z.object({
  message: z.string().optional().catch(undefined),
  detail: z.string().optional().catch(undefined),
  title: z.string().optional().catch(undefined),
  errors: z.unknown().optional(),
});
export const fieldErrorsSchema = z.record(z.string(), z.array(z.string()));
